/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $Number = $util.global.Number, $String = $util.global.String, $isFinite = $util.global.isFinite, $Array = $util.global.Array, $Boolean = $util.global.Boolean, $parseInt = $util.global.parseInt, $BigInt = $util.global.BigInt;

const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const bench = $root.bench = (() => {

    const bench = {};

    bench.fields = (function() {

        const fields = {};

        fields.Color = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "COLOR_UNSPECIFIED"] = 0;
            values[valuesById[1] = "COLOR_RED"] = 1;
            values[valuesById[2] = "COLOR_GREEN"] = 2;
            return values;
        })();

        fields.Inner = (function() {

            const Inner = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Inner.prototype.id = 0;
            Inner.prototype.name = "";
            Inner.prototype.weight = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Inner.prototype, "_weight", {
                get: $util.oneOfGetter($oneOfFields = ["weight"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Inner.create = function(properties) {
                return new Inner(properties);
            };

            Inner.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(8).int32(message.id);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(18).string(message.name);
                if (message.weight != null && $Object.hasOwnProperty.call(message, "weight"))
                    writer.uint32(25).double(message.weight);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Inner.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            Inner.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bench.fields.Inner();
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
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            message.weight = reader.double();
                            message._weight = "weight";
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

            Inner.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            Inner.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                let properties = {};
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    if (!$util.isInteger(message.id))
                        return "id: integer expected";
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    if (!$util.isString(message.name))
                        return "name: string expected";
                if (message.weight != null && $Object.hasOwnProperty.call(message, "weight")) {
                    properties._weight = 1;
                    if (typeof message.weight !== "number")
                        return "weight: number expected";
                }
                return null;
            };

            Inner.fromObject = function (object, _depth) {
                if (object instanceof $root.bench.fields.Inner)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".bench.fields.Inner: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.bench.fields.Inner();
                if (object.id != null)
                    if ($Number(object.id) !== 0)
                        message.id = object.id | 0;
                if (object.name != null)
                    if (typeof object.name !== "string" || object.name.length)
                        message.name = $String(object.name);
                if (object.weight != null)
                    message.weight = $Number(object.weight);
                return message;
            };

            Inner.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.id = 0;
                    object.name = "";
                }
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    object.name = message.name;
                if (message.weight != null && $Object.hasOwnProperty.call(message, "weight"))
                    object.weight = options.json && !$isFinite(message.weight) ? $String(message.weight) : message.weight;
                return object;
            };

            Inner.prototype.toJSON = function() {
                return Inner.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Inner;
        })();

        fields.Fields = (function() {

            const Fields = function (properties) {
                this.numbers = [];
                this.words = [];
                this.totals = {};
                this.inners = [];
                this.byId = {};
                this.samples = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Fields.prototype.flag = false;
            Fields.prototype.small = 0;
            Fields.prototype.medium = 0;
            Fields.prototype.normal = 0;
            Fields.prototype.large = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Fields.prototype.real = 0;
            Fields.prototype.text = "";
            Fields.prototype.bytes = $util.newBuffer([]);
            Fields.prototype.color = 0;
            Fields.prototype.inner = null;
            Fields.prototype.phrase = null;
            Fields.prototype.number = null;
            Fields.prototype.numbers = $util.emptyArray;
            Fields.prototype.words = $util.emptyArray;
            Fields.prototype.totals = $util.emptyObject;
            Fields.prototype.inners = $util.emptyArray;
            Fields.prototype.byId = $util.emptyObject;
            Fields.prototype.present = null;
            Fields.prototype.absent = null;
            Fields.prototype.rough = 0;
            Fields.prototype.count = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Fields.prototype.delta = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Fields.prototype.hash = 0;
            Fields.prototype.wideHash = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Fields.prototype.offset = 0;
            Fields.prototype.wideOffset = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Fields.prototype.samples = $util.emptyArray;

            let $oneOfFields;

            $Object.defineProperty(Fields.prototype, "choice", {
                get: $util.oneOfGetter($oneOfFields = ["phrase", "number"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Fields.prototype, "_present", {
                get: $util.oneOfGetter($oneOfFields = ["present"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Fields.prototype, "_absent", {
                get: $util.oneOfGetter($oneOfFields = ["absent"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Fields.create = function(properties) {
                return new Fields(properties);
            };

            Fields.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.flag != null && $Object.hasOwnProperty.call(message, "flag") && message.flag !== false)
                    writer.uint32(8).bool(message.flag);
                if (message.small != null && $Object.hasOwnProperty.call(message, "small") && message.small !== 0)
                    writer.uint32(16).sint32(message.small);
                if (message.medium != null && $Object.hasOwnProperty.call(message, "medium") && message.medium !== 0)
                    writer.uint32(24).uint32(message.medium);
                if (message.normal != null && $Object.hasOwnProperty.call(message, "normal") && message.normal !== 0)
                    writer.uint32(32).int32(message.normal);
                if (message.large != null && $Object.hasOwnProperty.call(message, "large") && (typeof message.large === "object" ? message.large.low || message.large.high : message.large !== 0))
                    writer.uint32(40).int64(message.large);
                if (message.real != null && $Object.hasOwnProperty.call(message, "real") && !$Object.is(message.real, 0))
                    writer.uint32(49).double(message.real);
                if (message.text != null && $Object.hasOwnProperty.call(message, "text") && message.text !== "")
                    writer.uint32(58).string(message.text);
                if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && message.bytes.length)
                    writer.uint32(66).bytes(message.bytes);
                if (message.color != null && $Object.hasOwnProperty.call(message, "color") && message.color !== 0)
                    writer.uint32(72).int32(message.color);
                if (message.inner != null && $Object.hasOwnProperty.call(message, "inner"))
                    $root.bench.fields.Inner.encode(message.inner, writer.uint32(82).fork(), _depth + 1).ldelim();
                if (message.phrase != null && $Object.hasOwnProperty.call(message, "phrase"))
                    writer.uint32(90).string(message.phrase);
                if (message.number != null && $Object.hasOwnProperty.call(message, "number"))
                    writer.uint32(96).int64(message.number);
                if (message.numbers != null && message.numbers.length)
                    writer.uint32(106).int32s(message.numbers);
                if (message.words != null && message.words.length)
                    for (let i = 0; i < message.words.length; ++i)
                        writer.uint32(114).string(message.words[i]);
                if (message.totals != null && $Object.hasOwnProperty.call(message, "totals"))
                    for (let keys = $Object.keys(message.totals), i = 0; i < keys.length; ++i)
                        writer.uint32(122).fork().uint32(10).string(keys[i]).uint32(16).int32(message.totals[keys[i]]).ldelim();
                if (message.inners != null && message.inners.length)
                    for (let i = 0; i < message.inners.length; ++i)
                        $root.bench.fields.Inner.encode(message.inners[i], writer.uint32(130).fork(), _depth + 1).ldelim();
                if (message.byId != null && $Object.hasOwnProperty.call(message, "byId"))
                    for (let keys = $Object.keys(message.byId), i = 0; i < keys.length; ++i) {
                        writer.uint32(138).fork().uint32(8).int32(keys[i]);
                        $root.bench.fields.Inner.encode(message.byId[keys[i]], writer.uint32(18).fork(), _depth + 1).ldelim().ldelim();
                    }
                if (message.present != null && $Object.hasOwnProperty.call(message, "present"))
                    writer.uint32(146).string(message.present);
                if (message.absent != null && $Object.hasOwnProperty.call(message, "absent"))
                    writer.uint32(154).string(message.absent);
                if (message.rough != null && $Object.hasOwnProperty.call(message, "rough") && !$Object.is(message.rough, 0))
                    writer.uint32(165).float(message.rough);
                if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
                    writer.uint32(168).uint64(message.count);
                if (message.delta != null && $Object.hasOwnProperty.call(message, "delta") && (typeof message.delta === "object" ? message.delta.low || message.delta.high : message.delta !== 0))
                    writer.uint32(176).sint64(message.delta);
                if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash !== 0)
                    writer.uint32(189).fixed32(message.hash);
                if (message.wideHash != null && $Object.hasOwnProperty.call(message, "wideHash") && (typeof message.wideHash === "object" ? message.wideHash.low || message.wideHash.high : message.wideHash !== 0))
                    writer.uint32(193).fixed64(message.wideHash);
                if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && message.offset !== 0)
                    writer.uint32(205).sfixed32(message.offset);
                if (message.wideOffset != null && $Object.hasOwnProperty.call(message, "wideOffset") && (typeof message.wideOffset === "object" ? message.wideOffset.low || message.wideOffset.high : message.wideOffset !== 0))
                    writer.uint32(209).sfixed64(message.wideOffset);
                if (message.samples != null && message.samples.length)
                    writer.uint32(218).doubles(message.samples);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Fields.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            Fields.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.bench.fields.Fields();
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
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.flag = value;
                            else
                                delete message.flag;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.sint32())
                                message.small = value;
                            else
                                delete message.small;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.medium = value;
                            else
                                delete message.medium;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.normal = value;
                            else
                                delete message.normal;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.large = value;
                            else
                                delete message.large;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.real = value;
                            else
                                delete message.real;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.text = value;
                            else
                                delete message.text;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bytes = value;
                            else
                                delete message.bytes;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.color = value;
                            else
                                delete message.color;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.inner = $root.bench.fields.Inner.decode(reader, reader.size(), $undefined, _depth + 1, message.inner);
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.phrase = reader.stringVerify();
                            message.choice = "phrase";
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            message.number = reader.int64();
                            message.choice = "number";
                            continue;
                        }
                    case 13: {
                            if (wireType === 2) {
                                if (!(message.numbers && message.numbers.length))
                                    message.numbers = [];
                                reader.int32s(message.numbers);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.numbers && message.numbers.length))
                                message.numbers = [];
                            message.numbers.push(reader.int32());
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if (!(message.words && message.words.length))
                                message.words = [];
                            message.words.push(reader.stringVerify());
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if (message.totals === $util.emptyObject)
                                message.totals = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = 0;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 0)
                                        break;
                                    value = reader.int32();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.totals, key);
                            message.totals[key] = value;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            if (!(message.inners && message.inners.length))
                                message.inners = [];
                            message.inners.push($root.bench.fields.Inner.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            if (message.byId === $util.emptyObject)
                                message.byId = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = 0;
                            value = null;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 0)
                                        break;
                                    key = reader.int32();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = $root.bench.fields.Inner.decode(reader, reader.size(), $undefined, _depth + 1, value);
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            message.byId[key] = value || new $root.bench.fields.Inner();
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            message.present = reader.stringVerify();
                            message._present = "present";
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            message.absent = reader.stringVerify();
                            message._absent = "absent";
                            continue;
                        }
                    case 20: {
                            if (wireType !== 5)
                                break;
                            if (!$Object.is(value = reader.float(), 0))
                                message.rough = value;
                            else
                                delete message.rough;
                            continue;
                        }
                    case 21: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    case 22: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                message.delta = value;
                            else
                                delete message.delta;
                            continue;
                        }
                    case 23: {
                            if (wireType !== 5)
                                break;
                            if (value = reader.fixed32())
                                message.hash = value;
                            else
                                delete message.hash;
                            continue;
                        }
                    case 24: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.wideHash = value;
                            else
                                delete message.wideHash;
                            continue;
                        }
                    case 25: {
                            if (wireType !== 5)
                                break;
                            if (value = reader.sfixed32())
                                message.offset = value;
                            else
                                delete message.offset;
                            continue;
                        }
                    case 26: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.sfixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.wideOffset = value;
                            else
                                delete message.wideOffset;
                            continue;
                        }
                    case 27: {
                            if (wireType === 2) {
                                if (!(message.samples && message.samples.length))
                                    message.samples = [];
                                reader.doubles(message.samples);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.samples && message.samples.length))
                                message.samples = [];
                            message.samples.push(reader.double());
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

            Fields.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            Fields.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                let properties = {};
                if (message.flag != null && $Object.hasOwnProperty.call(message, "flag"))
                    if (typeof message.flag !== "boolean")
                        return "flag: boolean expected";
                if (message.small != null && $Object.hasOwnProperty.call(message, "small"))
                    if (!$util.isInteger(message.small))
                        return "small: integer expected";
                if (message.medium != null && $Object.hasOwnProperty.call(message, "medium"))
                    if (!$util.isInteger(message.medium))
                        return "medium: integer expected";
                if (message.normal != null && $Object.hasOwnProperty.call(message, "normal"))
                    if (!$util.isInteger(message.normal))
                        return "normal: integer expected";
                if (message.large != null && $Object.hasOwnProperty.call(message, "large"))
                    if (!$util.isInteger(message.large) && !(message.large && $util.isInteger(message.large.low) && $util.isInteger(message.large.high)))
                        return "large: integer|Long expected";
                if (message.real != null && $Object.hasOwnProperty.call(message, "real"))
                    if (typeof message.real !== "number")
                        return "real: number expected";
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    if (!$util.isString(message.text))
                        return "text: string expected";
                if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes"))
                    if (!(message.bytes && typeof message.bytes.length === "number" || $util.isString(message.bytes)))
                        return "bytes: buffer expected";
                if (message.color != null && $Object.hasOwnProperty.call(message, "color"))
                    if (typeof message.color !== "number" || (message.color | 0) !== message.color)
                        return "color: enum value expected";
                if (message.inner != null && $Object.hasOwnProperty.call(message, "inner")) {
                    let error = $root.bench.fields.Inner.verify(message.inner, _depth + 1);
                    if (error)
                        return "inner." + error;
                }
                if (message.phrase != null && $Object.hasOwnProperty.call(message, "phrase")) {
                    properties.choice = 1;
                    if (!$util.isString(message.phrase))
                        return "phrase: string expected";
                }
                if (message.number != null && $Object.hasOwnProperty.call(message, "number")) {
                    if (properties.choice === 1)
                        return "choice: multiple values";
                    properties.choice = 1;
                    if (!$util.isInteger(message.number) && !(message.number && $util.isInteger(message.number.low) && $util.isInteger(message.number.high)))
                        return "number: integer|Long expected";
                }
                if (message.numbers != null && $Object.hasOwnProperty.call(message, "numbers")) {
                    if (!$Array.isArray(message.numbers))
                        return "numbers: array expected";
                    for (let i = 0; i < message.numbers.length; ++i)
                        if (!$util.isInteger(message.numbers[i]))
                            return "numbers: integer[] expected";
                }
                if (message.words != null && $Object.hasOwnProperty.call(message, "words")) {
                    if (!$Array.isArray(message.words))
                        return "words: array expected";
                    for (let i = 0; i < message.words.length; ++i)
                        if (!$util.isString(message.words[i]))
                            return "words: string[] expected";
                }
                if (message.totals != null && $Object.hasOwnProperty.call(message, "totals")) {
                    if (!$util.isObject(message.totals))
                        return "totals: object expected";
                    let key = $Object.keys(message.totals);
                    for (let i = 0; i < key.length; ++i)
                        if (!$util.isInteger(message.totals[key[i]]))
                            return "totals: integer{k:string} expected";
                }
                if (message.inners != null && $Object.hasOwnProperty.call(message, "inners")) {
                    if (!$Array.isArray(message.inners))
                        return "inners: array expected";
                    for (let i = 0; i < message.inners.length; ++i) {
                        let error = $root.bench.fields.Inner.verify(message.inners[i], _depth + 1);
                        if (error)
                            return "inners." + error;
                    }
                }
                if (message.byId != null && $Object.hasOwnProperty.call(message, "byId")) {
                    if (!$util.isObject(message.byId))
                        return "byId: object expected";
                    let key = $Object.keys(message.byId);
                    for (let i = 0; i < key.length; ++i) {
                        if (!$util.key32Re.test(key[i]))
                            return "byId: integer key{k:int32} expected";
                        {
                            let error = $root.bench.fields.Inner.verify(message.byId[key[i]], _depth + 1);
                            if (error)
                                return "byId." + error;
                        }
                    }
                }
                if (message.present != null && $Object.hasOwnProperty.call(message, "present")) {
                    properties._present = 1;
                    if (!$util.isString(message.present))
                        return "present: string expected";
                }
                if (message.absent != null && $Object.hasOwnProperty.call(message, "absent")) {
                    properties._absent = 1;
                    if (!$util.isString(message.absent))
                        return "absent: string expected";
                }
                if (message.rough != null && $Object.hasOwnProperty.call(message, "rough"))
                    if (typeof message.rough !== "number")
                        return "rough: number expected";
                if (message.count != null && $Object.hasOwnProperty.call(message, "count"))
                    if (!$util.isInteger(message.count) && !(message.count && $util.isInteger(message.count.low) && $util.isInteger(message.count.high)))
                        return "count: integer|Long expected";
                if (message.delta != null && $Object.hasOwnProperty.call(message, "delta"))
                    if (!$util.isInteger(message.delta) && !(message.delta && $util.isInteger(message.delta.low) && $util.isInteger(message.delta.high)))
                        return "delta: integer|Long expected";
                if (message.hash != null && $Object.hasOwnProperty.call(message, "hash"))
                    if (!$util.isInteger(message.hash))
                        return "hash: integer expected";
                if (message.wideHash != null && $Object.hasOwnProperty.call(message, "wideHash"))
                    if (!$util.isInteger(message.wideHash) && !(message.wideHash && $util.isInteger(message.wideHash.low) && $util.isInteger(message.wideHash.high)))
                        return "wideHash: integer|Long expected";
                if (message.offset != null && $Object.hasOwnProperty.call(message, "offset"))
                    if (!$util.isInteger(message.offset))
                        return "offset: integer expected";
                if (message.wideOffset != null && $Object.hasOwnProperty.call(message, "wideOffset"))
                    if (!$util.isInteger(message.wideOffset) && !(message.wideOffset && $util.isInteger(message.wideOffset.low) && $util.isInteger(message.wideOffset.high)))
                        return "wideOffset: integer|Long expected";
                if (message.samples != null && $Object.hasOwnProperty.call(message, "samples")) {
                    if (!$Array.isArray(message.samples))
                        return "samples: array expected";
                    for (let i = 0; i < message.samples.length; ++i)
                        if (typeof message.samples[i] !== "number")
                            return "samples: number[] expected";
                }
                return null;
            };

            Fields.fromObject = function (object, _depth) {
                if (object instanceof $root.bench.fields.Fields)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".bench.fields.Fields: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.bench.fields.Fields();
                if (object.flag != null)
                    if (object.flag)
                        message.flag = $Boolean(object.flag);
                if (object.small != null)
                    if ($Number(object.small) !== 0)
                        message.small = object.small | 0;
                if (object.medium != null)
                    if ($Number(object.medium) !== 0)
                        message.medium = object.medium >>> 0;
                if (object.normal != null)
                    if ($Number(object.normal) !== 0)
                        message.normal = object.normal | 0;
                if (object.large != null)
                    if (typeof object.large === "object" ? object.large.low || object.large.high : $Number(object.large) !== 0)
                        if ($util.Long)
                            message.large = $util.Long.fromValue(object.large, false);
                        else if (typeof object.large === "string")
                            message.large = $parseInt(object.large, 10);
                        else if (typeof object.large === "number")
                            message.large = object.large;
                        else if (typeof object.large === "object")
                            message.large = new $util.LongBits(object.large.low >>> 0, object.large.high >>> 0).toNumber();
                if (object.real != null)
                    if (!$Object.is($Number(object.real), 0))
                        message.real = $Number(object.real);
                if (object.text != null)
                    if (typeof object.text !== "string" || object.text.length)
                        message.text = $String(object.text);
                if (object.bytes != null)
                    if (object.bytes.length)
                        if (typeof object.bytes === "string")
                            $util.base64.decode(object.bytes, message.bytes = $util.newBuffer($util.base64.length(object.bytes)), 0);
                        else if (object.bytes.length >= 0)
                            message.bytes = object.bytes;
                if (object.color !== 0 && (typeof object.color !== "string" || $root.bench.fields.Color[object.color] !== 0))
                    switch (object.color) {
                    case "COLOR_UNSPECIFIED":
                    case 0:
                        message.color = 0;
                        break;
                    case "COLOR_RED":
                    case 1:
                        message.color = 1;
                        break;
                    case "COLOR_GREEN":
                    case 2:
                        message.color = 2;
                        break;
                    default:
                        if (typeof object.color === "number" && (object.color | 0) === object.color)
                            message.color = object.color;
                    }
                if (object.inner != null) {
                    if (!$util.isObject(object.inner))
                        throw $TypeError(".bench.fields.Fields.inner: object expected");
                    message.inner = $root.bench.fields.Inner.fromObject(object.inner, _depth + 1);
                }
                if (object.phrase != null)
                    message.phrase = $String(object.phrase);
                if (object.number != null)
                    if ($util.Long)
                        message.number = $util.Long.fromValue(object.number, false);
                    else if (typeof object.number === "string")
                        message.number = $parseInt(object.number, 10);
                    else if (typeof object.number === "number")
                        message.number = object.number;
                    else if (typeof object.number === "object")
                        message.number = new $util.LongBits(object.number.low >>> 0, object.number.high >>> 0).toNumber();
                if (object.numbers) {
                    if (!$Array.isArray(object.numbers))
                        throw $TypeError(".bench.fields.Fields.numbers: array expected");
                    message.numbers = $Array(object.numbers.length);
                    for (let i = 0; i < object.numbers.length; ++i)
                        message.numbers[i] = object.numbers[i] | 0;
                }
                if (object.words) {
                    if (!$Array.isArray(object.words))
                        throw $TypeError(".bench.fields.Fields.words: array expected");
                    message.words = $Array(object.words.length);
                    for (let i = 0; i < object.words.length; ++i)
                        message.words[i] = $String(object.words[i]);
                }
                if (object.totals) {
                    if (!$util.isObject(object.totals))
                        throw $TypeError(".bench.fields.Fields.totals: object expected");
                    message.totals = {};
                    for (let keys = $Object.keys(object.totals), i = 0; i < keys.length; ++i) {
                        if (keys[i] === "__proto__")
                            $util.makeProp(message.totals, keys[i]);
                        message.totals[keys[i]] = object.totals[keys[i]] | 0;
                    }
                }
                if (object.inners) {
                    if (!$Array.isArray(object.inners))
                        throw $TypeError(".bench.fields.Fields.inners: array expected");
                    message.inners = $Array(object.inners.length);
                    for (let i = 0; i < object.inners.length; ++i) {
                        if (!$util.isObject(object.inners[i]))
                            throw $TypeError(".bench.fields.Fields.inners: object expected");
                        message.inners[i] = $root.bench.fields.Inner.fromObject(object.inners[i], _depth + 1);
                    }
                }
                if (object.byId) {
                    if (!$util.isObject(object.byId))
                        throw $TypeError(".bench.fields.Fields.byId: object expected");
                    message.byId = {};
                    for (let keys = $Object.keys(object.byId), i = 0; i < keys.length; ++i) {
                        if (keys[i] === "__proto__")
                            $util.makeProp(message.byId, keys[i]);
                        if (!$util.isObject(object.byId[keys[i]]))
                            throw $TypeError(".bench.fields.Fields.byId: object expected");
                        message.byId[keys[i]] = $root.bench.fields.Inner.fromObject(object.byId[keys[i]], _depth + 1);
                    }
                }
                if (object.present != null)
                    message.present = $String(object.present);
                if (object.absent != null)
                    message.absent = $String(object.absent);
                if (object.rough != null)
                    if (!$Object.is($Number(object.rough), 0))
                        message.rough = $Number(object.rough);
                if (object.count != null)
                    if (typeof object.count === "object" ? object.count.low || object.count.high : $Number(object.count) !== 0)
                        if ($util.Long)
                            message.count = $util.Long.fromValue(object.count, true);
                        else if (typeof object.count === "string")
                            message.count = $parseInt(object.count, 10);
                        else if (typeof object.count === "number")
                            message.count = object.count;
                        else if (typeof object.count === "object")
                            message.count = new $util.LongBits(object.count.low >>> 0, object.count.high >>> 0).toNumber(true);
                if (object.delta != null)
                    if (typeof object.delta === "object" ? object.delta.low || object.delta.high : $Number(object.delta) !== 0)
                        if ($util.Long)
                            message.delta = $util.Long.fromValue(object.delta, false);
                        else if (typeof object.delta === "string")
                            message.delta = $parseInt(object.delta, 10);
                        else if (typeof object.delta === "number")
                            message.delta = object.delta;
                        else if (typeof object.delta === "object")
                            message.delta = new $util.LongBits(object.delta.low >>> 0, object.delta.high >>> 0).toNumber();
                if (object.hash != null)
                    if ($Number(object.hash) !== 0)
                        message.hash = object.hash >>> 0;
                if (object.wideHash != null)
                    if (typeof object.wideHash === "object" ? object.wideHash.low || object.wideHash.high : $Number(object.wideHash) !== 0)
                        if ($util.Long)
                            message.wideHash = $util.Long.fromValue(object.wideHash, true);
                        else if (typeof object.wideHash === "string")
                            message.wideHash = $parseInt(object.wideHash, 10);
                        else if (typeof object.wideHash === "number")
                            message.wideHash = object.wideHash;
                        else if (typeof object.wideHash === "object")
                            message.wideHash = new $util.LongBits(object.wideHash.low >>> 0, object.wideHash.high >>> 0).toNumber(true);
                if (object.offset != null)
                    if ($Number(object.offset) !== 0)
                        message.offset = object.offset | 0;
                if (object.wideOffset != null)
                    if (typeof object.wideOffset === "object" ? object.wideOffset.low || object.wideOffset.high : $Number(object.wideOffset) !== 0)
                        if ($util.Long)
                            message.wideOffset = $util.Long.fromValue(object.wideOffset, false);
                        else if (typeof object.wideOffset === "string")
                            message.wideOffset = $parseInt(object.wideOffset, 10);
                        else if (typeof object.wideOffset === "number")
                            message.wideOffset = object.wideOffset;
                        else if (typeof object.wideOffset === "object")
                            message.wideOffset = new $util.LongBits(object.wideOffset.low >>> 0, object.wideOffset.high >>> 0).toNumber();
                if (object.samples) {
                    if (!$Array.isArray(object.samples))
                        throw $TypeError(".bench.fields.Fields.samples: array expected");
                    message.samples = $Array(object.samples.length);
                    for (let i = 0; i < object.samples.length; ++i)
                        message.samples[i] = $Number(object.samples[i]);
                }
                return message;
            };

            Fields.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.numbers = [];
                    object.words = [];
                    object.inners = [];
                    object.samples = [];
                }
                if (options.objects || options.defaults) {
                    object.totals = {};
                    object.byId = {};
                }
                if (options.defaults) {
                    object.flag = false;
                    object.small = 0;
                    object.medium = 0;
                    object.normal = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.large = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.large = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.real = 0;
                    object.text = "";
                    if (options.bytes === $String)
                        object.bytes = "";
                    else {
                        object.bytes = [];
                        if (options.bytes !== $Array)
                            object.bytes = $util.newBuffer(object.bytes);
                    }
                    object.color = options.enums === $String ? "COLOR_UNSPECIFIED" : 0;
                    object.inner = null;
                    object.rough = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.count = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.count = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.delta = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.delta = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.hash = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.wideHash = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.wideHash = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.offset = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.wideOffset = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.wideOffset = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.flag != null && $Object.hasOwnProperty.call(message, "flag"))
                    object.flag = message.flag;
                if (message.small != null && $Object.hasOwnProperty.call(message, "small"))
                    object.small = message.small;
                if (message.medium != null && $Object.hasOwnProperty.call(message, "medium"))
                    object.medium = message.medium;
                if (message.normal != null && $Object.hasOwnProperty.call(message, "normal"))
                    object.normal = message.normal;
                if (message.large != null && $Object.hasOwnProperty.call(message, "large"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.large = typeof message.large === "number" ? $BigInt(message.large) : $util.Long.fromBits(message.large.low >>> 0, message.large.high >>> 0, false).toBigInt();
                    else if (typeof message.large === "number")
                        object.large = options.longs === $String ? $String(message.large) : message.large;
                    else
                        object.large = options.longs === $String ? $util.Long.prototype.toString.call(message.large) : options.longs === $Number ? new $util.LongBits(message.large.low >>> 0, message.large.high >>> 0).toNumber() : message.large;
                if (message.real != null && $Object.hasOwnProperty.call(message, "real"))
                    object.real = options.json && !$isFinite(message.real) ? $String(message.real) : message.real;
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    object.text = message.text;
                if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes"))
                    object.bytes = options.bytes === $String ? $util.base64.encode(message.bytes, 0, message.bytes.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.bytes) : message.bytes;
                if (message.color != null && $Object.hasOwnProperty.call(message, "color"))
                    object.color = options.enums === $String ? $root.bench.fields.Color[message.color] === $undefined ? message.color : $root.bench.fields.Color[message.color] : message.color;
                if (message.inner != null && $Object.hasOwnProperty.call(message, "inner"))
                    object.inner = $root.bench.fields.Inner.toObject(message.inner, options, _depth + 1);
                if (message.phrase != null && $Object.hasOwnProperty.call(message, "phrase")) {
                    object.phrase = message.phrase;
                    if (options.oneofs)
                        object.choice = "phrase";
                }
                if (message.number != null && $Object.hasOwnProperty.call(message, "number")) {
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.number = typeof message.number === "number" ? $BigInt(message.number) : $util.Long.fromBits(message.number.low >>> 0, message.number.high >>> 0, false).toBigInt();
                    else if (typeof message.number === "number")
                        object.number = options.longs === $String ? $String(message.number) : message.number;
                    else
                        object.number = options.longs === $String ? $util.Long.prototype.toString.call(message.number) : options.longs === $Number ? new $util.LongBits(message.number.low >>> 0, message.number.high >>> 0).toNumber() : message.number;
                    if (options.oneofs)
                        object.choice = "number";
                }
                if (message.numbers && message.numbers.length) {
                    object.numbers = $Array(message.numbers.length);
                    for (let j = 0; j < message.numbers.length; ++j)
                        object.numbers[j] = message.numbers[j];
                }
                if (message.words && message.words.length) {
                    object.words = $Array(message.words.length);
                    for (let j = 0; j < message.words.length; ++j)
                        object.words[j] = message.words[j];
                }
                let keys2;
                if (message.totals && (keys2 = $Object.keys(message.totals)).length) {
                    object.totals = {};
                    for (let j = 0; j < keys2.length; ++j) {
                        if (keys2[j] === "__proto__")
                            $util.makeProp(object.totals, keys2[j]);
                        object.totals[keys2[j]] = message.totals[keys2[j]];
                    }
                }
                if (message.inners && message.inners.length) {
                    object.inners = $Array(message.inners.length);
                    for (let j = 0; j < message.inners.length; ++j)
                        object.inners[j] = $root.bench.fields.Inner.toObject(message.inners[j], options, _depth + 1);
                }
                if (message.byId && (keys2 = $Object.keys(message.byId)).length) {
                    object.byId = {};
                    for (let j = 0; j < keys2.length; ++j) {
                        if (keys2[j] === "__proto__")
                            $util.makeProp(object.byId, keys2[j]);
                        object.byId[keys2[j]] = $root.bench.fields.Inner.toObject(message.byId[keys2[j]], options, _depth + 1);
                    }
                }
                if (message.present != null && $Object.hasOwnProperty.call(message, "present"))
                    object.present = message.present;
                if (message.absent != null && $Object.hasOwnProperty.call(message, "absent"))
                    object.absent = message.absent;
                if (message.rough != null && $Object.hasOwnProperty.call(message, "rough"))
                    object.rough = options.json && !$isFinite(message.rough) ? $String(message.rough) : message.rough;
                if (message.count != null && $Object.hasOwnProperty.call(message, "count"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.count = typeof message.count === "number" ? $BigInt(message.count) : $util.Long.fromBits(message.count.low >>> 0, message.count.high >>> 0, true).toBigInt();
                    else if (typeof message.count === "number")
                        object.count = options.longs === $String ? $String(message.count) : message.count;
                    else
                        object.count = options.longs === $String ? $util.Long.prototype.toString.call(message.count) : options.longs === $Number ? new $util.LongBits(message.count.low >>> 0, message.count.high >>> 0).toNumber(true) : message.count;
                if (message.delta != null && $Object.hasOwnProperty.call(message, "delta"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.delta = typeof message.delta === "number" ? $BigInt(message.delta) : $util.Long.fromBits(message.delta.low >>> 0, message.delta.high >>> 0, false).toBigInt();
                    else if (typeof message.delta === "number")
                        object.delta = options.longs === $String ? $String(message.delta) : message.delta;
                    else
                        object.delta = options.longs === $String ? $util.Long.prototype.toString.call(message.delta) : options.longs === $Number ? new $util.LongBits(message.delta.low >>> 0, message.delta.high >>> 0).toNumber() : message.delta;
                if (message.hash != null && $Object.hasOwnProperty.call(message, "hash"))
                    object.hash = message.hash;
                if (message.wideHash != null && $Object.hasOwnProperty.call(message, "wideHash"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.wideHash = typeof message.wideHash === "number" ? $BigInt(message.wideHash) : $util.Long.fromBits(message.wideHash.low >>> 0, message.wideHash.high >>> 0, true).toBigInt();
                    else if (typeof message.wideHash === "number")
                        object.wideHash = options.longs === $String ? $String(message.wideHash) : message.wideHash;
                    else
                        object.wideHash = options.longs === $String ? $util.Long.prototype.toString.call(message.wideHash) : options.longs === $Number ? new $util.LongBits(message.wideHash.low >>> 0, message.wideHash.high >>> 0).toNumber(true) : message.wideHash;
                if (message.offset != null && $Object.hasOwnProperty.call(message, "offset"))
                    object.offset = message.offset;
                if (message.wideOffset != null && $Object.hasOwnProperty.call(message, "wideOffset"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.wideOffset = typeof message.wideOffset === "number" ? $BigInt(message.wideOffset) : $util.Long.fromBits(message.wideOffset.low >>> 0, message.wideOffset.high >>> 0, false).toBigInt();
                    else if (typeof message.wideOffset === "number")
                        object.wideOffset = options.longs === $String ? $String(message.wideOffset) : message.wideOffset;
                    else
                        object.wideOffset = options.longs === $String ? $util.Long.prototype.toString.call(message.wideOffset) : options.longs === $Number ? new $util.LongBits(message.wideOffset.low >>> 0, message.wideOffset.high >>> 0).toNumber() : message.wideOffset;
                if (message.samples && message.samples.length) {
                    object.samples = $Array(message.samples.length);
                    for (let j = 0; j < message.samples.length; ++j)
                        object.samples[j] = options.json && !$isFinite(message.samples[j]) ? $String(message.samples[j]) : message.samples[j];
                }
                return object;
            };

            Fields.prototype.toJSON = function() {
                return Fields.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Fields;
        })();

        return fields;
    })();

    return bench;
})();

export {
  $root as default
};
