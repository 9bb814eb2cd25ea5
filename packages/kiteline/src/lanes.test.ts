import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { CallInfo, ManualClock, Metadata } from "@kiteline/core";
import { staticSource } from "@kiteline/discovery";
import { withLane } from "@kiteline/lanes";
import { staticSnapshot, type Snapshot } from "@kiteline/policy";
import { createClient, type Client } from "./client.ts";
import { Echo, type EchoClient } from "./echo.fixture.ts";
import { createServer, type Server } from "./server.ts";
import type { ClientOptions } from "./suite.ts";

const request = { action: "", msg: "" };
const GREEN = withLane(undefined, "green");

/** A snapshot of these instances, by lane; "" is the baseline. */
function instances(...each: readonly (readonly [lane: string, address: string])[]): Snapshot {
  const snapshot = staticSnapshot(each.map(([, address]) => address));
  const [[name, cluster] = []] = Object.entries(snapshot.clusters);
  assert.ok(name !== undefined && cluster !== undefined);
  const endpoints = cluster.endpoints.map((endpoint, index) => {
    const lane = each[index]?.[0] ?? "";
    return { ...endpoint, labels: lane === "" ? {} : { lane } };
  });
  return { ...snapshot, clusters: { [name]: { ...cluster, endpoints } } };
}

/** An instance that answers with its name, or with what `next` answers behind it. */
async function instance(t: TestContext, name: string, next?: Client<EchoClient>, trustLanes = true): Promise<[Server, string]> {
  const server = createServer({ trustLanes, exitWaitMs: 0, log: () => undefined });
  server.add(Echo, {
    echo: async (message) => ({ action: "", msg: [name, ...(next === undefined ? [] : [(await next.echo(message)).msg])].join(" ") }),
  });
  t.after(() => server.close());
  return [server, await server.listen()];
}

function clientOf(t: TestContext, snapshot: Snapshot, options: Partial<ClientOptions> = {}): Client<EchoClient> {
  const client = createClient(Echo, { target: "echo:1", source: staticSource(snapshot), ...options });
  t.after(() => client.close());
  return client;
}

describe("a call in a lane", () => {
  it("enters the lane again behind a hop that the lane does not have", async (t) => {
    const [, farBase] = await instance(t, "far");
    const [, farGreen] = await instance(t, "far-green");
    const [, near] = await instance(t, "near", clientOf(t, instances(["", farBase], ["green", farGreen])));
    const client = clientOf(t, instances(["", near]));
    assert.equal((await client.echo(request, { metadata: GREEN })).msg, "near far-green");
    assert.equal((await client.echo(request)).msg, "near far");
  });

  it("is coloured by either carrier, and the hops behind get both", async (t) => {
    const [, farBase] = await instance(t, "far");
    const [, farGreen] = await instance(t, "far-green");
    const seen: (readonly (string | undefined)[])[] = [];
    const next = clientOf(t, instances(["", farBase], ["green", farGreen]), {
      middleware: [
        (service) => (message, call) => {
          seen.push([call.metadata.get("baggage"), call.metadata.get("x-asm-prefer-tag")]);
          return service(message, call);
        },
      ],
    });
    const [, near] = await instance(t, "near", next);
    const client = clientOf(t, instances(["", near]));
    for (const metadata of [{ baggage: "user=7,lane=green" }, { "x-asm-prefer-tag": "green" }]) {
      assert.equal((await client.echo(request, { metadata: Metadata.from(metadata) })).msg, "near far-green");
    }
    assert.deepEqual(seen, [
      ["lane=green,user=7", "green"],
      ["lane=green", "green"],
    ]);
  });

  it("falls back to the baseline within the call when the lane's instance is gone, and stays there while it is", async (t) => {
    const [, base] = await instance(t, "base");
    const [gone, green] = await instance(t, "green");
    // A clock that stands still: the instance that is gone is not tried again.
    const client = clientOf(t, instances(["", base], ["green", green]), { clock: new ManualClock(1) });
    assert.equal((await client.echo(request, { metadata: GREEN })).msg, "green");
    await gone.close();
    const infos = [new CallInfo(), new CallInfo()];
    for (const info of infos) assert.equal((await client.echo(request, { metadata: GREEN, info })).msg, "base");
    assert.deepEqual(
      infos.map(({ attempts, labels }) => [attempts, labels]),
      [
        [2, {}],
        [1, {}],
      ],
    );
  });

  it("loses its colour at a server that does not trust its callers", async (t) => {
    const [, farBase] = await instance(t, "far");
    const [, farGreen] = await instance(t, "far-green");
    const [, near] = await instance(t, "near", clientOf(t, instances(["", farBase], ["green", farGreen])), false);
    assert.equal((await clientOf(t, instances(["", near])).echo(request, { metadata: GREEN })).msg, "near far");
  });
});
