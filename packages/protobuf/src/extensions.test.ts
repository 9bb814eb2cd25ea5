import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anyIs, packAny, unpackAny, unpackAnyOf } from "./any.ts";
import { decode, encode } from "./encode.ts";
import {
  ChosenCodec,
  file,
  marks,
  MapsCodec,
  more,
  note,
  OpenCodec,
  Oracle,
  reply,
  WellKnownCodec,
  type Open,
} from "./everything.fixture.ts";
import { getExtension, hasExtension, setExtension } from "./extensions.ts";
import { createRegistry } from "./registry.ts";
import { schemaOf, typeOf } from "./schema/schema-of.ts";
import { fileDescriptorBytes } from "./schema/descriptor-bytes.ts";
import { toText } from "./text/text-writer.ts";
import { dateFromTimestamp, durationFromMs, msFromDuration, timestampFromDate } from "./times.ts";

describe("extensions", () => {
  it("are set, found, replaced and removed, and travel with the message", () => {
    const message: Open = OpenCodec.empty();
    assert.equal(hasExtension(message, note), false);
    assert.deepEqual([getExtension(message, note), getExtension(message, marks)], [undefined, []]);
    setExtension(message, note, "first");
    setExtension(message, marks, [1, 2]);
    setExtension(message, more, { anInt32: 5 });
    setExtension(message, note, "second");
    const read = decode(OpenCodec, encode(OpenCodec, message));
    assert.deepEqual([getExtension(read, note), getExtension(read, marks), getExtension(read, more)?.anInt32], ["second", [1, 2], 5]);
    setExtension(read, note, undefined);
    assert.equal(hasExtension(read, note), false);
    setExtension(read, marks, []);
    setExtension(read, more, undefined);
    assert.deepEqual(read, OpenCodec.empty());
    assert.throws(() => setExtension(read, note, 5 as never), /^ValueError: everything\.note: field 100: expected a string/);
    assert.throws(
      () => setExtension(read, more, { anInt32: "5" as never }),
      /^ValueError: everything\.more: field 102\.field 3: expected an int32/,
    );
  });

  it("are merged when they come in several fields", () => {
    const read = decode(
      OpenCodec,
      Buffer.from("aa0601" + "01" + "a806" + "02" + "b206" + "021801" + "b206" + "026801" + "a2060161" + "a2060162", "hex"),
    );
    assert.deepEqual(getExtension(read, marks), [1, 2]);
    assert.deepEqual([getExtension(read, more)?.anInt32, getExtension(read, more)?.aBool], [1, true]);
    assert.equal(getExtension(read, note), "b");
    assert.equal(getExtension(decode(OpenCodec, Buffer.from("b80609", "hex")), reply), undefined, "a closed enum does not have the number");
  });
});

describe("Any", () => {
  it("holds a message that is taken out by its codec or by a registry", () => {
    const any = packAny(ChosenCodec, { beside: "x" });
    assert.equal(any.typeUrl, "type.googleapis.com/everything.Chosen");
    assert.deepEqual([anyIs(any, ChosenCodec), anyIs(any, MapsCodec)], [true, false]);
    assert.equal(unpackAny(any, ChosenCodec)?.beside, "x");
    assert.equal(unpackAny(any, MapsCodec), undefined);
    const { codec, message } = unpackAnyOf(any, createRegistry(file));
    assert.equal(codec, ChosenCodec);
    assert.equal((message as { beside: string }).beside, "x");
    assert.throws(() => unpackAnyOf({ ...any, typeUrl: "a/b" }, createRegistry(file)), /the registry knows no message "b"/);
  });
});

describe("a registry", () => {
  it("knows what its files and those that they import declare", () => {
    const registry = createRegistry(file);
    assert.equal(registry.message("everything.Open.Inner")?.name, "everything.Open.Inner");
    assert.equal(registry.enum("everything.Open.Inner.Kind")?.values.length, 2);
    assert.equal(registry.message("google.protobuf.Timestamp")?.fields[0]?.name, "seconds");
    assert.equal(registry.service("everything.Oracle")?.methods.length, 4);
    assert.equal(registry.extension("everything.note")?.number, 100);
    assert.deepEqual([...registry.extensionsOf("everything.Open")!.keys()], [100, 101, 102, 103]);
    assert.deepEqual(
      [registry.message("everything.Heat"), registry.enum("x"), registry.service("x"), registry.extension("x")],
      [undefined, undefined, undefined, undefined],
    );
    assert.ok(registry.files.has("google/protobuf/any.proto"));
  });
});

