import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError, type Method } from "@kiteline/core";
import { DeclaredError, DecodeError, type BareFormat } from "@kiteline/net";
import { bareThrift } from "./bare-format.ts";
import { written } from "./bytes.fixture.ts";
import { echo, NotFound, Req } from "./echo.fixture.ts";
import { genericService } from "./generic/generic.ts";
import type { GenericOptions } from "./generic/options.ts";
import { loadIdl } from "./idl/load-idl.ts";
import { defineService, noArguments } from "./service.ts";
import { ValueError } from "./value-error.ts";

const format: BareFormat = bareThrift();
const { talk } = defineService("Talk", {
  talk: { name: "talk", arity: 1, args: noArguments, kind: "bidi_stream", streamed: { request: Req, response: Req } },
}).methods as { talk: Method };

const hex = (write: Parameters<typeof written>[0]): string => written(write).toString("hex");
/** Read from among other bytes. */
const around = (digits: string): readonly [Buffer, number, number] => {
  const bytes = Buffer.from(digits, "hex");
  return [Buffer.concat([Buffer.from("0c0001", "hex"), bytes, Buffer.from("0c0001", "hex")]), 3, 3 + bytes.byteLength];
};

describe("Thrift without heads", () => {
  it("is the struct of arguments and that of the result where nothing streams, as Kitex has it over gRPC", () => {
    const request = "0c00010b00010000000161" + "0000";
    assert.equal(
      hex((out) => format.writeRequest(out, echo, { action: "a" })),
      request,
    );
    assert.deepEqual(format.readRequest(...around(request), echo), { action: "a", msg: "" });
    const response = "0c00000b00010000000161" + "0000";
    assert.equal(
      hex((out) => format.writeResponse(out, echo, { action: "a" })),
      response,
    );
    assert.deepEqual(format.readResponse(...around(response), echo), { action: "a", msg: "" });
  });

  it("is the messages themselves where a method streams", () => {
    const message = "0b00010000000161" + "00";
    for (const side of ["Request", "Response"] as const) {
      assert.equal(
        hex((out) => format[`write${side}`](out, talk, { action: "a" })),
        message,
      );
      assert.deepEqual(format[`read${side}`](...around(message), talk), { action: "a", msg: "" });
      assert.throws(() => format[`read${side}`](...around(message.slice(0, -2)), talk), DecodeError);
      assert.throws(() => format[`read${side}`](...around(`${message}00`), talk), /1 bytes are left after the message/);
    }
  });

  it("has declared exceptions in the result, and says which errors are", () => {
    const error = new NotFound();
    error.what = "it";
    assert.equal(format.declares?.(echo, error), true);
    assert.equal(format.declares?.(echo, new RpcError("not_found", "")), false);
    assert.equal(format.declares?.(talk, error), false);
    const response = "0c00010b0001000000026974" + "0000";
    assert.equal(
      hex((out) => format.writeDeclared?.(out, echo, error)),
      response,
    );
    const read = format.readResponse(...around(response), echo);
    assert.ok(read instanceof DeclaredError && read.error instanceof NotFound);
    assert.equal(read.error.what, "it");
    const missing = format.readResponse(...around("00"), echo);
    assert.match(String((missing as DeclaredError).error), /neither a result nor a declared exception/);
  });

  it("says what is wrong with a value, and of code from before there were streams that it is", () => {
    assert.throws(() => written((out) => format.writeRequest(out, talk, { action: 5 })), {
      name: "ValueError",
      message: /a request of Talk\.talk.*action/,
    });
    const old = defineService("Talk", { talk: { name: "talk", arity: 1, args: noArguments, kind: "bidi_stream" } }).methods[
      "talk"
    ] as Method;
    assert.throws(() => written((out) => format.writeRequest(out, old, {})), ValueError);
    assert.throws(() => format.readRequest(...around("00"), old), /generate its code again/);
  });

  it("carries generic calls that stream, in each of their forms", async () => {
    const idl = await loadIdl({
      "talk.thrift": 'struct M { 1: string text } service S { M chat(1: M m) (streaming.mode = "bidirectional") }',
    });
    const message = "0b0001000000026869" + "00";
    const forms: readonly (readonly [GenericOptions, unknown])[] = [
      [{ mode: "json" }, '{"text":"hi"}'],
      [{ mode: "map" }, { text: "hi" }],
      [{ mode: "binary" }, new Uint8Array(Buffer.from(message, "hex"))],
    ];
    for (const [options, value] of forms) {
      const chat = (await genericService(idl, "S", options)).methods["chat"] as Method;
      assert.equal(chat.kind, "bidi_stream");
      assert.equal(
        hex((out) => format.writeRequest(out, chat, value)),
        message,
      );
      assert.deepEqual(format.readResponse(...around(message), chat), value);
    }
  });
});
