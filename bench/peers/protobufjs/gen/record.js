/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $Array = $util.global.Array, $TypeError = $util.global.TypeError, $String = $util.global.String, $Boolean = $util.global.Boolean, $Number = $util.global.Number, $parseInt = $util.global.parseInt, $BigInt = $util.global.BigInt;

const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const bench = $root.bench = (() => {

    const bench = {};

    bench.record = (function() {

        const record = {};

        record.Record = (function() {

            const Record = function (properties) {
                this.marks = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Record.prototype.name = "";
            Record.prototype.title = "";
            Record.prototype.owner = "";
            Record.prototype["public"] = false;
            Record.prototype.archived = false;
            Record.prototype.kind = 0;
            Record.prototype.level = 0;
            Record.prototype.region = 0;
            Record.prototype.zone = 0;
            Record.prototype.created = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Record.prototype.note = "";
            Record.prototype.marks = $util.emptyArray;
            Record.prototype.visible = false;
            Record.prototype.path = "";
            Record.prototype.size = 0;
            Record.prototype.extra = 0;
            Record.prototype.checked = false;
            Record.prototype.locked = false;
            Record.prototype.hidden = false;
            Record.prototype.pinned = false;
            Record.prototype.rank = 0;
            Record.prototype.width = 0;
            Record.prototype.height = 0;
            Record.prototype.format = "";
            Record.prototype.source = "";
            Record.prototype.first = 0;
            Record.prototype.second = false;
            Record.prototype.third = 0;
            Record.prototype.fourth = 0;
            Record.prototype.fifth = 0;
            Record.prototype.sixth = 0;
            Record.prototype.seventh = 0;
            Record.prototype.eighth = false;
            Record.prototype.ninth = 0;
            Record.prototype.detail = null;
            Record.prototype.starred = false;
            Record.prototype.likes = 0;
            Record.prototype.shares = 0;
            Record.prototype.views = 0;
            Record.prototype.lastNote = "";
            Record.prototype.last = 0;

            Record.create = function(properties) {
                return new Record(properties);
            };

            Record.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(10).string(message.name);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(16).int32(message.kind);
                if (message.level != null && $Object.hasOwnProperty.call(message, "level") && message.level !== 0)
                    writer.uint32(24).int32(message.level);
                if (message.note != null && $Object.hasOwnProperty.call(message, "note") && message.note !== "")
                    writer.uint32(34).string(message.note);
                if (message.marks != null && message.marks.length)
                    writer.uint32(42).fixed64s(message.marks);
                if (message.zone != null && $Object.hasOwnProperty.call(message, "zone") && message.zone !== 0)
                    writer.uint32(48).int32(message.zone);
                if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                    writer.uint32(58).string(message.path);
                if (message.title != null && $Object.hasOwnProperty.call(message, "title") && message.title !== "")
                    writer.uint32(74).string(message.title);
                if (message.checked != null && $Object.hasOwnProperty.call(message, "checked") && message.checked !== false)
                    writer.uint32(96).bool(message.checked);
                if (message.hidden != null && $Object.hasOwnProperty.call(message, "hidden") && message.hidden !== false)
                    writer.uint32(104).bool(message.hidden);
                if (message.pinned != null && $Object.hasOwnProperty.call(message, "pinned") && message.pinned !== false)
                    writer.uint32(112).bool(message.pinned);
                if (message.detail != null && $Object.hasOwnProperty.call(message, "detail"))
                    $root.bench.record.Detail.encode(message.detail, writer.uint32(122).fork(), _depth + 1).ldelim();
                if (message.size != null && $Object.hasOwnProperty.call(message, "size") && message.size !== 0)
                    writer.uint32(128).int32(message.size);
                if (message.locked != null && $Object.hasOwnProperty.call(message, "locked") && message.locked !== false)
                    writer.uint32(136).bool(message.locked);
                if (message.owner != null && $Object.hasOwnProperty.call(message, "owner") && message.owner !== "")
                    writer.uint32(146).string(message.owner);
                if (message.created != null && $Object.hasOwnProperty.call(message, "created") && (typeof message.created === "object" ? message.created.low || message.created.high : message.created !== 0))
                    writer.uint32(176).int64(message.created);
                if (message.seventh != null && $Object.hasOwnProperty.call(message, "seventh") && message.seventh !== 0)
                    writer.uint32(184).int32(message.seventh);
                if (message.eighth != null && $Object.hasOwnProperty.call(message, "eighth") && message.eighth !== false)
                    writer.uint32(192).bool(message.eighth);
                if (message.ninth != null && $Object.hasOwnProperty.call(message, "ninth") && message.ninth !== 0)
                    writer.uint32(200).int32(message.ninth);
                if (message.first != null && $Object.hasOwnProperty.call(message, "first") && message.first !== 0)
                    writer.uint32(232).int32(message.first);
                if (message.second != null && $Object.hasOwnProperty.call(message, "second") && message.second !== false)
                    writer.uint32(240).bool(message.second);
                if (message.visible != null && $Object.hasOwnProperty.call(message, "visible") && message.visible !== false)
                    writer.uint32(472).bool(message.visible);
                if (message.third != null && $Object.hasOwnProperty.call(message, "third") && message.third !== 0)
                    writer.uint32(480).int32(message.third);
                if (message.likes != null && $Object.hasOwnProperty.call(message, "likes") && message.likes !== 0)
                    writer.uint32(536).int32(message.likes);
                if (message.shares != null && $Object.hasOwnProperty.call(message, "shares") && message.shares !== 0)
                    writer.uint32(544).int32(message.shares);
                if (message.starred != null && $Object.hasOwnProperty.call(message, "starred") && message.starred !== false)
                    writer.uint32(624).bool(message.starred);
                if (message["public"] != null && $Object.hasOwnProperty.call(message, "public") && message["public"] !== false)
                    writer.uint32(640).bool(message["public"]);
                if (message.archived != null && $Object.hasOwnProperty.call(message, "archived") && message.archived !== false)
                    writer.uint32(648).bool(message.archived);
                if (message.width != null && $Object.hasOwnProperty.call(message, "width") && message.width !== 0)
                    writer.uint32(800).int32(message.width);
                if (message.height != null && $Object.hasOwnProperty.call(message, "height") && message.height !== 0)
                    writer.uint32(808).int32(message.height);
                if (message.format != null && $Object.hasOwnProperty.call(message, "format") && message.format !== "")
                    writer.uint32(818).string(message.format);
                if (message.source != null && $Object.hasOwnProperty.call(message, "source") && message.source !== "")
                    writer.uint32(826).string(message.source);
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank") && message.rank !== 0)
                    writer.uint32(832).int32(message.rank);
                if (message.views != null && $Object.hasOwnProperty.call(message, "views") && message.views !== 0)
                    writer.uint32(1024).int32(message.views);
                if (message.lastNote != null && $Object.hasOwnProperty.call(message, "lastNote") && message.lastNote !== "")
                    writer.uint32(1034).string(message.lastNote);
                if (message.extra != null && $Object.hasOwnProperty.call(message, "extra") && message.extra !== 0)
                    writer.uint32(1040).int32(message.extra);
                if (message.last != null && $Object.hasOwnProperty.call(message, "last") && message.last !== 0)
                    writer.uint32(1048).int32(message.last);
                if (message.sixth != null && $Object.hasOwnProperty.call(message, "sixth") && message.sixth !== 0)
                    writer.uint32(1200).int32(message.sixth);
                if (message.fourth != null && $Object.hasOwnProperty.call(message, "fourth") && message.fourth !== 0)
                    writer.uint32(2168).int32(message.fourth);
                if (message.fifth != null && $Object.hasOwnProperty.call(message, "fifth") && message.fifth !== 0)
                    writer.uint32(2176).int32(message.fifth);
                if (message.region != null && $Object.hasOwnProperty.call(message, "region") && message.region !== 0)
                    writer.uint32(2240).int32(message.region);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Record.encodeDelimited = function(message, writer) {
                return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
            };

            Record.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.bench.record.Record();
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
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.title = value;
                            else
                                delete message.title;
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.owner = value;
                            else
                                delete message.owner;
                            continue;
                        }
                    case 80: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message["public"] = value;
                            else
                                delete message["public"];
                            continue;
                        }
                    case 81: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.archived = value;
                            else
                                delete message.archived;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.level = value;
                            else
                                delete message.level;
                            continue;
                        }
                    case 280: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.region = value;
                            else
                                delete message.region;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.zone = value;
                            else
                                delete message.zone;
                            continue;
                        }
                    case 22: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.created = value;
                            else
                                delete message.created;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.note = value;
                            else
                                delete message.note;
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.marks && message.marks.length))
                                    message.marks = [];
                                reader.fixed64s(message.marks);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.marks && message.marks.length))
                                message.marks = [];
                            message.marks.push(reader.fixed64());
                            continue;
                        }
                    case 59: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.visible = value;
                            else
                                delete message.visible;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.path = value;
                            else
                                delete message.path;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.size = value;
                            else
                                delete message.size;
                            continue;
                        }
                    case 130: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.extra = value;
                            else
                                delete message.extra;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.checked = value;
                            else
                                delete message.checked;
                            continue;
                        }
                    case 17: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.locked = value;
                            else
                                delete message.locked;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.hidden = value;
                            else
                                delete message.hidden;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.pinned = value;
                            else
                                delete message.pinned;
                            continue;
                        }
                    case 104: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.rank = value;
                            else
                                delete message.rank;
                            continue;
                        }
                    case 100: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.width = value;
                            else
                                delete message.width;
                            continue;
                        }
                    case 101: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.height = value;
                            else
                                delete message.height;
                            continue;
                        }
                    case 102: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.format = value;
                            else
                                delete message.format;
                            continue;
                        }
                    case 103: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.source = value;
                            else
                                delete message.source;
                            continue;
                        }
                    case 29: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.first = value;
                            else
                                delete message.first;
                            continue;
                        }
                    case 30: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.second = value;
                            else
                                delete message.second;
                            continue;
                        }
                    case 60: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.third = value;
                            else
                                delete message.third;
                            continue;
                        }
                    case 271: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.fourth = value;
                            else
                                delete message.fourth;
                            continue;
                        }
                    case 272: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.fifth = value;
                            else
                                delete message.fifth;
                            continue;
                        }
                    case 150: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.sixth = value;
                            else
                                delete message.sixth;
                            continue;
                        }
                    case 23: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.seventh = value;
                            else
                                delete message.seventh;
                            continue;
                        }
                    case 24: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.eighth = value;
                            else
                                delete message.eighth;
                            continue;
                        }
                    case 25: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.ninth = value;
                            else
                                delete message.ninth;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.detail = $root.bench.record.Detail.decode(reader, reader.size(), $undefined, _depth + 1, message.detail);
                            continue;
                        }
                    case 78: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.starred = value;
                            else
                                delete message.starred;
                            continue;
                        }
                    case 67: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.likes = value;
                            else
                                delete message.likes;
                            continue;
                        }
                    case 68: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.shares = value;
                            else
                                delete message.shares;
                            continue;
                        }
                    case 128: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.views = value;
                            else
                                delete message.views;
                            continue;
                        }
                    case 129: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.lastNote = value;
                            else
                                delete message.lastNote;
                            continue;
                        }
                    case 131: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.last = value;
                            else
                                delete message.last;
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

            Record.decodeDelimited = function(reader) {
                if (!(reader instanceof $Reader))
                    reader = new $Reader(reader);
                return this.decode(reader, reader.size());
            };

            Record.verify = function (message, _depth) {
                if (typeof message !== "object" || message === null)
                    return "object expected";
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    return "max depth exceeded";
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    if (!$util.isString(message.name))
                        return "name: string expected";
                if (message.title != null && $Object.hasOwnProperty.call(message, "title"))
                    if (!$util.isString(message.title))
                        return "title: string expected";
                if (message.owner != null && $Object.hasOwnProperty.call(message, "owner"))
                    if (!$util.isString(message.owner))
                        return "owner: string expected";
                if (message["public"] != null && $Object.hasOwnProperty.call(message, "public"))
                    if (typeof message["public"] !== "boolean")
                        return "public: boolean expected";
                if (message.archived != null && $Object.hasOwnProperty.call(message, "archived"))
                    if (typeof message.archived !== "boolean")
                        return "archived: boolean expected";
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    if (!$util.isInteger(message.kind))
                        return "kind: integer expected";
                if (message.level != null && $Object.hasOwnProperty.call(message, "level"))
                    if (!$util.isInteger(message.level))
                        return "level: integer expected";
                if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                    if (!$util.isInteger(message.region))
                        return "region: integer expected";
                if (message.zone != null && $Object.hasOwnProperty.call(message, "zone"))
                    if (!$util.isInteger(message.zone))
                        return "zone: integer expected";
                if (message.created != null && $Object.hasOwnProperty.call(message, "created"))
                    if (!$util.isInteger(message.created) && !(message.created && $util.isInteger(message.created.low) && $util.isInteger(message.created.high)))
                        return "created: integer|Long expected";
                if (message.note != null && $Object.hasOwnProperty.call(message, "note"))
                    if (!$util.isString(message.note))
                        return "note: string expected";
                if (message.marks != null && $Object.hasOwnProperty.call(message, "marks")) {
                    if (!$Array.isArray(message.marks))
                        return "marks: array expected";
                    for (let i = 0; i < message.marks.length; ++i)
                        if (!$util.isInteger(message.marks[i]) && !(message.marks[i] && $util.isInteger(message.marks[i].low) && $util.isInteger(message.marks[i].high)))
                            return "marks: integer|Long[] expected";
                }
                if (message.visible != null && $Object.hasOwnProperty.call(message, "visible"))
                    if (typeof message.visible !== "boolean")
                        return "visible: boolean expected";
                if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                    if (!$util.isString(message.path))
                        return "path: string expected";
                if (message.size != null && $Object.hasOwnProperty.call(message, "size"))
                    if (!$util.isInteger(message.size))
                        return "size: integer expected";
                if (message.extra != null && $Object.hasOwnProperty.call(message, "extra"))
                    if (!$util.isInteger(message.extra))
                        return "extra: integer expected";
                if (message.checked != null && $Object.hasOwnProperty.call(message, "checked"))
                    if (typeof message.checked !== "boolean")
                        return "checked: boolean expected";
                if (message.locked != null && $Object.hasOwnProperty.call(message, "locked"))
                    if (typeof message.locked !== "boolean")
                        return "locked: boolean expected";
                if (message.hidden != null && $Object.hasOwnProperty.call(message, "hidden"))
                    if (typeof message.hidden !== "boolean")
                        return "hidden: boolean expected";
                if (message.pinned != null && $Object.hasOwnProperty.call(message, "pinned"))
                    if (typeof message.pinned !== "boolean")
                        return "pinned: boolean expected";
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank"))
                    if (!$util.isInteger(message.rank))
                        return "rank: integer expected";
                if (message.width != null && $Object.hasOwnProperty.call(message, "width"))
                    if (!$util.isInteger(message.width))
                        return "width: integer expected";
                if (message.height != null && $Object.hasOwnProperty.call(message, "height"))
                    if (!$util.isInteger(message.height))
                        return "height: integer expected";
                if (message.format != null && $Object.hasOwnProperty.call(message, "format"))
                    if (!$util.isString(message.format))
                        return "format: string expected";
                if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                    if (!$util.isString(message.source))
                        return "source: string expected";
                if (message.first != null && $Object.hasOwnProperty.call(message, "first"))
                    if (!$util.isInteger(message.first))
                        return "first: integer expected";
                if (message.second != null && $Object.hasOwnProperty.call(message, "second"))
                    if (typeof message.second !== "boolean")
                        return "second: boolean expected";
                if (message.third != null && $Object.hasOwnProperty.call(message, "third"))
                    if (!$util.isInteger(message.third))
                        return "third: integer expected";
                if (message.fourth != null && $Object.hasOwnProperty.call(message, "fourth"))
                    if (!$util.isInteger(message.fourth))
                        return "fourth: integer expected";
                if (message.fifth != null && $Object.hasOwnProperty.call(message, "fifth"))
                    if (!$util.isInteger(message.fifth))
                        return "fifth: integer expected";
                if (message.sixth != null && $Object.hasOwnProperty.call(message, "sixth"))
                    if (!$util.isInteger(message.sixth))
                        return "sixth: integer expected";
                if (message.seventh != null && $Object.hasOwnProperty.call(message, "seventh"))
                    if (!$util.isInteger(message.seventh))
                        return "seventh: integer expected";
                if (message.eighth != null && $Object.hasOwnProperty.call(message, "eighth"))
                    if (typeof message.eighth !== "boolean")
                        return "eighth: boolean expected";
                if (message.ninth != null && $Object.hasOwnProperty.call(message, "ninth"))
                    if (!$util.isInteger(message.ninth))
                        return "ninth: integer expected";
                if (message.detail != null && $Object.hasOwnProperty.call(message, "detail")) {
                    let error = $root.bench.record.Detail.verify(message.detail, _depth + 1);
                    if (error)
                        return "detail." + error;
                }
                if (message.starred != null && $Object.hasOwnProperty.call(message, "starred"))
                    if (typeof message.starred !== "boolean")
                        return "starred: boolean expected";
                if (message.likes != null && $Object.hasOwnProperty.call(message, "likes"))
                    if (!$util.isInteger(message.likes))
                        return "likes: integer expected";
                if (message.shares != null && $Object.hasOwnProperty.call(message, "shares"))
                    if (!$util.isInteger(message.shares))
                        return "shares: integer expected";
                if (message.views != null && $Object.hasOwnProperty.call(message, "views"))
                    if (!$util.isInteger(message.views))
                        return "views: integer expected";
                if (message.lastNote != null && $Object.hasOwnProperty.call(message, "lastNote"))
                    if (!$util.isString(message.lastNote))
                        return "lastNote: string expected";
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    if (!$util.isInteger(message.last))
                        return "last: integer expected";
                return null;
            };

            Record.fromObject = function (object, _depth) {
                if (object instanceof $root.bench.record.Record)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".bench.record.Record: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.bench.record.Record();
                if (object.name != null)
                    if (typeof object.name !== "string" || object.name.length)
                        message.name = $String(object.name);
                if (object.title != null)
                    if (typeof object.title !== "string" || object.title.length)
                        message.title = $String(object.title);
                if (object.owner != null)
                    if (typeof object.owner !== "string" || object.owner.length)
                        message.owner = $String(object.owner);
                if (object["public"] != null)
                    if (object["public"])
                        message["public"] = $Boolean(object["public"]);
                if (object.archived != null)
                    if (object.archived)
                        message.archived = $Boolean(object.archived);
                if (object.kind != null)
                    if ($Number(object.kind) !== 0)
                        message.kind = object.kind | 0;
                if (object.level != null)
                    if ($Number(object.level) !== 0)
                        message.level = object.level | 0;
                if (object.region != null)
                    if ($Number(object.region) !== 0)
                        message.region = object.region | 0;
                if (object.zone != null)
                    if ($Number(object.zone) !== 0)
                        message.zone = object.zone | 0;
                if (object.created != null)
                    if (typeof object.created === "object" ? object.created.low || object.created.high : $Number(object.created) !== 0)
                        if ($util.Long)
                            message.created = $util.Long.fromValue(object.created, false);
                        else if (typeof object.created === "string")
                            message.created = $parseInt(object.created, 10);
                        else if (typeof object.created === "number")
                            message.created = object.created;
                        else if (typeof object.created === "object")
                            message.created = new $util.LongBits(object.created.low >>> 0, object.created.high >>> 0).toNumber();
                if (object.note != null)
                    if (typeof object.note !== "string" || object.note.length)
                        message.note = $String(object.note);
                if (object.marks) {
                    if (!$Array.isArray(object.marks))
                        throw $TypeError(".bench.record.Record.marks: array expected");
                    message.marks = $Array(object.marks.length);
                    for (let i = 0; i < object.marks.length; ++i)
                        if ($util.Long)
                            message.marks[i] = $util.Long.fromValue(object.marks[i], true);
                        else if (typeof object.marks[i] === "string")
                            message.marks[i] = $parseInt(object.marks[i], 10);
                        else if (typeof object.marks[i] === "number")
                            message.marks[i] = object.marks[i];
                        else if (typeof object.marks[i] === "object")
                            message.marks[i] = new $util.LongBits(object.marks[i].low >>> 0, object.marks[i].high >>> 0).toNumber(true);
                }
                if (object.visible != null)
                    if (object.visible)
                        message.visible = $Boolean(object.visible);
                if (object.path != null)
                    if (typeof object.path !== "string" || object.path.length)
                        message.path = $String(object.path);
                if (object.size != null)
                    if ($Number(object.size) !== 0)
                        message.size = object.size | 0;
                if (object.extra != null)
                    if ($Number(object.extra) !== 0)
                        message.extra = object.extra | 0;
                if (object.checked != null)
                    if (object.checked)
                        message.checked = $Boolean(object.checked);
                if (object.locked != null)
                    if (object.locked)
                        message.locked = $Boolean(object.locked);
                if (object.hidden != null)
                    if (object.hidden)
                        message.hidden = $Boolean(object.hidden);
                if (object.pinned != null)
                    if (object.pinned)
                        message.pinned = $Boolean(object.pinned);
                if (object.rank != null)
                    if ($Number(object.rank) !== 0)
                        message.rank = object.rank | 0;
                if (object.width != null)
                    if ($Number(object.width) !== 0)
                        message.width = object.width | 0;
                if (object.height != null)
                    if ($Number(object.height) !== 0)
                        message.height = object.height | 0;
                if (object.format != null)
                    if (typeof object.format !== "string" || object.format.length)
                        message.format = $String(object.format);
                if (object.source != null)
                    if (typeof object.source !== "string" || object.source.length)
                        message.source = $String(object.source);
                if (object.first != null)
                    if ($Number(object.first) !== 0)
                        message.first = object.first | 0;
                if (object.second != null)
                    if (object.second)
                        message.second = $Boolean(object.second);
                if (object.third != null)
                    if ($Number(object.third) !== 0)
                        message.third = object.third | 0;
                if (object.fourth != null)
                    if ($Number(object.fourth) !== 0)
                        message.fourth = object.fourth | 0;
                if (object.fifth != null)
                    if ($Number(object.fifth) !== 0)
                        message.fifth = object.fifth | 0;
                if (object.sixth != null)
                    if ($Number(object.sixth) !== 0)
                        message.sixth = object.sixth | 0;
                if (object.seventh != null)
                    if ($Number(object.seventh) !== 0)
                        message.seventh = object.seventh | 0;
                if (object.eighth != null)
                    if (object.eighth)
                        message.eighth = $Boolean(object.eighth);
                if (object.ninth != null)
                    if ($Number(object.ninth) !== 0)
                        message.ninth = object.ninth | 0;
                if (object.detail != null) {
                    if (!$util.isObject(object.detail))
                        throw $TypeError(".bench.record.Record.detail: object expected");
                    message.detail = $root.bench.record.Detail.fromObject(object.detail, _depth + 1);
                }
                if (object.starred != null)
                    if (object.starred)
                        message.starred = $Boolean(object.starred);
                if (object.likes != null)
                    if ($Number(object.likes) !== 0)
                        message.likes = object.likes | 0;
                if (object.shares != null)
                    if ($Number(object.shares) !== 0)
                        message.shares = object.shares | 0;
                if (object.views != null)
                    if ($Number(object.views) !== 0)
                        message.views = object.views | 0;
                if (object.lastNote != null)
                    if (typeof object.lastNote !== "string" || object.lastNote.length)
                        message.lastNote = $String(object.lastNote);
                if (object.last != null)
                    if ($Number(object.last) !== 0)
                        message.last = object.last | 0;
                return message;
            };

            Record.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.marks = [];
                if (options.defaults) {
                    object.name = "";
                    object.kind = 0;
                    object.level = 0;
                    object.note = "";
                    object.zone = 0;
                    object.path = "";
                    object.title = "";
                    object.checked = false;
                    object.hidden = false;
                    object.pinned = false;
                    object.detail = null;
                    object.size = 0;
                    object.locked = false;
                    object.owner = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.created = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.created = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.seventh = 0;
                    object.eighth = false;
                    object.ninth = 0;
                    object.first = 0;
                    object.second = false;
                    object.visible = false;
                    object.third = 0;
                    object.likes = 0;
                    object.shares = 0;
                    object.starred = false;
                    object["public"] = false;
                    object.archived = false;
                    object.width = 0;
                    object.height = 0;
                    object.format = "";
                    object.source = "";
                    object.rank = 0;
                    object.views = 0;
                    object.lastNote = "";
                    object.extra = 0;
                    object.last = 0;
                    object.sixth = 0;
                    object.fourth = 0;
                    object.fifth = 0;
                    object.region = 0;
                }
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    object.name = message.name;
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = message.kind;
                if (message.level != null && $Object.hasOwnProperty.call(message, "level"))
                    object.level = message.level;
                if (message.note != null && $Object.hasOwnProperty.call(message, "note"))
                    object.note = message.note;
                if (message.marks && message.marks.length) {
                    object.marks = $Array(message.marks.length);
                    for (let j = 0; j < message.marks.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.marks[j] = typeof message.marks[j] === "number" ? $BigInt(message.marks[j]) : $util.Long.fromBits(message.marks[j].low >>> 0, message.marks[j].high >>> 0, true).toBigInt();
                        else if (typeof message.marks[j] === "number")
                            object.marks[j] = options.longs === $String ? $String(message.marks[j]) : message.marks[j];
                        else
                            object.marks[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.marks[j]) : options.longs === $Number ? new $util.LongBits(message.marks[j].low >>> 0, message.marks[j].high >>> 0).toNumber(true) : message.marks[j];
                }
                if (message.zone != null && $Object.hasOwnProperty.call(message, "zone"))
                    object.zone = message.zone;
                if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                    object.path = message.path;
                if (message.title != null && $Object.hasOwnProperty.call(message, "title"))
                    object.title = message.title;
                if (message.checked != null && $Object.hasOwnProperty.call(message, "checked"))
                    object.checked = message.checked;
                if (message.hidden != null && $Object.hasOwnProperty.call(message, "hidden"))
                    object.hidden = message.hidden;
                if (message.pinned != null && $Object.hasOwnProperty.call(message, "pinned"))
                    object.pinned = message.pinned;
                if (message.detail != null && $Object.hasOwnProperty.call(message, "detail"))
                    object.detail = $root.bench.record.Detail.toObject(message.detail, options, _depth + 1);
                if (message.size != null && $Object.hasOwnProperty.call(message, "size"))
                    object.size = message.size;
                if (message.locked != null && $Object.hasOwnProperty.call(message, "locked"))
                    object.locked = message.locked;
                if (message.owner != null && $Object.hasOwnProperty.call(message, "owner"))
                    object.owner = message.owner;
                if (message.created != null && $Object.hasOwnProperty.call(message, "created"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.created = typeof message.created === "number" ? $BigInt(message.created) : $util.Long.fromBits(message.created.low >>> 0, message.created.high >>> 0, false).toBigInt();
                    else if (typeof message.created === "number")
                        object.created = options.longs === $String ? $String(message.created) : message.created;
                    else
                        object.created = options.longs === $String ? $util.Long.prototype.toString.call(message.created) : options.longs === $Number ? new $util.LongBits(message.created.low >>> 0, message.created.high >>> 0).toNumber() : message.created;
                if (message.seventh != null && $Object.hasOwnProperty.call(message, "seventh"))
                    object.seventh = message.seventh;
                if (message.eighth != null && $Object.hasOwnProperty.call(message, "eighth"))
                    object.eighth = message.eighth;
                if (message.ninth != null && $Object.hasOwnProperty.call(message, "ninth"))
                    object.ninth = message.ninth;
                if (message.first != null && $Object.hasOwnProperty.call(message, "first"))
                    object.first = message.first;
                if (message.second != null && $Object.hasOwnProperty.call(message, "second"))
                    object.second = message.second;
                if (message.visible != null && $Object.hasOwnProperty.call(message, "visible"))
                    object.visible = message.visible;
                if (message.third != null && $Object.hasOwnProperty.call(message, "third"))
                    object.third = message.third;
                if (message.likes != null && $Object.hasOwnProperty.call(message, "likes"))
                    object.likes = message.likes;
                if (message.shares != null && $Object.hasOwnProperty.call(message, "shares"))
                    object.shares = message.shares;
                if (message.starred != null && $Object.hasOwnProperty.call(message, "starred"))
                    object.starred = message.starred;
                if (message["public"] != null && $Object.hasOwnProperty.call(message, "public"))
                    object["public"] = message["public"];
                if (message.archived != null && $Object.hasOwnProperty.call(message, "archived"))
                    object.archived = message.archived;
                if (message.width != null && $Object.hasOwnProperty.call(message, "width"))
                    object.width = message.width;
                if (message.height != null && $Object.hasOwnProperty.call(message, "height"))
                    object.height = message.height;
                if (message.format != null && $Object.hasOwnProperty.call(message, "format"))
                    object.format = message.format;
                if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                    object.source = message.source;
                if (message.rank != null && $Object.hasOwnProperty.call(message, "rank"))
                    object.rank = message.rank;
                if (message.views != null && $Object.hasOwnProperty.call(message, "views"))
                    object.views = message.views;
                if (message.lastNote != null && $Object.hasOwnProperty.call(message, "lastNote"))
                    object.lastNote = message.lastNote;
                if (message.extra != null && $Object.hasOwnProperty.call(message, "extra"))
                    object.extra = message.extra;
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    object.last = message.last;
                if (message.sixth != null && $Object.hasOwnProperty.call(message, "sixth"))
                    object.sixth = message.sixth;
                if (message.fourth != null && $Object.hasOwnProperty.call(message, "fourth"))
                    object.fourth = message.fourth;
                if (message.fifth != null && $Object.hasOwnProperty.call(message, "fifth"))
                    object.fifth = message.fifth;
                if (message.region != null && $Object.hasOwnProperty.call(message, "region"))
                    object.region = message.region;
                return object;
            };

            Record.prototype.toJSON = function() {
                return Record.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Record;
        })();

        record.Detail = (function() {

            const Detail = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Detail.prototype.a = 0;
            Detail.prototype.b = 0;
            Detail.prototype.c = 0;
            Detail.prototype.text = "";
            Detail.prototype.d = false;
            Detail.prototype.e = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Detail.prototype.f = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            Detail.prototype.g = 0;
            Detail.prototype.h = 0;
            Detail.prototype.i = false;
            Detail.prototype.j = false;
            Detail.prototype.k = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Detail.prototype.l = 0;
            Detail.prototype.m = false;
            Detail.prototype.n = false;
            Detail.prototype.o = 0;
            Detail.prototype.p = 0;
            Detail.prototype.q = "";
            Detail.prototype.r = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Detail.prototype.s = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

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
                if (message.a != null && $Object.hasOwnProperty.call(message, "a") && message.a !== 0)
                    writer.uint32(8).int32(message.a);
                if (message.b != null && $Object.hasOwnProperty.call(message, "b") && message.b !== 0)
                    writer.uint32(16).int32(message.b);
                if (message.c != null && $Object.hasOwnProperty.call(message, "c") && message.c !== 0)
                    writer.uint32(24).int32(message.c);
                if (message.d != null && $Object.hasOwnProperty.call(message, "d") && message.d !== false)
                    writer.uint32(96).bool(message.d);
                if (message.e != null && $Object.hasOwnProperty.call(message, "e") && (typeof message.e === "object" ? message.e.low || message.e.high : message.e !== 0))
                    writer.uint32(104).int64(message.e);
                if (message.f != null && $Object.hasOwnProperty.call(message, "f") && (typeof message.f === "object" ? message.f.low || message.f.high : message.f !== 0))
                    writer.uint32(112).int64(message.f);
                if (message.text != null && $Object.hasOwnProperty.call(message, "text") && message.text !== "")
                    writer.uint32(122).string(message.text);
                if (message.g != null && $Object.hasOwnProperty.call(message, "g") && message.g !== 0)
                    writer.uint32(128).int32(message.g);
                if (message.h != null && $Object.hasOwnProperty.call(message, "h") && message.h !== 0)
                    writer.uint32(152).int32(message.h);
                if (message.i != null && $Object.hasOwnProperty.call(message, "i") && message.i !== false)
                    writer.uint32(160).bool(message.i);
                if (message.k != null && $Object.hasOwnProperty.call(message, "k") && (typeof message.k === "object" ? message.k.low || message.k.high : message.k !== 0))
                    writer.uint32(169).fixed64(message.k);
                if (message.l != null && $Object.hasOwnProperty.call(message, "l") && message.l !== 0)
                    writer.uint32(176).int32(message.l);
                if (message.m != null && $Object.hasOwnProperty.call(message, "m") && message.m !== false)
                    writer.uint32(184).bool(message.m);
                if (message.j != null && $Object.hasOwnProperty.call(message, "j") && message.j !== false)
                    writer.uint32(224).bool(message.j);
                if (message.o != null && $Object.hasOwnProperty.call(message, "o") && message.o !== 0)
                    writer.uint32(1629).fixed32(message.o);
                if (message.p != null && $Object.hasOwnProperty.call(message, "p") && message.p !== 0)
                    writer.uint32(1632).int32(message.p);
                if (message.q != null && $Object.hasOwnProperty.call(message, "q") && message.q !== "")
                    writer.uint32(1642).string(message.q);
                if (message.n != null && $Object.hasOwnProperty.call(message, "n") && message.n !== false)
                    writer.uint32(1648).bool(message.n);
                if (message.r != null && $Object.hasOwnProperty.call(message, "r") && (typeof message.r === "object" ? message.r.low || message.r.high : message.r !== 0))
                    writer.uint32(1656).uint64(message.r);
                if (message.s != null && $Object.hasOwnProperty.call(message, "s") && (typeof message.s === "object" ? message.s.low || message.s.high : message.s !== 0))
                    writer.uint32(2400).uint64(message.s);
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
                message = _target || new $root.bench.record.Detail();
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
                                message.a = value;
                            else
                                delete message.a;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.b = value;
                            else
                                delete message.b;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.c = value;
                            else
                                delete message.c;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.text = value;
                            else
                                delete message.text;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.d = value;
                            else
                                delete message.d;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.e = value;
                            else
                                delete message.e;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                message.f = value;
                            else
                                delete message.f;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.g = value;
                            else
                                delete message.g;
                            continue;
                        }
                    case 19: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.h = value;
                            else
                                delete message.h;
                            continue;
                        }
                    case 20: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.i = value;
                            else
                                delete message.i;
                            continue;
                        }
                    case 28: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.j = value;
                            else
                                delete message.j;
                            continue;
                        }
                    case 21: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.k = value;
                            else
                                delete message.k;
                            continue;
                        }
                    case 22: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.l = value;
                            else
                                delete message.l;
                            continue;
                        }
                    case 23: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.m = value;
                            else
                                delete message.m;
                            continue;
                        }
                    case 206: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.n = value;
                            else
                                delete message.n;
                            continue;
                        }
                    case 203: {
                            if (wireType !== 5)
                                break;
                            if (value = reader.fixed32())
                                message.o = value;
                            else
                                delete message.o;
                            continue;
                        }
                    case 204: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.p = value;
                            else
                                delete message.p;
                            continue;
                        }
                    case 205: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.q = value;
                            else
                                delete message.q;
                            continue;
                        }
                    case 207: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.r = value;
                            else
                                delete message.r;
                            continue;
                        }
                    case 300: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.s = value;
                            else
                                delete message.s;
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
                    if (!$util.isInteger(message.a))
                        return "a: integer expected";
                if (message.b != null && $Object.hasOwnProperty.call(message, "b"))
                    if (!$util.isInteger(message.b))
                        return "b: integer expected";
                if (message.c != null && $Object.hasOwnProperty.call(message, "c"))
                    if (!$util.isInteger(message.c))
                        return "c: integer expected";
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    if (!$util.isString(message.text))
                        return "text: string expected";
                if (message.d != null && $Object.hasOwnProperty.call(message, "d"))
                    if (typeof message.d !== "boolean")
                        return "d: boolean expected";
                if (message.e != null && $Object.hasOwnProperty.call(message, "e"))
                    if (!$util.isInteger(message.e) && !(message.e && $util.isInteger(message.e.low) && $util.isInteger(message.e.high)))
                        return "e: integer|Long expected";
                if (message.f != null && $Object.hasOwnProperty.call(message, "f"))
                    if (!$util.isInteger(message.f) && !(message.f && $util.isInteger(message.f.low) && $util.isInteger(message.f.high)))
                        return "f: integer|Long expected";
                if (message.g != null && $Object.hasOwnProperty.call(message, "g"))
                    if (!$util.isInteger(message.g))
                        return "g: integer expected";
                if (message.h != null && $Object.hasOwnProperty.call(message, "h"))
                    if (!$util.isInteger(message.h))
                        return "h: integer expected";
                if (message.i != null && $Object.hasOwnProperty.call(message, "i"))
                    if (typeof message.i !== "boolean")
                        return "i: boolean expected";
                if (message.j != null && $Object.hasOwnProperty.call(message, "j"))
                    if (typeof message.j !== "boolean")
                        return "j: boolean expected";
                if (message.k != null && $Object.hasOwnProperty.call(message, "k"))
                    if (!$util.isInteger(message.k) && !(message.k && $util.isInteger(message.k.low) && $util.isInteger(message.k.high)))
                        return "k: integer|Long expected";
                if (message.l != null && $Object.hasOwnProperty.call(message, "l"))
                    if (!$util.isInteger(message.l))
                        return "l: integer expected";
                if (message.m != null && $Object.hasOwnProperty.call(message, "m"))
                    if (typeof message.m !== "boolean")
                        return "m: boolean expected";
                if (message.n != null && $Object.hasOwnProperty.call(message, "n"))
                    if (typeof message.n !== "boolean")
                        return "n: boolean expected";
                if (message.o != null && $Object.hasOwnProperty.call(message, "o"))
                    if (!$util.isInteger(message.o))
                        return "o: integer expected";
                if (message.p != null && $Object.hasOwnProperty.call(message, "p"))
                    if (!$util.isInteger(message.p))
                        return "p: integer expected";
                if (message.q != null && $Object.hasOwnProperty.call(message, "q"))
                    if (!$util.isString(message.q))
                        return "q: string expected";
                if (message.r != null && $Object.hasOwnProperty.call(message, "r"))
                    if (!$util.isInteger(message.r) && !(message.r && $util.isInteger(message.r.low) && $util.isInteger(message.r.high)))
                        return "r: integer|Long expected";
                if (message.s != null && $Object.hasOwnProperty.call(message, "s"))
                    if (!$util.isInteger(message.s) && !(message.s && $util.isInteger(message.s.low) && $util.isInteger(message.s.high)))
                        return "s: integer|Long expected";
                return null;
            };

            Detail.fromObject = function (object, _depth) {
                if (object instanceof $root.bench.record.Detail)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".bench.record.Detail: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.bench.record.Detail();
                if (object.a != null)
                    if ($Number(object.a) !== 0)
                        message.a = object.a | 0;
                if (object.b != null)
                    if ($Number(object.b) !== 0)
                        message.b = object.b | 0;
                if (object.c != null)
                    if ($Number(object.c) !== 0)
                        message.c = object.c | 0;
                if (object.text != null)
                    if (typeof object.text !== "string" || object.text.length)
                        message.text = $String(object.text);
                if (object.d != null)
                    if (object.d)
                        message.d = $Boolean(object.d);
                if (object.e != null)
                    if (typeof object.e === "object" ? object.e.low || object.e.high : $Number(object.e) !== 0)
                        if ($util.Long)
                            message.e = $util.Long.fromValue(object.e, false);
                        else if (typeof object.e === "string")
                            message.e = $parseInt(object.e, 10);
                        else if (typeof object.e === "number")
                            message.e = object.e;
                        else if (typeof object.e === "object")
                            message.e = new $util.LongBits(object.e.low >>> 0, object.e.high >>> 0).toNumber();
                if (object.f != null)
                    if (typeof object.f === "object" ? object.f.low || object.f.high : $Number(object.f) !== 0)
                        if ($util.Long)
                            message.f = $util.Long.fromValue(object.f, false);
                        else if (typeof object.f === "string")
                            message.f = $parseInt(object.f, 10);
                        else if (typeof object.f === "number")
                            message.f = object.f;
                        else if (typeof object.f === "object")
                            message.f = new $util.LongBits(object.f.low >>> 0, object.f.high >>> 0).toNumber();
                if (object.g != null)
                    if ($Number(object.g) !== 0)
                        message.g = object.g | 0;
                if (object.h != null)
                    if ($Number(object.h) !== 0)
                        message.h = object.h | 0;
                if (object.i != null)
                    if (object.i)
                        message.i = $Boolean(object.i);
                if (object.j != null)
                    if (object.j)
                        message.j = $Boolean(object.j);
                if (object.k != null)
                    if (typeof object.k === "object" ? object.k.low || object.k.high : $Number(object.k) !== 0)
                        if ($util.Long)
                            message.k = $util.Long.fromValue(object.k, true);
                        else if (typeof object.k === "string")
                            message.k = $parseInt(object.k, 10);
                        else if (typeof object.k === "number")
                            message.k = object.k;
                        else if (typeof object.k === "object")
                            message.k = new $util.LongBits(object.k.low >>> 0, object.k.high >>> 0).toNumber(true);
                if (object.l != null)
                    if ($Number(object.l) !== 0)
                        message.l = object.l | 0;
                if (object.m != null)
                    if (object.m)
                        message.m = $Boolean(object.m);
                if (object.n != null)
                    if (object.n)
                        message.n = $Boolean(object.n);
                if (object.o != null)
                    if ($Number(object.o) !== 0)
                        message.o = object.o >>> 0;
                if (object.p != null)
                    if ($Number(object.p) !== 0)
                        message.p = object.p | 0;
                if (object.q != null)
                    if (typeof object.q !== "string" || object.q.length)
                        message.q = $String(object.q);
                if (object.r != null)
                    if (typeof object.r === "object" ? object.r.low || object.r.high : $Number(object.r) !== 0)
                        if ($util.Long)
                            message.r = $util.Long.fromValue(object.r, true);
                        else if (typeof object.r === "string")
                            message.r = $parseInt(object.r, 10);
                        else if (typeof object.r === "number")
                            message.r = object.r;
                        else if (typeof object.r === "object")
                            message.r = new $util.LongBits(object.r.low >>> 0, object.r.high >>> 0).toNumber(true);
                if (object.s != null)
                    if (typeof object.s === "object" ? object.s.low || object.s.high : $Number(object.s) !== 0)
                        if ($util.Long)
                            message.s = $util.Long.fromValue(object.s, true);
                        else if (typeof object.s === "string")
                            message.s = $parseInt(object.s, 10);
                        else if (typeof object.s === "number")
                            message.s = object.s;
                        else if (typeof object.s === "object")
                            message.s = new $util.LongBits(object.s.low >>> 0, object.s.high >>> 0).toNumber(true);
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
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.e = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.e = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.f = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.f = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.text = "";
                    object.g = 0;
                    object.h = 0;
                    object.i = false;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.k = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.k = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.l = 0;
                    object.m = false;
                    object.j = false;
                    object.o = 0;
                    object.p = 0;
                    object.q = "";
                    object.n = false;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.r = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.r = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.s = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.s = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.a != null && $Object.hasOwnProperty.call(message, "a"))
                    object.a = message.a;
                if (message.b != null && $Object.hasOwnProperty.call(message, "b"))
                    object.b = message.b;
                if (message.c != null && $Object.hasOwnProperty.call(message, "c"))
                    object.c = message.c;
                if (message.d != null && $Object.hasOwnProperty.call(message, "d"))
                    object.d = message.d;
                if (message.e != null && $Object.hasOwnProperty.call(message, "e"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.e = typeof message.e === "number" ? $BigInt(message.e) : $util.Long.fromBits(message.e.low >>> 0, message.e.high >>> 0, false).toBigInt();
                    else if (typeof message.e === "number")
                        object.e = options.longs === $String ? $String(message.e) : message.e;
                    else
                        object.e = options.longs === $String ? $util.Long.prototype.toString.call(message.e) : options.longs === $Number ? new $util.LongBits(message.e.low >>> 0, message.e.high >>> 0).toNumber() : message.e;
                if (message.f != null && $Object.hasOwnProperty.call(message, "f"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.f = typeof message.f === "number" ? $BigInt(message.f) : $util.Long.fromBits(message.f.low >>> 0, message.f.high >>> 0, false).toBigInt();
                    else if (typeof message.f === "number")
                        object.f = options.longs === $String ? $String(message.f) : message.f;
                    else
                        object.f = options.longs === $String ? $util.Long.prototype.toString.call(message.f) : options.longs === $Number ? new $util.LongBits(message.f.low >>> 0, message.f.high >>> 0).toNumber() : message.f;
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    object.text = message.text;
                if (message.g != null && $Object.hasOwnProperty.call(message, "g"))
                    object.g = message.g;
                if (message.h != null && $Object.hasOwnProperty.call(message, "h"))
                    object.h = message.h;
                if (message.i != null && $Object.hasOwnProperty.call(message, "i"))
                    object.i = message.i;
                if (message.k != null && $Object.hasOwnProperty.call(message, "k"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.k = typeof message.k === "number" ? $BigInt(message.k) : $util.Long.fromBits(message.k.low >>> 0, message.k.high >>> 0, true).toBigInt();
                    else if (typeof message.k === "number")
                        object.k = options.longs === $String ? $String(message.k) : message.k;
                    else
                        object.k = options.longs === $String ? $util.Long.prototype.toString.call(message.k) : options.longs === $Number ? new $util.LongBits(message.k.low >>> 0, message.k.high >>> 0).toNumber(true) : message.k;
                if (message.l != null && $Object.hasOwnProperty.call(message, "l"))
                    object.l = message.l;
                if (message.m != null && $Object.hasOwnProperty.call(message, "m"))
                    object.m = message.m;
                if (message.j != null && $Object.hasOwnProperty.call(message, "j"))
                    object.j = message.j;
                if (message.o != null && $Object.hasOwnProperty.call(message, "o"))
                    object.o = message.o;
                if (message.p != null && $Object.hasOwnProperty.call(message, "p"))
                    object.p = message.p;
                if (message.q != null && $Object.hasOwnProperty.call(message, "q"))
                    object.q = message.q;
                if (message.n != null && $Object.hasOwnProperty.call(message, "n"))
                    object.n = message.n;
                if (message.r != null && $Object.hasOwnProperty.call(message, "r"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.r = typeof message.r === "number" ? $BigInt(message.r) : $util.Long.fromBits(message.r.low >>> 0, message.r.high >>> 0, true).toBigInt();
                    else if (typeof message.r === "number")
                        object.r = options.longs === $String ? $String(message.r) : message.r;
                    else
                        object.r = options.longs === $String ? $util.Long.prototype.toString.call(message.r) : options.longs === $Number ? new $util.LongBits(message.r.low >>> 0, message.r.high >>> 0).toNumber(true) : message.r;
                if (message.s != null && $Object.hasOwnProperty.call(message, "s"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.s = typeof message.s === "number" ? $BigInt(message.s) : $util.Long.fromBits(message.s.low >>> 0, message.s.high >>> 0, true).toBigInt();
                    else if (typeof message.s === "number")
                        object.s = options.longs === $String ? $String(message.s) : message.s;
                    else
                        object.s = options.longs === $String ? $util.Long.prototype.toString.call(message.s) : options.longs === $Number ? new $util.LongBits(message.s.low >>> 0, message.s.high >>> 0).toNumber(true) : message.s;
                return object;
            };

            Detail.prototype.toJSON = function() {
                return Detail.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Detail;
        })();

        return record;
    })();

    return bench;
})();

export {
  $root as default
};
