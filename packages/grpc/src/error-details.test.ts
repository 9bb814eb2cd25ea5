import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError } from "@kiteline/core";
import { errorDetail, errorDetails } from "./error-details.ts";
import { BadRequestCodec, RetryInfoCodec } from "./gen/google/rpc/error_details.ts";

describe("details of errors", () => {
  const error = new RpcError("invalid_argument", "no", {
    details: [
      errorDetail(BadRequestCodec, { fieldViolations: [{ field: "name", description: "is empty" }] }),
      errorDetail(BadRequestCodec, { fieldViolations: [{ field: "age", description: "is negative" }] }),
      { typeUrl: "elsewhere.example/google.rpc.RetryInfo", value: new Uint8Array() },
    ],
  });

  it("are found by their type, typed", () => {
    const fields = errorDetails(error, BadRequestCodec).flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field));
    assert.deepEqual(fields, ["name", "age"]);
    assert.equal(errorDetails(error, RetryInfoCodec).length, 1); // whoever gives the type out
  });

  it("are none where there are none", () => {
    assert.deepEqual(errorDetails(new RpcError("internal", ""), BadRequestCodec), []);
  });
});
