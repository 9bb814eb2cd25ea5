import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { addHealth, addReflection, type HealthControl } from "@kiteline/grpc";
import {
  file as healthFile,
  Health,
  HealthCheckResponse_ServingStatus as Status,
  type HealthClient,
} from "@kiteline/grpc/grpc/health/v1/health";
import { ServerReflection, type ServerReflectionRequestInit } from "@kiteline/grpc/grpc/reflection/v1/reflection";
import { ServerReflection as ServerReflectionAlpha } from "@kiteline/grpc/grpc/reflection/v1alpha/reflection";
import { decode } from "@kiteline/protobuf";
import { FileDescriptorProtoCodec } from "@kiteline/protobuf/google/protobuf/descriptor";
import { createClient, type Client } from "./client.ts";
import { until } from "./peer.fixture.ts";
import { createServer, type Server } from "./server.ts";
import { Streams } from "./streams.fixture.ts";

const never = (): never => assert.fail("not to be called");
const HANDLER = { one: never, collect: never, count: never, talk: never };

describe("health", () => {
  function pair(t: TestContext): { server: Server; health: HealthControl; client: Client<HealthClient> } {
    const server = createServer().add(Streams, HANDLER);
    const health = addHealth(server);
    const client = createClient(Health, { target: server });
    t.after(() => Promise.all([client.close(), server.close()]));
    return { server, health, client };
  }

  it("says of the server and of all its services that they serve, unless told otherwise", async (t) => {
    const { health, client } = pair(t);
    for (const service of ["", "test.Streams", "grpc.health.v1.Health"])
      assert.equal((await client.check({ service })).status, Status.SERVING);
    health.set("test.Streams", "not_serving");
    assert.equal((await client.check({ service: "test.Streams" })).status, Status.NOT_SERVING);
    assert.equal((await client.check({})).status, Status.SERVING);
    await assert.rejects(client.check({ service: "test.Missing" }), { code: "not_found" });
  });

  it("lists them all", async (t) => {
    const { health, client } = pair(t);
    health.set("a.part", "unknown");
    const { statuses } = await client.list({});
    const seen = Object.fromEntries([...statuses].map(([name, { status }]) => [name, status]));
    assert.deepEqual(seen, { "": 1, "test.Streams": 1, "grpc.health.v1.Health": 1, "a.part": 0 });
  });

  it("tells watchers of changes, of services that come later, and of the end", async (t) => {
    const { server, health, client } = pair(t);
    const [known, later] = [client.watch({ service: "test.Streams" }), client.watch({ service: "test.Later" })].map((each) =>
      each[Symbol.asyncIterator](),
    );
    const status = async (watch = known): Promise<number | undefined> => (await watch?.next())?.value?.status;
    assert.equal(await status(), Status.SERVING);
    assert.equal(await status(later), Status.SERVICE_UNKNOWN);
    health.set("test.Streams", "serving"); // no change
    health.set("test.Streams", "not_serving");
    assert.equal(await status(), Status.NOT_SERVING);
    health.set("test.Later", "serving");
    assert.equal(await status(later), Status.SERVING);
    const closing = server.close();
    assert.equal(await status(later), Status.NOT_SERVING);
    assert.equal((await known?.next())?.done, true);
    assert.equal((await later?.next())?.done, true);
    await closing; // who watches does not keep the server
  });

  it("forgets watchers that leave", async (t) => {
    const { server, client } = pair(t);
    const watch = client.watch({})[Symbol.asyncIterator]();
    await watch.next();
    assert.equal(server.inFlight, 1);
    await watch.return?.();
    await until(() => server.inFlight === 0);
  });
});

for (const [version, service] of [
  ["v1", ServerReflection],
  ["v1alpha", ServerReflectionAlpha],
] as const) {
  describe(`reflection ${version}`, () => {
    const message = (messageRequest: ServerReflectionRequestInit["messageRequest"]): ServerReflectionRequestInit => ({
      host: "h",
      messageRequest,
    });

    async function ask(t: TestContext, ...questions: ServerReflectionRequestInit["messageRequest"][]) {
      const server = createServer();
      addHealth(server);
      addReflection(server);
      const client = createClient(service, { target: server });
      t.after(() => Promise.all([client.close(), server.close()]));
      const answers = await Array.fromAsync(client.serverReflectionInfo(questions.map(message)));
      assert.equal(answers.length, questions.length);
      for (const { validHost, originalRequest } of answers) assert.deepEqual([validHost, originalRequest?.host], ["h", "h"]);
      return answers.map(({ messageResponse }) => messageResponse);
    }

    it("lists the services", async (t) => {
      const [answer] = await ask(t, { case: "listServices", value: "*" });
      assert.equal(answer?.case, "listServicesResponse");
      const names = answer?.case === "listServicesResponse" ? answer.value.service.map(({ name }) => name) : [];
      assert.deepEqual(names, ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]);
    });

    it("gives the file that declares a name", async (t) => {
      const symbols = [
        "grpc.health.v1.Health",
        "grpc.health.v1.Health.Check",
        "grpc.health.v1.HealthCheckResponse",
        "grpc.health.v1.HealthCheckResponse.status",
        "grpc.health.v1.HealthCheckResponse.ServingStatus",
        "grpc.health.v1.HealthCheckResponse.SERVING",
      ];
      const answers = await ask(t, ...symbols.map((value) => ({ case: "fileContainingSymbol", value }) as const), {
        case: "fileByFilename",
        value: healthFile.name,
      });
      for (const answer of answers) {
        const bytes = answer.case === "fileDescriptorResponse" ? answer.value.fileDescriptorProto : [];
        assert.deepEqual(
          bytes.map((each) => decode(FileDescriptorProtoCodec, each).name),
          [healthFile.name],
        );
      }
    });

    it("knows the usual details of errors, whatever is served", async (t) => {
      const [answer] = await ask(t, { case: "fileContainingSymbol", value: "google.rpc.BadRequest" });
      const bytes = answer?.case === "fileDescriptorResponse" ? answer.value.fileDescriptorProto : [];
      const names = bytes.map((each) => decode(FileDescriptorProtoCodec, each).name);
      assert.deepEqual(names, ["google/rpc/error_details.proto", "google/protobuf/duration.proto"]);
    });

    it("says what it does not know", async (t) => {
      const answers = await ask(
        t,
        { case: "fileContainingSymbol", value: "no.Such" },
        { case: "fileByFilename", value: "no.proto" },
        { case: "fileContainingExtension", value: { containingType: "no.Such", extensionNumber: 7 } },
        { case: "allExtensionNumbersOfType", value: "no.Such" },
        { case: undefined },
      );
      const codes = answers.map((answer) => (answer.case === "errorResponse" ? answer.value.errorCode : 0));
      assert.deepEqual(codes, [5, 5, 5, 5, 3]);
    });

    it("knows that a message has no extensions", async (t) => {
      const [answer] = await ask(t, { case: "allExtensionNumbersOfType", value: "grpc.health.v1.HealthCheckRequest" });
      assert.deepEqual(answer?.case === "allExtensionNumbersResponse" ? answer.value.extensionNumber : undefined, []);
    });
  });
}
