/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $Array = $util.global.Array, $TypeError = $util.global.TypeError, $String = $util.global.String, $parseInt = $util.global.parseInt, $Boolean = $util.global.Boolean, $Number = $util.global.Number, $BigInt = $util.global.BigInt, $isFinite = $util.global.isFinite;

const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const bench = $root.bench = (() => {

    const bench = {};

    bench.grouped = (function() {

        const grouped = {};

        grouped.Grouped = (function() {

            const Grouped = function (properties) {
                this.entry = [];
                this.labels = [];
                this.owners = [];
                this.marks = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Grouped.prototype.name = "";
            Grouped.prototype.created = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Grouped.prototype.changed = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Grouped.prototype.seen = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Grouped.prototype.open = false;
            Grouped.prototype.title = "";
            Grouped.prototype.digest = $util.newBuffer([]);
            Grouped.prototype.kind = 0;
            Grouped.prototype.level = 0;
            Grouped.prototype.score = 0;
            Grouped.prototype.region = 0;
            Grouped.prototype.zone = 0;
            Grouped.prototype.ratio = 0;
            Grouped.prototype.entry = $util.emptyArray;
            Grouped.prototype.labels = $util.emptyArray;
            Grouped.prototype.owners = $util.emptyArray;
            Grouped.prototype.marks = $util.emptyArray;

            Grouped.create = function(properties) {
                return new Grouped(properties);
            };

            Grouped.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(10).string(message.name);
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest"))
                    writer.uint32(18).bytes(message.digest);
                if (message.created != null && $Object.hasOwnProperty.call(message, "created"))
                    writer.uint32(24).int64(message.created);
                if (message.changed != null && $Object.hasOwnProperty.call(message, "changed"))
                    writer.uint32(32).int64(message.changed);
                if (message.title != null && $Object.hasOwnProperty.call(message, "title"))
                    writer.uint32(50).string(message.title);
                if (message.entry != null && message.entry.length)
                    for (let i = 0; i < message.entry.length; ++i)
                        $root.bench.grouped.Grouped.Entry.encode(message.entry[i], writer.uint32(83), _depth + 1).uint32(84);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    writer.uint32(168).int32(message.kind);
                if (message.score != null && $Object.hasOwnProperty.call(message, "score"))
                    writer.uint32(205).float(message.score);
                if (message.seen != null && $Object.hasOwnProperty.call(message, "seen"))
                    writer.uint32(240).int64(message.seen);
                if (message.level != null && $Object.hasOwnProperty.call(message, "level"))
                    writer.uint32(568).int32(message.level);
                if (message.open != null && $Object.hasOwnProperty.call(message, "open"))
                    writer.uint32(600).bool(message.open);
                if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                    writer.uint32(872).int32(message.region);
                if (message.owners != null && message.owners.length)
                    for (let i = 0; i < message.owners.length; ++i)
                        writer.uint32(1018).string(message.owners[i]);
                if (message.labels != null && message.labels.length)
                    for (let i = 0; i < message.labels.length; ++i)
                        writer.uint32(1026).string(message.labels[i]);
                if (message.marks != null && message.marks.length)
                    for (let i = 0; i < message.marks.length; ++i)
                        writer.uint32(1040).int64(message.marks[i]);
                if (message.zone != null && $Object.hasOwnProperty.call(message, "zone"))
                    writer.uint32(1680).int32(message.zone);
                if (message.ratio != null && $Object.hasOwnProperty.call(message, "ratio"))
                    writer.uint32(1781).float(message.ratio);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Grouped.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            Grouped.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bench.grouped.Grouped();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.created = reader.int64();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.changed = reader.int64();
                            continue;
                        }
                    case 30: {
                            if (wireType !== 0)
                                break;
                            message.seen = reader.int64();
                            continue;
                        }
                    case 75: {
                            if (wireType !== 0)
                                break;
                            message.open = reader.bool();
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.title = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.digest = reader.bytes();
                            continue;
                        }
                    case 21: {
                            if (wireType !== 0)
                                break;
                            message.kind = reader.int32();
                            continue;
                        }
                    case 71: {
                            if (wireType !== 0)
                                break;
                            message.level = reader.int32();
                            continue;
                        }
                    case 25: {
                            if (wireType !== 5)
                                break;
                            message.score = reader.float();
                            continue;
                        }
                    case 109: {
                            if (wireType !== 0)
                                break;
                            message.region = reader.int32();
                            continue;
                        }
                    case 210: {
                            if (wireType !== 0)
                                break;
                            message.zone = reader.int32();
                            continue;
                        }
                    case 222: {
                            if (wireType !== 5)
                                break;
                            message.ratio = reader.float();
                            continue;
                        }
                    case 10: {
                            if (wireType !== 3)
                                break;
                            if (!(message.entry && message.entry.length))
                                message.entry = [];
                            message.entry.push($root.bench.grouped.Grouped.Entry.decode(reader, $undefined, 84, _depth + 1));
                            continue;
                        }
                    case 128: {
                            if (wireType !== 2)
                                break;
                            if (!(message.labels && message.labels.length))
                                message.labels = [];
                            message.labels.push(reader.string());
                            continue;
                        }
                    case 127: {
                            if (wireType !== 2)
                                break;
                            if (!(message.owners && message.owners.length))
                                message.owners = [];
                            message.owners.push(reader.string());
                            continue;
                        }
                    case 130: {
                            if (wireType === 2) {
                                if (!(message.marks && message.marks.length))
                                    message.marks = [];
                                reader.int64s(message.marks);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.marks && message.marks.length))
                                message.marks = [];
                            message.marks.push(reader.int64());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Grouped.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            Grouped.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    if (!$util.isString(message.name))
                        return "name: string expected";
                if (message.created != null && $Object.hasOwnProperty.call(message, "created"))
                    if (!$util.isInteger(message.created) && !(message.created && $util.isInteger(message.created.low) && $util.isInteger(message.created.high)))
                        return "created: integer|Long expected";
                if (message.changed != null && $Object.hasOwnProperty.call(message, "changed"))
                    if (!$util.isInteger(message.changed) && !(message.changed && $util.isInteger(message.changed.low) && $util.isInteger(message.changed.high)))
                        return "changed: integer|Long expected";
                if (message.seen != null && $Object.hasOwnProperty.call(message, "seen"))
                    if (!$util.isInteger(message.seen) && !(message.seen && $util.isInteger(message.seen.low) && $util.isInteger(message.seen.high)))
                        return "seen: integer|Long expected";
                if (message.open != null && $Object.hasOwnProperty.call(message, "open"))
                    if (typeof message.open !== "boolean")
                        return "open: boolean expected";
                if (message.title != null && $Object.hasOwnProperty.call(message, "title"))
                    if (!$util.isString(message.title))
                        return "title: string expected";
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest"))
                    if (!(message.digest && typeof message.digest.length === "number" || $util.isString(message.digest)))
                        return "digest: buffer expected";
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    if (!$util.isInteger(message.kind))
                        return "kind: integer expected";
                if (message.level != null && $Object.hasOwnProperty.call(message, "level"))
                    if (!$util.isInteger(message.level))
                        return "level: integer expected";
                if (message.score != null && $Object.hasOwnProperty.call(message, "score"))
                    if (typeof message.score !== "number")
                        return "score: number expected";
                if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                    if (!$util.isInteger(message.region))
                        return "region: integer expected";
                if (message.zone != null && $Object.hasOwnProperty.call(message, "zone"))
                    if (!$util.isInteger(message.zone))
                        return "zone: integer expected";
                if (message.ratio != null && $Object.hasOwnProperty.call(message, "ratio"))
                    if (typeof message.ratio !== "number")
                        return "ratio: number expected";
                if (message.entry != null && $Object.hasOwnProperty.call(message, "entry")) {
                    if (!$Array.isArray(message.entry))
                        return "entry: array expected";
                    for (let i = 0; i < message.entry.length; ++i) {
                        let error = $root.bench.grouped.Grouped.Entry.verify(message.entry[i], _depth + 1);
                        if (error)
                            return "entry." + error;
                    }
                }
                if (message.labels != null && $Object.hasOwnProperty.call(message, "labels")) {
                    if (!$Array.isArray(message.labels))
                        return "labels: array expected";
                    for (let i = 0; i < message.labels.length; ++i)
                        if (!$util.isString(message.labels[i]))
                            return "labels: string[] expected";
                }
                if (message.owners != null && $Object.hasOwnProperty.call(message, "owners")) {
                    if (!$Array.isArray(message.owners))
                        return "owners: array expected";
                    for (let i = 0; i < message.owners.length; ++i)
                        if (!$util.isString(message.owners[i]))
                            return "owners: string[] expected";
                }
                if (message.marks != null && $Object.hasOwnProperty.call(message, "marks")) {
                    if (!$Array.isArray(message.marks))
                        return "marks: array expected";
                    for (let i = 0; i < message.marks.length; ++i)
                        if (!$util.isInteger(message.marks[i]) && !(message.marks[i] && $util.isInteger(message.marks[i].low) && $util.isInteger(message.marks[i].high)))
                            return "marks: integer|Long[] expected";
                }
                return null;
            };

            Grouped.fromObject = function (object, _depth) {
                if (object instanceof $root.bench.grouped.Grouped)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".bench.grouped.Grouped: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.bench.grouped.Grouped();
                if (object.name != null)
                    message.name = $String(object.name);
                if (object.created != null)
                    if ($util.Long)
                        message.created = $util.Long.fromValue(object.created, false);
                    else if (typeof object.created === "string")
                        message.created = $parseInt(object.created, 10);
                    else if (typeof object.created === "number")
                        message.created = object.created;
                    else if (typeof object.created === "object")
                        message.created = new $util.LongBits(object.created.low >>> 0, object.created.high >>> 0).toNumber();
                if (object.changed != null)
                    if ($util.Long)
                        message.changed = $util.Long.fromValue(object.changed, false);
                    else if (typeof object.changed === "string")
                        message.changed = $parseInt(object.changed, 10);
                    else if (typeof object.changed === "number")
                        message.changed = object.changed;
                    else if (typeof object.changed === "object")
                        message.changed = new $util.LongBits(object.changed.low >>> 0, object.changed.high >>> 0).toNumber();
                if (object.seen != null)
                    if ($util.Long)
                        message.seen = $util.Long.fromValue(object.seen, false);
                    else if (typeof object.seen === "string")
                        message.seen = $parseInt(object.seen, 10);
                    else if (typeof object.seen === "number")
                        message.seen = object.seen;
                    else if (typeof object.seen === "object")
                        message.seen = new $util.LongBits(object.seen.low >>> 0, object.seen.high >>> 0).toNumber();
                if (object.open != null)
                    message.open = $Boolean(object.open);
                if (object.title != null)
                    message.title = $String(object.title);
                if (object.digest != null)
                    if (typeof object.digest === "string")
                        $util.base64.decode(object.digest, message.digest = $util.newBuffer($util.base64.length(object.digest)), 0);
                    else if (object.digest.length >= 0)
                        message.digest = object.digest;
                if (object.kind != null)
                    message.kind = object.kind | 0;
                if (object.level != null)
                    message.level = object.level | 0;
                if (object.score != null)
                    message.score = $Number(object.score);
                if (object.region != null)
                    message.region = object.region | 0;
                if (object.zone != null)
                    message.zone = object.zone | 0;
                if (object.ratio != null)
                    message.ratio = $Number(object.ratio);
                if (object.entry) {
                    if (!$Array.isArray(object.entry))
                        throw $TypeError(".bench.grouped.Grouped.entry: array expected");
                    message.entry = $Array(object.entry.length);
                    for (let i = 0; i < object.entry.length; ++i) {
                        if (!$util.isObject(object.entry[i]))
                            throw $TypeError(".bench.grouped.Grouped.entry: object expected");
                        message.entry[i] = $root.bench.grouped.Grouped.Entry.fromObject(object.entry[i], _depth + 1);
                    }
                }
                if (object.labels) {
                    if (!$Array.isArray(object.labels))
                        throw $TypeError(".bench.grouped.Grouped.labels: array expected");
                    message.labels = $Array(object.labels.length);
                    for (let i = 0; i < object.labels.length; ++i)
                        message.labels[i] = $String(object.labels[i]);
                }
                if (object.owners) {
                    if (!$Array.isArray(object.owners))
                        throw $TypeError(".bench.grouped.Grouped.owners: array expected");
                    message.owners = $Array(object.owners.length);
                    for (let i = 0; i < object.owners.length; ++i)
                        message.owners[i] = $String(object.owners[i]);
                }
                if (object.marks) {
                    if (!$Array.isArray(object.marks))
                        throw $TypeError(".bench.grouped.Grouped.marks: array expected");
                    message.marks = $Array(object.marks.length);
                    for (let i = 0; i < object.marks.length; ++i)
                        if ($util.Long)
                            message.marks[i] = $util.Long.fromValue(object.marks[i], false);
                        else if (typeof object.marks[i] === "string")
                            message.marks[i] = $parseInt(object.marks[i], 10);
                        else if (typeof object.marks[i] === "number")
                            message.marks[i] = object.marks[i];
                        else if (typeof object.marks[i] === "object")
                            message.marks[i] = new $util.LongBits(object.marks[i].low >>> 0, object.marks[i].high >>> 0).toNumber();
                }
                return message;
            };

            Grouped.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.entry = [];
                    object.owners = [];
                    object.labels = [];
                    object.marks = [];
                }
                if (options.defaults) {
                    object.name = "";
                    if (options.bytes === $String)
                        object.digest = "";
                    else {
                        object.digest = [];
                        if (options.bytes !== $Array)
                            object.digest = $util.newBuffer(object.digest);
                    }
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.created = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.created = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.changed = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.changed = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.title = "";
                    object.kind = 0;
                    object.score = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.seen = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seen = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.level = 0;
                    object.open = false;
                    object.region = 0;
                    object.zone = 0;
                    object.ratio = 0;
                }
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    object.name = message.name;
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest"))
                    object.digest = options.bytes === $String ? $util.base64.encode(message.digest, 0, message.digest.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.digest) : message.digest;
                if (message.created != null && $Object.hasOwnProperty.call(message, "created"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.created = typeof message.created === "number" ? $BigInt(message.created) : $util.Long.fromBits(message.created.low >>> 0, message.created.high >>> 0, false).toBigInt();
                    else if (typeof message.created === "number")
                        object.created = options.longs === $String ? $String(message.created) : message.created;
                    else
                        object.created = options.longs === $String ? $util.Long.prototype.toString.call(message.created) : options.longs === $Number ? new $util.LongBits(message.created.low >>> 0, message.created.high >>> 0).toNumber() : message.created;
                if (message.changed != null && $Object.hasOwnProperty.call(message, "changed"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.changed = typeof message.changed === "number" ? $BigInt(message.changed) : $util.Long.fromBits(message.changed.low >>> 0, message.changed.high >>> 0, false).toBigInt();
                    else if (typeof message.changed === "number")
                        object.changed = options.longs === $String ? $String(message.changed) : message.changed;
                    else
                        object.changed = options.longs === $String ? $util.Long.prototype.toString.call(message.changed) : options.longs === $Number ? new $util.LongBits(message.changed.low >>> 0, message.changed.high >>> 0).toNumber() : message.changed;
                if (message.title != null && $Object.hasOwnProperty.call(message, "title"))
                    object.title = message.title;
                if (message.entry && message.entry.length) {
                    object.entry = $Array(message.entry.length);
                    for (let j = 0; j < message.entry.length; ++j)
                        object.entry[j] = $root.bench.grouped.Grouped.Entry.toObject(message.entry[j], options, _depth + 1);
                }
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = message.kind;
                if (message.score != null && $Object.hasOwnProperty.call(message, "score"))
                    object.score = options.json && !$isFinite(message.score) ? $String(message.score) : message.score;
                if (message.seen != null && $Object.hasOwnProperty.call(message, "seen"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seen = typeof message.seen === "number" ? $BigInt(message.seen) : $util.Long.fromBits(message.seen.low >>> 0, message.seen.high >>> 0, false).toBigInt();
                    else if (typeof message.seen === "number")
                        object.seen = options.longs === $String ? $String(message.seen) : message.seen;
                    else
                        object.seen = options.longs === $String ? $util.Long.prototype.toString.call(message.seen) : options.longs === $Number ? new $util.LongBits(message.seen.low >>> 0, message.seen.high >>> 0).toNumber() : message.seen;
                if (message.level != null && $Object.hasOwnProperty.call(message, "level"))
                    object.level = message.level;
                if (message.open != null && $Object.hasOwnProperty.call(message, "open"))
                    object.open = message.open;
                if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                    object.region = message.region;
                if (message.owners && message.owners.length) {
                    object.owners = $Array(message.owners.length);
                    for (let j = 0; j < message.owners.length; ++j)
                        object.owners[j] = message.owners[j];
                }
                if (message.labels && message.labels.length) {
                    object.labels = $Array(message.labels.length);
                    for (let j = 0; j < message.labels.length; ++j)
                        object.labels[j] = message.labels[j];
                }
                if (message.marks && message.marks.length) {
                    object.marks = $Array(message.marks.length);
                    for (let j = 0; j < message.marks.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.marks[j] = typeof message.marks[j] === "number" ? $BigInt(message.marks[j]) : $util.Long.fromBits(message.marks[j].low >>> 0, message.marks[j].high >>> 0, false).toBigInt();
                        else if (typeof message.marks[j] === "number")
                            object.marks[j] = options.longs === $String ? $String(message.marks[j]) : message.marks[j];
                        else
                            object.marks[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.marks[j]) : options.longs === $Number ? new $util.LongBits(message.marks[j].low >>> 0, message.marks[j].high >>> 0).toNumber() : message.marks[j];
                }
                if (message.zone != null && $Object.hasOwnProperty.call(message, "zone"))
                    object.zone = message.zone;
                if (message.ratio != null && $Object.hasOwnProperty.call(message, "ratio"))
                    object.ratio = options.json && !$isFinite(message.ratio) ? $String(message.ratio) : message.ratio;
                return object;
            };

            Grouped.prototype.toJSON = function() {
                return Grouped.toObject(this, $protobuf.util.toJSONOptions);
            };

            Grouped.Entry = (function() {

                const Entry = function (properties) {
                    this.words = [];
                    this.links = [];
                    this.offsets = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Entry.prototype.weight = 0;
                Entry.prototype.bias = 0;
                Entry.prototype.key = "";
                Entry.prototype.value = "";
                Entry.prototype.words = $util.emptyArray;
                Entry.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                Entry.prototype.rank = 0;
                Entry.prototype.note = "";
                Entry.prototype.hits = 0;
                Entry.prototype.path = "";
                Entry.prototype.source = "";
                Entry.prototype.links = $util.emptyArray;
                Entry.prototype.offsets = $util.emptyArray;
                Entry.prototype.flags = 0;
                Entry.prototype.last = "";
                Entry.prototype.detail = null;

                Entry.create = function(properties) {
                    return new Entry(properties);
                };

                Entry.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.rank != null && $Object.hasOwnProperty.call(message, "rank"))
                        writer.uint32(40).int32(message.rank);
                    writer.uint32(93).float(message.weight);
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                        writer.uint32(98).string(message.key);
                    if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                        writer.uint32(106).string(message.value);
                    if (message.words != null && message.words.length)
                        for (let i = 0; i < message.words.length; ++i)
                            writer.uint32(114).string(message.words[i]);
                    writer.uint32(120).uint64(message.id);
                    if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                        writer.uint32(130).string(message.source);
                    if (message.flags != null && $Object.hasOwnProperty.call(message, "flags"))
                        writer.uint32(160).int32(message.flags);
                    if (message.links != null && message.links.length)
                        for (let i = 0; i < message.links.length; ++i)
                            writer.uint32(178).string(message.links[i]);
                    if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                        writer.uint32(194).string(message.last);
                    if (message.bias != null && $Object.hasOwnProperty.call(message, "bias"))
                        writer.uint32(213).float(message.bias);
                    if (message.note != null && $Object.hasOwnProperty.call(message, "note"))
                        writer.uint32(218).string(message.note);
                    if (message.hits != null && $Object.hasOwnProperty.call(message, "hits"))
                        writer.uint32(224).int32(message.hits);
                    if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                        writer.uint32(234).string(message.path);
                    if (message.detail != null && $Object.hasOwnProperty.call(message, "detail"))
                        $root.bench.grouped.Detail.encode(message.detail, writer.uint32(250).fork(), _depth + 1).ldelim();
                    if (message.offsets != null && message.offsets.length)
                        for (let i = 0; i < message.offsets.length; ++i)
                            writer.uint32(584).int32(message.offsets[i]);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Entry.encodeDelimited = function(message, writer) {
                    return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
                };

                Entry.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.bench.grouped.Grouped.Entry();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 11: {
                                if (wireType !== 5)
                                    break;
                                message.weight = reader.float();
                                continue;
                            }
                        case 26: {
                                if (wireType !== 5)
                                    break;
                                message.bias = reader.float();
                                continue;
                            }
                        case 12: {
                                if (wireType !== 2)
                                    break;
                                message.key = reader.string();
                                continue;
                            }
                        case 13: {
                                if (wireType !== 2)
                                    break;
                                message.value = reader.string();
                                continue;
                            }
                        case 14: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.words && message.words.length))
                                    message.words = [];
                                message.words.push(reader.string());
                                continue;
                            }
                        case 15: {
                                if (wireType !== 0)
                                    break;
                                message.id = reader.uint64();
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                message.rank = reader.int32();
                                continue;
                            }
                        case 27: {
                                if (wireType !== 2)
                                    break;
                                message.note = reader.string();
                                continue;
                            }
                        case 28: {
                                if (wireType !== 0)
                                    break;
                                message.hits = reader.int32();
                                continue;
                            }
                        case 29: {
                                if (wireType !== 2)
                                    break;
                                message.path = reader.string();
                                continue;
                            }
                        case 16: {
                                if (wireType !== 2)
                                    break;
                                message.source = reader.string();
                                continue;
                            }
                        case 22: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.links && message.links.length))
                                    message.links = [];
                                message.links.push(reader.string());
                                continue;
                            }
                        case 73: {
                                if (wireType === 2) {
                                    if (!(message.offsets && message.offsets.length))
                                        message.offsets = [];
                                    reader.int32s(message.offsets);
                                    continue;
                                }
                                if (wireType !== 0)
                                    break;
                                if (!(message.offsets && message.offsets.length))
                                    message.offsets = [];
                                message.offsets.push(reader.int32());
                                continue;
                            }
                        case 20: {
                                if (wireType !== 0)
                                    break;
                                message.flags = reader.int32();
                                continue;
                            }
                        case 24: {
                                if (wireType !== 2)
                                    break;
                                message.last = reader.string();
                                continue;
                            }
                        case 31: {
                                if (wireType !== 2)
                                    break;
                                message.detail = $root.bench.grouped.Detail.decode(reader, reader.size(), $undefined, _depth + 1, message.detail);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    if (!$Object.hasOwnProperty.call(message, "weight"))
                        throw $util.ProtocolError("missing required 'weight'", { instance: message });
                    if (!$Object.hasOwnProperty.call(message, "id"))
                        throw $util.ProtocolError("missing required 'id'", { instance: message });
                    return message;
                };

                Entry.decodeDelimited = function(reader) {
                    if (!(reader instanceof $Reader))
                        reader = new $Reader(reader);
                    return this.decode(reader, reader.size());
                };

                Entry.verify = function (message, _depth) {
                    if (typeof message !== "object" || message === null)
                        return "object expected";
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        return "max depth exceeded";
                    if (typeof message.weight !== "number")
                        return "weight: number expected";
                    if (message.bias != null && $Object.hasOwnProperty.call(message, "bias"))
                        if (typeof message.bias !== "number")
                            return "bias: number expected";
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                        if (!$util.isString(message.key))
                            return "key: string expected";
                    if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                        if (!$util.isString(message.value))
                            return "value: string expected";
                    if (message.words != null && $Object.hasOwnProperty.call(message, "words")) {
                        if (!$Array.isArray(message.words))
                            return "words: array expected";
                        for (let i = 0; i < message.words.length; ++i)
                            if (!$util.isString(message.words[i]))
                                return "words: string[] expected";
                    }
                    if (!$util.isInteger(message.id) && !(message.id && $util.isInteger(message.id.low) && $util.isInteger(message.id.high)))
                        return "id: integer|Long expected";
                    if (message.rank != null && $Object.hasOwnProperty.call(message, "rank"))
                        if (!$util.isInteger(message.rank))
                            return "rank: integer expected";
                    if (message.note != null && $Object.hasOwnProperty.call(message, "note"))
                        if (!$util.isString(message.note))
                            return "note: string expected";
                    if (message.hits != null && $Object.hasOwnProperty.call(message, "hits"))
                        if (!$util.isInteger(message.hits))
                            return "hits: integer expected";
                    if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                        if (!$util.isString(message.path))
                            return "path: string expected";
                    if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                        if (!$util.isString(message.source))
                            return "source: string expected";
                    if (message.links != null && $Object.hasOwnProperty.call(message, "links")) {
                        if (!$Array.isArray(message.links))
                            return "links: array expected";
                        for (let i = 0; i < message.links.length; ++i)
                            if (!$util.isString(message.links[i]))
                                return "links: string[] expected";
                    }
                    if (message.offsets != null && $Object.hasOwnProperty.call(message, "offsets")) {
                        if (!$Array.isArray(message.offsets))
                            return "offsets: array expected";
                        for (let i = 0; i < message.offsets.length; ++i)
                            if (!$util.isInteger(message.offsets[i]))
                                return "offsets: integer[] expected";
                    }
                    if (message.flags != null && $Object.hasOwnProperty.call(message, "flags"))
                        if (!$util.isInteger(message.flags))
                            return "flags: integer expected";
                    if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                        if (!$util.isString(message.last))
                            return "last: string expected";
                    if (message.detail != null && $Object.hasOwnProperty.call(message, "detail")) {
                        let error = $root.bench.grouped.Detail.verify(message.detail, _depth + 1);
                        if (error)
                            return "detail." + error;
                    }
                    return null;
                };

                Entry.fromObject = function (object, _depth) {
                    if (object instanceof $root.bench.grouped.Grouped.Entry)
                        return object;
                    if (!$util.isObject(object))
                        throw $TypeError(".bench.grouped.Grouped.Entry: object expected");
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let message = new $root.bench.grouped.Grouped.Entry();
                    if (object.weight != null)
                        message.weight = $Number(object.weight);
                    if (object.bias != null)
                        message.bias = $Number(object.bias);
                    if (object.key != null)
                        message.key = $String(object.key);
                    if (object.value != null)
                        message.value = $String(object.value);
                    if (object.words) {
                        if (!$Array.isArray(object.words))
                            throw $TypeError(".bench.grouped.Grouped.Entry.words: array expected");
                        message.words = $Array(object.words.length);
                        for (let i = 0; i < object.words.length; ++i)
                            message.words[i] = $String(object.words[i]);
                    }
                    if (object.id != null)
                        if ($util.Long)
                            message.id = $util.Long.fromValue(object.id, true);
                        else if (typeof object.id === "string")
                            message.id = $parseInt(object.id, 10);
                        else if (typeof object.id === "number")
                            message.id = object.id;
                        else if (typeof object.id === "object")
                            message.id = new $util.LongBits(object.id.low >>> 0, object.id.high >>> 0).toNumber(true);
                    if (object.rank != null)
                        message.rank = object.rank | 0;
                    if (object.note != null)
                        message.note = $String(object.note);
                    if (object.hits != null)
                        message.hits = object.hits | 0;
                    if (object.path != null)
                        message.path = $String(object.path);
                    if (object.source != null)
                        message.source = $String(object.source);
                    if (object.links) {
                        if (!$Array.isArray(object.links))
                            throw $TypeError(".bench.grouped.Grouped.Entry.links: array expected");
                        message.links = $Array(object.links.length);
                        for (let i = 0; i < object.links.length; ++i)
                            message.links[i] = $String(object.links[i]);
                    }
                    if (object.offsets) {
                        if (!$Array.isArray(object.offsets))
                            throw $TypeError(".bench.grouped.Grouped.Entry.offsets: array expected");
                        message.offsets = $Array(object.offsets.length);
                        for (let i = 0; i < object.offsets.length; ++i)
                            message.offsets[i] = object.offsets[i] | 0;
                    }
                    if (object.flags != null)
                        message.flags = object.flags | 0;
                    if (object.last != null)
                        message.last = $String(object.last);
                    if (object.detail != null) {
                        if (!$util.isObject(object.detail))
                            throw $TypeError(".bench.grouped.Grouped.Entry.detail: object expected");
                        message.detail = $root.bench.grouped.Detail.fromObject(object.detail, _depth + 1);
                    }
                    return message;
                };

                Entry.toObject = function (message, options, _depth) {
                    if (!options)
                        options = {};
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    let object = {};
                    if (options.arrays || options.defaults) {
                        object.words = [];
                        object.links = [];
                        object.offsets = [];
                    }
                    if (options.defaults) {
                        object.rank = 0;
                        object.weight = 0;
                        object.key = "";
                        object.value = "";
                        if ($util.Long) {
                            let long = new $util.Long(0, 0, true);
                            object.id = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                        } else
                            object.id = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                        object.source = "";
                        object.flags = 0;
                        object.last = "";
                        object.bias = 0;
                        object.note = "";
                        object.hits = 0;
                        object.path = "";
                        object.detail = null;
                    }
                    if (message.rank != null && $Object.hasOwnProperty.call(message, "rank"))
                        object.rank = message.rank;
                    if (message.weight != null && $Object.hasOwnProperty.call(message, "weight"))
                        object.weight = options.json && !$isFinite(message.weight) ? $String(message.weight) : message.weight;
                    if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                        object.key = message.key;
                    if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                        object.value = message.value;
                    if (message.words && message.words.length) {
                        object.words = $Array(message.words.length);
                        for (let j = 0; j < message.words.length; ++j)
                            object.words[j] = message.words[j];
                    }
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.id = typeof message.id === "number" ? $BigInt(message.id) : $util.Long.fromBits(message.id.low >>> 0, message.id.high >>> 0, true).toBigInt();
                        else if (typeof message.id === "number")
                            object.id = options.longs === $String ? $String(message.id) : message.id;
                        else
                            object.id = options.longs === $String ? $util.Long.prototype.toString.call(message.id) : options.longs === $Number ? new $util.LongBits(message.id.low >>> 0, message.id.high >>> 0).toNumber(true) : message.id;
                    if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                        object.source = message.source;
                    if (message.flags != null && $Object.hasOwnProperty.call(message, "flags"))
                        object.flags = message.flags;
                    if (message.links && message.links.length) {
                        object.links = $Array(message.links.length);
                        for (let j = 0; j < message.links.length; ++j)
                            object.links[j] = message.links[j];
                    }
                    if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                        object.last = message.last;
                    if (message.bias != null && $Object.hasOwnProperty.call(message, "bias"))
                        object.bias = options.json && !$isFinite(message.bias) ? $String(message.bias) : message.bias;
                    if (message.note != null && $Object.hasOwnProperty.call(message, "note"))
                        object.note = message.note;
                    if (message.hits != null && $Object.hasOwnProperty.call(message, "hits"))
                        object.hits = message.hits;
                    if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                        object.path = message.path;
                    if (message.detail != null && $Object.hasOwnProperty.call(message, "detail"))
                        object.detail = $root.bench.grouped.Detail.toObject(message.detail, options, _depth + 1);
                    if (message.offsets && message.offsets.length) {
                        object.offsets = $Array(message.offsets.length);
                        for (let j = 0; j < message.offsets.length; ++j)
                            object.offsets[j] = message.offsets[j];
                    }
                    return object;
                };

                Entry.prototype.toJSON = function() {
                    return Entry.toObject(this, $protobuf.util.toJSONOptions);
                };

                return Entry;
            })();

            return Grouped;
        })();

        grouped.Detail = (function() {

            const Detail = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Detail.prototype.a = 0;
            Detail.prototype.b = 0;
            Detail.prototype.c = 0;
            Detail.prototype.d = false;
            Detail.prototype.e = false;
            Detail.prototype.f = true;
            Detail.prototype.g = false;
            Detail.prototype.h = 0;
            Detail.prototype.i = false;
            Detail.prototype.j = 0;
            Detail.prototype.k = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            Detail.create = function(properties) {
                return new Detail(properties);
            };

            Detail.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.a != null && $Object.hasOwnProperty.call(message, "a"))
                    writer.uint32(13).float(message.a);
                if (message.b != null && $Object.hasOwnProperty.call(message, "b"))
                    writer.uint32(21).float(message.b);
                if (message.c != null && $Object.hasOwnProperty.call(message, "c"))
                    writer.uint32(29).float(message.c);
                if (message.d != null && $Object.hasOwnProperty.call(message, "d"))
                    writer.uint32(32).bool(message.d);
                if (message.e != null && $Object.hasOwnProperty.call(message, "e"))
                    writer.uint32(40).bool(message.e);
                if (message.f != null && $Object.hasOwnProperty.call(message, "f"))
                    writer.uint32(48).bool(message.f);
                if (message.g != null && $Object.hasOwnProperty.call(message, "g"))
                    writer.uint32(56).bool(message.g);
                if (message.h != null && $Object.hasOwnProperty.call(message, "h"))
                    writer.uint32(69).float(message.h);
                if (message.i != null && $Object.hasOwnProperty.call(message, "i"))
                    writer.uint32(72).bool(message.i);
                if (message.j != null && $Object.hasOwnProperty.call(message, "j"))
                    writer.uint32(85).float(message.j);
                if (message.k != null && $Object.hasOwnProperty.call(message, "k"))
                    writer.uint32(88).int64(message.k);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Detail.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            Detail.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bench.grouped.Detail();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 5)
                                break;
                            message.a = reader.float();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 5)
                                break;
                            message.b = reader.float();
                            continue;
                        }
                    case 3: {
                            if (wireType !== 5)
                                break;
                            message.c = reader.float();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.d = reader.bool();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.e = reader.bool();
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            message.f = reader.bool();
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            message.g = reader.bool();
                            continue;
                        }
                    case 8: {
                            if (wireType !== 5)
                                break;
                            message.h = reader.float();
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            message.i = reader.bool();
                            continue;
                        }
                    case 10: {
                            if (wireType !== 5)
                                break;
                            message.j = reader.float();
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            message.k = reader.int64();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Detail.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            Detail.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.a != null && $Object.hasOwnProperty.call(message, "a"))
                    if (typeof message.a !== "number")
                        return "a: number expected";
                if (message.b != null && $Object.hasOwnProperty.call(message, "b"))
                    if (typeof message.b !== "number")
                        return "b: number expected";
                if (message.c != null && $Object.hasOwnProperty.call(message, "c"))
                    if (typeof message.c !== "number")
                        return "c: number expected";
                if (message.d != null && $Object.hasOwnProperty.call(message, "d"))
                    if (typeof message.d !== "boolean")
                        return "d: boolean expected";
                if (message.e != null && $Object.hasOwnProperty.call(message, "e"))
                    if (typeof message.e !== "boolean")
                        return "e: boolean expected";
                if (message.f != null && $Object.hasOwnProperty.call(message, "f"))
                    if (typeof message.f !== "boolean")
                        return "f: boolean expected";
                if (message.g != null && $Object.hasOwnProperty.call(message, "g"))
                    if (typeof message.g !== "boolean")
                        return "g: boolean expected";
                if (message.h != null && $Object.hasOwnProperty.call(message, "h"))
                    if (typeof message.h !== "number")
                        return "h: number expected";
                if (message.i != null && $Object.hasOwnProperty.call(message, "i"))
                    if (typeof message.i !== "boolean")
                        return "i: boolean expected";
                if (message.j != null && $Object.hasOwnProperty.call(message, "j"))
                    if (typeof message.j !== "number")
                        return "j: number expected";
                if (message.k != null && $Object.hasOwnProperty.call(message, "k"))
                    if (!$util.isInteger(message.k) && !(message.k && $util.isInteger(message.k.low) && $util.isInteger(message.k.high)))
                        return "k: integer|Long expected";
                return null;
            };

            Detail.fromObject = function (object, _depth) {
                if (object instanceof $root.bench.grouped.Detail)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".bench.grouped.Detail: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.bench.grouped.Detail();
                if (object.a != null)
                    message.a = $Number(object.a);
                if (object.b != null)
                    message.b = $Number(object.b);
                if (object.c != null)
                    message.c = $Number(object.c);
                if (object.d != null)
                    message.d = $Boolean(object.d);
                if (object.e != null)
                    message.e = $Boolean(object.e);
                if (object.f != null)
                    message.f = $Boolean(object.f);
                if (object.g != null)
                    message.g = $Boolean(object.g);
                if (object.h != null)
                    message.h = $Number(object.h);
                if (object.i != null)
                    message.i = $Boolean(object.i);
                if (object.j != null)
                    message.j = $Number(object.j);
                if (object.k != null)
                    if ($util.Long)
                        message.k = $util.Long.fromValue(object.k, false);
                    else if (typeof object.k === "string")
                        message.k = $parseInt(object.k, 10);
                    else if (typeof object.k === "number")
                        message.k = object.k;
                    else if (typeof object.k === "object")
                        message.k = new $util.LongBits(object.k.low >>> 0, object.k.high >>> 0).toNumber();
                return message;
            };

            Detail.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.a = 0;
                    object.b = 0;
                    object.c = 0;
                    object.d = false;
                    object.e = false;
                    object.f = true;
                    object.g = false;
                    object.h = 0;
                    object.i = false;
                    object.j = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.k = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.k = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.a != null && $Object.hasOwnProperty.call(message, "a"))
                    object.a = options.json && !$isFinite(message.a) ? $String(message.a) : message.a;
                if (message.b != null && $Object.hasOwnProperty.call(message, "b"))
                    object.b = options.json && !$isFinite(message.b) ? $String(message.b) : message.b;
                if (message.c != null && $Object.hasOwnProperty.call(message, "c"))
                    object.c = options.json && !$isFinite(message.c) ? $String(message.c) : message.c;
                if (message.d != null && $Object.hasOwnProperty.call(message, "d"))
                    object.d = message.d;
                if (message.e != null && $Object.hasOwnProperty.call(message, "e"))
                    object.e = message.e;
                if (message.f != null && $Object.hasOwnProperty.call(message, "f"))
                    object.f = message.f;
                if (message.g != null && $Object.hasOwnProperty.call(message, "g"))
                    object.g = message.g;
                if (message.h != null && $Object.hasOwnProperty.call(message, "h"))
                    object.h = options.json && !$isFinite(message.h) ? $String(message.h) : message.h;
                if (message.i != null && $Object.hasOwnProperty.call(message, "i"))
                    object.i = message.i;
                if (message.j != null && $Object.hasOwnProperty.call(message, "j"))
                    object.j = options.json && !$isFinite(message.j) ? $String(message.j) : message.j;
                if (message.k != null && $Object.hasOwnProperty.call(message, "k"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.k = typeof message.k === "number" ? $BigInt(message.k) : $util.Long.fromBits(message.k.low >>> 0, message.k.high >>> 0, false).toBigInt();
                    else if (typeof message.k === "number")
                        object.k = options.longs === $String ? $String(message.k) : message.k;
                    else
                        object.k = options.longs === $String ? $util.Long.prototype.toString.call(message.k) : options.longs === $Number ? new $util.LongBits(message.k.low >>> 0, message.k.high >>> 0).toNumber() : message.k;
                return object;
            };

            Detail.prototype.toJSON = function() {
                return Detail.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Detail;
        })();

        return grouped;
    })();

    return bench;
})();

export {
  $root as default
};
