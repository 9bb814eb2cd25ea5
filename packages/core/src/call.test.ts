import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { describe, it } from "node:test";
import { CallScope, currentCall, runInCall } from "./current-call.ts";
import { runOutsideCall } from "./call-store.ts";
import { Attempt, ClientCall, MethodBinding, type AttemptController } from "./client-call.ts";
import { RpcError } from "./errors.ts";
import { Metadata } from "./metadata.ts";
import { MetadataBlock } from "./metadata-block.ts";
import type { Method } from "./method.ts";
import { ServerCall } from "./server-call.ts";

const METHOD: Method = {
  service: "Echo",
  name: "echo",
  fullName: "Echo.echo",
  kind: "unary",
  idempotency: "unknown",
  arity: 1,
  messages: { format: "none" },
};

class Served extends ServerCall {
  readonly timeLeftMs: number = Infinity;
  readonly peer = "test";
  readonly caller = "";

  constructor(metadata?: Metadata) {
    super(METHOD, metadata === undefined ? undefined : new MetadataBlock(metadata.entries()));
  }

  finish(): void {
    this.settle();
  }
}

function clientCall(options: { method?: Method; parent?: ServerCall; metadata?: Metadata; idempotent?: boolean } = {}): ClientCall {
  return new ClientCall(
    new MethodBinding(options.method ?? METHOD, "", ""),
    options.idempotent === undefined ? {} : { idempotent: options.idempotent },
    options.parent,
    options.metadata,
    1000,
  );
}

/** Notes what it is told. */
function controller(told: unknown[]): AttemptController {
  return {
    begun: () => undefined,
    succeeded: (_attempt, value) => told.push(["succeeded", value]),
    failed: (_attempt, error) => told.push(["failed", error]),
    cancelled: (_call, reason) => told.push(["cancelled", reason.code]),
  };
}

const gone = new RpcError("cancelled", "the caller left");

describe("a call", () => {
  it("copies shared metadata before anybody can change it, and only then", () => {
    const shared = new Metadata().set("user", "7", "persistent");
    const call = clientCall({ metadata: shared });
    assert.equal(call.metadataIfAny, shared);
    call.metadata.set("user", "8", "persistent");
    assert.equal(call.metadata.get("user"), "8");
    assert.equal(call.metadata, call.metadata);
    assert.equal(shared.get("user"), "7");
  });

  it("makes its signal when asked, aborted already if it has ended", () => {
    const before = clientCall();
    const { signal } = before;
    assert.equal(signal.aborted, false);
    before.cancel(gone);
    assert.equal(signal.reason, gone);
    const after = clientCall();
    after.cancel(gone);
    assert.equal(after.signal.reason, gone);
  });

  it("keeps the first reason it was cancelled for", () => {
    const call = clientCall();
    call.cancel(gone);
    call.cancel(new RpcError("deadline_exceeded", "too late"));
    assert.equal(call.cancelled, gone);
  });

  it("that is past its deadline says how long it had", () => {
    const call = clientCall();
    const told: unknown[] = [];
    call.controller = controller(told);
    call.deadlineMs = 1250;
    call.expire();
    assert.equal(call.cancelled?.code, "deadline_exceeded");
    assert.match(call.cancelled?.message ?? "", /Echo\.echo did not answer within 250 ms/);
    assert.deepEqual(told, [["cancelled", "deadline_exceeded"]]);
    const stream = clientCall({ method: { ...METHOD, kind: "server_stream" } });
    stream.deadlineMs = 1250;
    stream.expire();
    assert.match(stream.cancelled?.message ?? "", /Echo\.echo did not end within 250 ms/);
  });

  it("that has settled cannot be cancelled", () => {
    const call = clientCall();
    call.ended = true;
    call.cancel(gone);
    assert.equal(call.cancelled, undefined);
  });

  it("is idempotent when its method or its caller says so", () => {
    assert.equal(clientCall().idempotent, false);
    assert.equal(clientCall({ idempotent: true }).idempotent, true);
  });
});

describe("an attempt", () => {
  it("ends once, and tells who counts and who decides, in this order", () => {
    const told: unknown[] = [];
    const call = clientCall();
    call.controller = controller(told);
    const attempt = new Attempt(call, 1);
    attempt.onEnd = (_attempt, error) => told.push(["end", error]);
    attempt.succeed(5);
    attempt.fail(gone);
    attempt.abandon(gone);
    assert.deepEqual(told, [
      ["end", undefined],
      ["succeeded", 5],
    ]);
  });

  it("that is abandoned leaves where it waits and tells nobody who decides", () => {
    const told: unknown[] = [];
    const call = clientCall();
    call.controller = controller(told);
    const attempt = new Attempt(call, 1);
    attempt.onEnd = (_attempt, error) => told.push(["end", error]);
    attempt.holder = { release: (each) => told.push(["released", each === attempt]) };
    attempt.abandon(gone);
    attempt.succeed(5);
    assert.deepEqual(told, [
      ["released", true],
      ["end", gone],
    ]);
  });

  it("says where its time went: waiting until it was written, then remote", () => {
    const attempt = new Attempt(clientCall(), 1);
    assert.deepEqual(attempt.timeSpent(1030), { waitingMs: 30, remoteMs: 0 });
    attempt.sentMs = 1010;
    assert.deepEqual(attempt.timeSpent(1030), { waitingMs: 10, remoteMs: 20 });
  });
});

