import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RpcError, type Method, type ServiceDescription } from "@kiteline/core";
import { passThroughService } from "@kiteline/thrift";
import { createClient } from "./client.ts";
import { Echo } from "./echo.fixture.ts";
import { createServer } from "./server.ts";
import { Shelf } from "./shelf.fixture.ts";

describe("a server with a handler for unknown methods", () => {
  it("can pass on calls whose types it does not know", async () => {
    await using behind = createServer().add(Echo, { echo: (request) => ({ ...request, msg: `${request.msg}!` }) });
    await using onward = createClient(passThroughService("Echo", ["echo"]), { target: behind });
    const seen: string[] = [];
    await using proxy = createServer().addUnknown(async ({ service, method, args }) => {
      seen.push(`${service}.${method}`);
      const forward = onward[method];
      if (forward === undefined) throw new RpcError("unimplemented", `nobody has ${method}`, { executed: "no" });
      return forward(args);
    });
    await using client = createClient(Echo, { target: proxy });
    assert.deepEqual(await client.echo({ action: "a", msg: "hi" }), { action: "a", msg: "hi!" });
    assert.deepEqual(seen, ["Echo.echo"]);
  });
});

describe("a server without one", () => {
  it("says which services it has", async () => {
    await using server = createServer().add(Echo, { echo: (request) => request });
    await using client = createClient(passThroughService("Other", ["nothing"]), { target: server });
    await assert.rejects(client["nothing"]?.(Uint8Array.of(0)) ?? Promise.resolve(), (error: RpcError) => {
      assert.equal(error.code, "unimplemented");
      assert.equal(error.executed, "no");
      assert.match(error.message, /unknown service Other \(services here: Echo\)/);
      return true;
    });
  });
});

describe("two services that have a method of the same name", () => {
  it("are told apart by name over TTHeader, and the fallback serves callers that cannot say", async () => {
    const Other: typeof Echo = {
      ...Echo,
      name: "Other",
      methods: { echo: { ...(Echo.methods["echo"] as Method), service: "Other", fullName: "Other.echo" } },
    };
    await using server = createServer()
      .add(Other, { echo: () => ({ action: "", msg: "other" }) })
      .add(Echo, { echo: () => ({ action: "", msg: "echo" }) }, { fallback: true });
    await server.listen();
    const target = `127.0.0.1:${server.port}`;
    await using named = createClient(Other, { target });
    await using bare = createClient(Other, { target, protocol: "framed" });
    assert.equal((await named.echo({ action: "", msg: "" })).msg, "other");
    assert.equal((await bare.echo({ action: "", msg: "" })).msg, "echo");
  });
});

describe("a service called over gRPC by another package", () => {
  const elsewhere = <Stubs, Handler>(service: ServiceDescription<Stubs, Handler>, name: string): ServiceDescription<Stubs, Handler> => ({
    ...service,
    name,
    methods: Object.fromEntries(
      Object.entries(service.methods).map(([stub, method]) => [stub, { ...method, service: name, fullName: `${name}.${method.name}` }]),
    ),
  });

  it("is another one if it has a package itself", async () => {
    await using server = createServer().add(Shelf, { look: unused, put: unused, putAll: unused, list: unused, talk: unused });
    await using client = createClient(elsewhere(Shelf, "other.Shelf"), { target: server });
    await assert.rejects(client.look({ title: "a" }), {
      code: "unimplemented",
      executed: "no",
      message: /unknown service other\.Shelf \(services here: shelf\.Shelf\)/,
    });
  });

  it("is meant if it has none, as those of Thrift", async () => {
    await using server = createServer().add(Echo, { echo: (request) => request });
    await using client = createClient(elsewhere(Echo, "kitex.Echo"), { target: server, protocol: "grpc" });
    assert.equal((await client.echo({ action: "", msg: "m" })).msg, "m");
  });
});

function unused(): never {
  throw new Error("nobody calls this");
}
