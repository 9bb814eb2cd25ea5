import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { RpcError } from "@kiteline/core";
import { loadProto, type FileDescriptorProto } from "@kiteline/codegen";
import { ServerReflection, type ServerReflectionHandler } from "@kiteline/grpc/grpc/reflection/v1/reflection";
import { ServerReflection as Alpha } from "@kiteline/grpc/grpc/reflection/v1alpha/reflection";
import { encode } from "@kiteline/protobuf";
import { FileDescriptorProtoCodec } from "@kiteline/protobuf/google/protobuf/descriptor";
import { createServer } from "kiteline";
import { Failure } from "../failure.ts";
import { reflectServices } from "./reflection.ts";

const FILES: Record<string, string> = {
  "a.proto":
    'syntax = "proto3"; package a; import "b.proto"; service One { rpc Get(b.Req) returns (b.Req); } service Two { rpc Get(b.Req) returns (b.Req); }',
  "b.proto": 'syntax = "proto3"; package b; import "c.proto"; message Req { c.Inner inner = 1; }',
  "c.proto": 'syntax = "proto3"; package c; message Inner { string text = 1; }',
};

/** A server that gives each file alone, as some do, and notes what it was asked. */
async function reflecting(change: (files: Map<string, FileDescriptorProto>) => void = () => undefined) {
  const { files } = await loadProto({ files: Object.keys(FILES), read: (path) => FILES[path] });
  const byName = new Map(files.map((file) => [file.name, file]));
  change(byName);
  const asked: string[] = [];
  const handler: ServerReflectionHandler = {
    async *serverReflectionInfo(requests) {
      for await (const { messageRequest } of requests) {
        asked.push(`${messageRequest.case} ${String(messageRequest.value)}`.trim());
        if (messageRequest.case === "listServices") {
          yield { messageResponse: { case: "listServicesResponse", value: { service: [{ name: "a.One" }, { name: "a.Two" }] } } };
          continue;
        }
        const file = byName.get(messageRequest.case === "fileContainingSymbol" ? "a.proto" : String(messageRequest.value));
        const fileDescriptorProto = file === undefined ? [] : [encode(FileDescriptorProtoCodec, file)];
        yield file === undefined
          ? { messageResponse: { case: "errorResponse", value: { errorCode: 5, errorMessage: "not here" } } }
          : { messageResponse: { case: "fileDescriptorResponse", value: { fileDescriptorProto } } };
      }
    },
  };
  return { handler, asked };
}

async function serve(t: TestContext, add: (server: ReturnType<typeof createServer>) => void): Promise<{ target: string; log: () => void }> {
  const server = createServer({ exitWaitMs: 0, log: () => undefined });
  add(server);
  t.after(() => server.close());
  return { target: await server.listen(), log: () => undefined };
}

describe("reflectServices", () => {
  it("asks for what is imported, file by file, until nothing is missing", async (t) => {
    const { handler, asked } = await reflecting();
    const connection = await serve(t, (server) => server.add(ServerReflection, handler));
    const { services, registry } = await reflectServices(connection, undefined, {});
    assert.deepEqual(
      services.map(({ name, methods }) => [name, methods[0]?.exampleRequest()]),
      [
        ["a.One", { inner: { text: "" } }],
        ["a.Two", { inner: { text: "" } }],
      ],
    );
    assert.ok(registry.message("c.Inner"));
    assert.deepEqual(asked, [
      "listServices",
      "fileContainingSymbol a.One",
      "fileByFilename b.proto",
      "fileByFilename c.proto",
      "fileContainingSymbol a.Two",
    ]);
  });

  it("gives only the service that is named, with or without its package or a method, and all for a name that none has", async (t) => {
    const { handler } = await reflecting();
    const connection = await serve(t, (server) => server.add(ServerReflection, handler));
    const names = async (wanted: string): Promise<string[]> =>
      (await reflectServices(connection, wanted, {})).services.map(({ name }) => name);
    for (const wanted of ["a.Two", "Two", "a.Two.Get", "Two/Get"]) assert.deepEqual(await names(wanted), ["a.Two"], wanted);
    assert.deepEqual(await names("Tow.Get"), ["a.One", "a.Two"]);
  });

  it("asks servers that know only the version before in that", async (t) => {
    const { handler, asked } = await reflecting();
    const connection = await serve(t, (server) => {
      server.add(ServerReflection, {
        serverReflectionInfo: () => {
          throw new RpcError("unimplemented", "not in this version");
        },
      });
      server.add(Alpha, handler);
    });
    assert.equal((await reflectServices(connection, "Two", {})).services.length, 1);
    assert.equal(asked[0], "listServices");
  });

  const refusal = async (connection: { target: string }): Promise<Failure> => {
    const error: unknown = await reflectServices(connection, undefined, {}).catch((reason: unknown) => reason);
    assert.ok(error instanceof Failure, String(error));
    return error;
  };

  it("says of a server without reflection that it does not tell", async (t) => {
    const { code, hints } = await refusal(await serve(t, () => undefined));
    assert.equal(code, "unimplemented");
    assert.match(hints.join("\n"), /without --idl FILE the server is asked/);
  });

  it("refuses a description that lacks a file, or fits nothing", async (t) => {
    const lacking = await reflecting((files) => files.delete("c.proto"));
    const one = await refusal(await serve(t, (server) => server.add(ServerReflection, lacking.handler)));
    assert.deepEqual([one.exit, one.message], [3, "the server does not describe c.proto: not here"]);
    const wrong = await reflecting((files) => (files.get("c.proto")!.messageType = []));
    const two = await refusal(await serve(t, (server) => server.add(ServerReflection, wrong.handler)));
    assert.equal(two.exit, 3);
    assert.match(two.message, /the server describes itself wrongly: .*c\.Inner/);
  });
});