describe("a call being handled", () => {
  it("hands on what came with it, unless that is replaced", () => {
    const came = new Metadata().set("user", "7", "persistent").set("hop", "1");
    const call = new Served(came);
    assert.deepEqual(call.metadata.entries(), came.entries());
    call.metadata.set("user", "changed", "persistent");
    assert.equal(call.inherited?.get("user"), "7");
    assert.equal(call.inherited?.has("hop"), false);
    const lane = new Metadata().set("baggage", "lane=x");
    call.inherited = lane;
    assert.equal(call.inherited, lane);
    call.inherited = undefined;
    assert.equal(call.inherited, undefined);
  });

  it("ends the calls made while handling it, for its own reason", () => {
    const parent = new Served();
    const children = [clientCall({ parent }), clientCall({ parent }), clientCall({ parent })];
    for (const child of children) parent.adopt(child);
    parent.release(children[1] as ClientCall);
    parent.cancel(gone);
    assert.deepEqual(
      children.map((child) => child.cancelled?.code),
      ["cancelled", undefined, "cancelled"],
    );
    assert.equal(children[0]?.cancelled?.cause, gone);
    assert.match(children[0]?.cancelled?.message ?? "", /the call it was made for ended: the caller left/);
  });

  it("ends them all although ending one ends others", () => {
    const parent = new Served();
    const children = Array.from({ length: 6 }, () => clientCall({ parent }));
    for (const child of children) parent.adopt(child);
    for (const [index, child] of children.entries()) {
      const told: unknown[] = [];
      child.controller = {
        ...controller(told),
        cancelled: () => {
          child.ended = true;
          parent.release(child);
          // As when they share a connection that has to be closed.
          for (const other of children.slice(Math.max(0, index - 1), index)) {
            if (!other.ended) other.cancel(gone);
          }
        },
      };
    }
    parent.cancel(gone);
    assert.ok(children.every((child) => child.cancelled !== undefined));
  });

  it("lets go of calls in any order", () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const parent = new Served();
      const children = [clientCall({ parent }), clientCall({ parent }), clientCall({ parent })];
      for (const child of children) parent.adopt(child);
      const last = order.pop() as number;
      for (const index of order) parent.release(children[index] as ClientCall);
      parent.cancel(gone);
      assert.deepEqual(
        children.map((child) => child.cancelled !== undefined),
        [0, 1, 2].map((index) => index === last),
      );
    }
  });

  it("binds nobody any more when it has settled", () => {
    const parent = new Served();
    const child = clientCall({ parent });
    parent.adopt(child);
    parent.finish();
    assert.equal(parent.ended, true);
    parent.cancel(gone);
    assert.equal(child.cancelled, undefined);
    assert.equal(child.nextSibling, undefined);
    parent.release(child); // does no harm
  });
});

describe("the current call", () => {
  it("is the one being handled, however late, and none outside", async () => {
    const call = new Served();
    assert.equal(currentCall(), undefined);
    const seen = await runInCall(
      call,
      async (argument: number, given) => {
        await Promise.resolve();
        return [argument, given, currentCall(), runOutsideCall(currentCall)];
      },
      7,
    );
    assert.deepEqual(seen, [7, call, call, undefined]);
    assert.equal(currentCall(), undefined);
  });

  it("is in a scope that of each task, and what else the program keeps is as the scope was made", async () => {
    const other = new AsyncLocalStorage<string>();
    const scope = other.run("where it was made", () => new CallScope());
    const [first, second] = [new Served(), new Served()];
    const look = async (argument: number, given: ServerCall): Promise<unknown[]> => {
      await Promise.resolve();
      return [argument, given, currentCall(), other.getStore()];
    };
    const seen = other.run("where it is used", () => {
      const promises = [scope.run(first, look, 1), scope.run(second, look, 2)];
      assert.equal(other.getStore(), "where it is used");
      assert.equal(currentCall(), undefined);
      return promises;
    });
    assert.deepEqual(await seen[0], [1, first, first, "where it was made"]);
    assert.deepEqual(await seen[1], [2, second, second, "where it was made"]);
  });

  it("is taken back when a task throws", () => {
    const scope = new CallScope();
    assert.throws(() =>
      scope.run(
        new Served(),
        () => {
          throw new Error("at once");
        },
        undefined,
      ),
    );
    assert.equal(currentCall(), undefined);
  });
});
