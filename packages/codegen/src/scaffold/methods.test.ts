import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadIdl } from "@kiteline/thrift";
import { kebabCase, scaffoldMethods } from "./methods.ts";
import { thriftServices } from "./thrift-services.ts";

async function files(text: string, known?: ReadonlyMap<string, string>): Promise<Record<string, string>> {
  const methods = scaffoldMethods(thriftServices(await loadIdl({ "s.thrift": text })), known);
  return Object.fromEntries(methods.map(({ method, file }) => [method.fullName, file]));
}

describe("kebabCase", () => {
  it("splits words where case or underscores do", () => {
    const words = {
      reviewsForProduct: "reviews-for-product",
      getURLOf: "get-url-of",
      Ping: "ping",
      get_by_id: "get-by-id",
      v2Get: "v2-get",
      _x: "x",
    };
    for (const [name, expected] of Object.entries(words)) assert.equal(kebabCase(name), expected);
  });
});

describe("scaffoldMethods", () => {
  const first = "service A { void get() void put() }";

  it("calls a file like its method, and the later of two alike after their service, too", async () => {
    assert.deepEqual(await files(`${first} service B { void get() void getB() }`), {
      "A.get": "get",
      "A.put": "put",
      "B.get": "b-get",
      "B.getB": "get-b",
    });
  });

  it("keeps the files that are there, whatever is added before", async () => {
    const known = new Map([
      ["A.get", "get"],
      ["B.put", "put"],
      ["Gone.get", "gone-get"],
    ]);
    const after = await files("service New { void get() } service A { void put() void get() } service B { void put() }", known);
    assert.deepEqual(after, { "New.get": "new-get", "A.put": "a-put", "A.get": "get", "B.put": "put" });
  });

  it("tells methods apart that a file system does not", async () => {
    assert.deepEqual(await files("service S { void getUrl() void getURL() void aux() }"), {
      "S.getUrl": "get-url",
      "S.getURL": "s-get-url",
      "S.aux": "s-aux",
    });
  });

  it("includes what a service inherits, but not the services of included files", async () => {
    const model = await loadIdl({
      "s.thrift": 'include "base.thrift"\nservice S extends base.Base { void own() }',
      "base.thrift": "service Base { void ping() }",
    });
    const methods = scaffoldMethods(thriftServices({ ...model, roots: model.documents.filter((document) => document.name === "s") }));
    assert.deepEqual(
      methods.map(({ service, file }) => [service.name, file]),
      [
        ["S", "ping"],
        ["S", "own"],
      ],
    );
  });
});