describe("a schema", () => {
  it("comes from generated code, and gives back the descriptor that it was made of", () => {
    const schema = schemaOf(file);
    assert.equal(Buffer.from(fileDescriptorBytes(schema)).toString("base64"), file.descriptor());
    assert.equal(typeOf(ChosenCodec).oneofs[0]?.fields.length, 10);
    assert.equal(schemaOf(file), schema);
  });

  it("of a service says what its methods are", () => {
    assert.deepEqual(
      Object.entries(Oracle.methods).map(([stub, each]) => [stub, each.fullName, each.kind, each.idempotency, each.arity]),
      [
        ["ask", "everything.Oracle.Ask", "unary", "no_side_effects", 1],
        ["tell", "everything.Oracle.Tell", "client_stream", "unknown", 1],
        ["watch", "everything.Oracle.Watch", "server_stream", "unknown", 1],
        ["talk", "everything.Oracle.Talk", "bidi_stream", "unknown", 1],
      ],
    );
    assert.equal(Oracle.file, file);
  });
});

describe("text", () => {
  it("shows every field on a line, and with a registry what an Any and extensions hold", () => {
    const registry = createRegistry(file);
    const message = decode(
      WellKnownCodec,
      encode(WellKnownCodec, { any: packAny(ChosenCodec, { choice: { case: "data", value: Uint8Array.of(65, 0, 34) } }) }),
    );
    assert.equal(
      toText(WellKnownCodec, message, { registry }),
      'any {\n  [type.googleapis.com/everything.Chosen] {\n    data: "A\\000\\042"\n  }\n}\n',
    );
    const maps = decode(
      MapsCodec,
      encode(MapsCodec, {
        texts: new Map([["a", 'b"']]),
        byFixed32: new Map([
          [1, 1],
          [2, 99],
        ]),
      }),
    );
    assert.equal(
      toText(MapsCodec, maps),
      'texts {\n  key: "a"\n  value: "b\\""\n}\nby_fixed32 {\n  key: 1\n  value: HEAT_COLD\n}\nby_fixed32 {\n  key: 2\n  value: 99\n}\n',
    );
    const open = OpenCodec.empty();
    setExtension(open, note, "n");
    assert.equal(toText(OpenCodec, open, { registry }), '[everything.note]: "n"\n');
    assert.equal(toText(OpenCodec, open, { hideUnknown: true }), "");
    assert.equal(toText(OpenCodec, open), '100: "n"\n');
    // What is no such extension is shown as what nobody knows, as often as it comes.
    const odd = decode(OpenCodec, Buffer.from("a206" + "01" + "ff" + "a206" + "01" + "61", "hex"));
    assert.equal(toText(OpenCodec, odd, { registry }), '100: "\\377"\n100: "a"\n');
  });

  it("shows what pretends to be a message as the bytes that it is", () => {
    const any = { typeUrl: "type.googleapis.com/everything.Chosen", value: Uint8Array.of(0xff) };
    const registry = createRegistry(file);
    assert.equal(
      toText(WellKnownCodec, { any }, { registry }),
      'any {\n  type_url: "type.googleapis.com/everything.Chosen"\n  value: "\\377"\n}\n',
    );
    let bytes = Buffer.alloc(100_000, Buffer.from([0x78, 1]));
    for (let depth = 0; depth < 2000; depth++) bytes = Buffer.concat([Buffer.of(0x7a), varint(bytes.byteLength), bytes]);
    const text = toText(OpenCodec, decode(OpenCodec, bytes));
    assert.equal(text.match(/15 \{/g)?.length, 10);
    assert.ok(text.length < 1_000_000);
  });
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}

describe("times", () => {
  it("are dates and milliseconds, before 1970, too", () => {
    for (const ms of [0, 1, -1, 1_700_000_000_123, -62_135_596_800_000]) {
      const made = timestampFromDate(new Date(ms));
      assert.ok(made.nanos >= 0 && made.nanos < 1e9);
      assert.equal(dateFromTimestamp(made).getTime(), ms);
    }
    assert.throws(() => timestampFromDate(new Date(NaN)), /expected a date/);
    assert.deepEqual(durationFromMs(-1500), { seconds: -1n, nanos: -500_000_000 });
    assert.deepEqual(durationFromMs(-1000), { seconds: -1n, nanos: 0 });
    assert.equal(msFromDuration(durationFromMs(12_345.5)), 12_345.5);
    assert.throws(() => durationFromMs(Infinity), /expected milliseconds/);
  });
});
