import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Output, Slabs } from "@kiteline/net";
import { genericService, schema } from "@kiteline/protobuf";
import { Health } from "./gen/grpc/health/v1/health.ts";
import { jsonPayload } from "./json-payload.ts";

describe("JSON as payload", () => {
  const [health] = schema.schemaOf(Health.file).services;
  const generic = genericService(health!, { emitDefaults: true });
  const { format } = jsonPayload(() => [Health]);

  for (const [what, method, request, response] of [
    ["of generated code is its objects", Health.methods["check"]!, { service: "shop" }, { status: 1 }],
    ["of a service described at run time is JSON text", generic.methods["check"]!, '{"service":"shop"}', '{"status":1}'],
  ] as const) {
    it(what, () => {
      const bytes = Buffer.from('{"service":"shop","later":1}');
      assert.deepEqual(format.readRequest(bytes, 0, bytes.byteLength, method), request);
      const out = new Output(new Slabs(), 1000);
      out.begin();
      format.writeResponse(out, method, response);
      assert.equal(out.bytes.toString("utf8", out.messageStart, out.position), '{"status":"SERVING"}');
    });
  }
});
