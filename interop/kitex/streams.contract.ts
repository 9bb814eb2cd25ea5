/** What a client and a server of the streaming services promise each other, whichever of them is Kitex's. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Item, StreamOrder, StreamOutcome, StreamsPair } from "./streams.ts";

/** What the protocol between them carries. */
export interface StreamsTraits {
  /** Whether there are streams; `once` is always there. */
  readonly streams: boolean;
  /** Whether a handler's gRPC status is told, or only that it failed. */
  readonly statuses: boolean;
  /** Whether a stream's server learns the deadline and the caller's name, or only when it is given up. */
  readonly deadlines: boolean;
  /** Whether a unary reply has a header and a trailer of its own, as over gRPC, or metadata (`backward`). */
  readonly unaryReply: "header and trailer" | "backward";
}

const MANY = 5000;
const BUSINESS = { status: 1001, message: "not enough", extra: { left: "3" } };
/** As gRPC's metadata can carry it: Kitex makes such names lower-case and turns them back, nobody else does. */
const EXTRA = { USER_ID: "7" };

const item = (text: string, number: number, extra?: Item["extra"]): Item =>
  extra === undefined ? { text, number } : { text, number, extra };
const METHODS: readonly StreamOrder["method"][] = ["once", "collect", "expand", "chat"];

/** `connect` makes the pair that all tests use, so that each finds what the others left. */
export function testStreams(name: string, traits: StreamsTraits, connect: () => Promise<StreamsPair>): void {
  const methods = traits.streams ? METHODS : METHODS.slice(0, 1);

  describe(name, () => {
    let pair: StreamsPair;
    before(async () => {
      pair = await connect();
    });
    after(() => pair[Symbol.asyncDispose]());

    const call = (order: StreamOrder): Promise<StreamOutcome> => pair.call(order);
    /** What `expand` has sent before its handler does what the text says. */
    const sentBefore = (method: StreamOrder["method"], text: string): readonly Item[] => (method === "expand" ? [item(text, 0)] : []);

    it("make unary calls", async () => {
      const { received, ended } = await call({ method: "once", send: [item("é 漢 😀", 1, { a: "b" })] });
      assert.deepEqual({ received, ended }, { received: [item("é 漢 😀", 2, { a: "b" })], ended: "well" });
    });

    for (const method of methods) {
      it(`tell business errors of ${method}`, async () => {
        // Not what was received: Kitex v0.16.2's client forgets messages that are still to be read when such an error arrives.
        const { ended, business } = await call({ method, send: [item("business", 1)] });
        assert.deepEqual({ ended, business }, { ended: "in a business error", business: BUSINESS });
      });

      it(`tell that the handler of ${method} failed, and go on`, async () => {
        for (const text of ["error", "panic"]) {
          const { received, ended } = await call({ method, send: [item(text, 1)] });
          assert.deepEqual({ received, ended }, { received: sentBefore(method, text), ended: "in a failed handler" });
        }
        assert.equal((await call({ method: "once", send: [item("a", 1)] })).ended, "well");
      });

      if (traits.statuses) {
        it(`tell the status of ${method}`, async () => {
          for (const status of [2, 5, 14, 16]) {
            const { ended } = await call({ method, send: [item(`status:${status}`, 0)] });
            assert.equal(ended, `with status ${status}`);
          }
        });
      }
    }

    if (traits.unaryReply === "backward") {
      it("send metadata back with a unary reply", async () => {
        const { backward } = await call({ method: "once", send: [item("back", 1, EXTRA)] });
        assert.deepEqual(backward, EXTRA);
      });
    }
    for (const method of traits.unaryReply === "backward" ? methods.slice(1) : methods) {
      it(`send a header and a trailer back with ${method}`, async () => {
        const extra = { "user-id": "7" };
        const { header } = await call({ method, send: [item("header", 1, extra)] });
        assert.equal(header?.["user-id"], "7");
        const { trailer } = await call({ method, send: [item("trailer", 1, extra)] });
        assert.equal(trailer?.["user-id"], "7");
      });
    }

    it("carry metadata", async () => {
      for (const method of methods.filter((each) => each === "once" || each === "chat")) {
        const { received } = await call({ method, send: [item("seen", 1)], persistent: EXTRA, transient: { HOP: "h" } });
        const seen = new Map(
          Object.entries(received[0]?.extra ?? {}).map(([name, value]) => [name.toLowerCase().replaceAll("_", "-"), value]),
        );
        assert.equal(seen.get("persistent user-id"), "7");
        assert.equal(seen.get("transient hop"), "h");
      }
    });

    if (traits.deadlines) {
      it("tell the deadline and who calls", async () => {
        for (const method of methods.filter((each) => each === "once" || each === "chat")) {
          const { received } = await call({ method, send: [item("seen", 1)], timeoutMs: 5000 });
          const leftMs = Number(received[0]?.extra?.["leftMs"]);
          assert.ok(leftMs > 3000 && leftMs <= 5000, `${leftMs} ms are left`);
          assert.ok((received[0]?.extra?.["caller"] ?? "").length > 0);
        }
      });
    }

    if (!traits.streams) return;

    it("stream from the client", async () => {
      const { received, ended } = await call({ method: "collect", send: [item("a", 1), item("", 2), item("é", 3)] });
      assert.deepEqual({ received, ended }, { received: [item("a  é", 6)], ended: "well" });
    });

    it("stream from the server", async () => {
      for (const count of [0, 1, 3]) {
        const { received, ended } = await call({ method: "expand", send: [item("a", count)] });
        const sent = Array.from({ length: count }, (_, at) => item("a", at));
        assert.deepEqual({ received, ended }, { received: sent, ended: "well" });
      }
    });

    it("stream both ways, in turns and at the same time", async () => {
      const sent = Array.from({ length: 5 }, (_, at) => item("a", at + 1));
      for (const inTurns of [false, true]) {
        const { received, ended } = await call({ method: "chat", send: [item("a", 0)], repeat: 5, inTurns });
        assert.deepEqual({ received, ended }, { received: sent, ended: "well" });
      }
    });

    it("stream nothing", async () => {
      for (const method of ["collect", "chat"] as const) {
        const { received, ended } = await call({ method, send: [] });
        assert.deepEqual({ received, ended }, { received: method === "collect" ? [item("", 0)] : [], ended: "well" });
      }
    });

    it(`keep the order of ${MANY} messages of 1 KB, more than any window`, async () => {
      const text = "x".repeat(1024);
      const inOrder = (items: readonly Item[], first: number): boolean =>
        items.length === MANY && items.every((each, at) => each.text === text && each.number === first + at);
      const expanded = await call({ method: "expand", send: [item(text, MANY)] });
      assert.ok(expanded.ended === "well" && inOrder(expanded.received, 0));
      const chatted = await call({ method: "chat", send: [item(text, 0)], repeat: MANY });
      assert.ok(chatted.ended === "well" && inOrder(chatted.received, 1));
      const collected = await call({ method: "collect", send: [item(text, 0)], repeat: MANY });
      assert.equal(collected.received[0]?.number, (MANY * (MANY - 1)) / 2);
    });

    it("end early when the server has enough", async () => {
      const { received, ended } = await call({ method: "chat", send: [item("a", 1), item("stop", 2)], inTurns: true });
      assert.deepEqual({ received, ended }, { received: [item("a", 2)], ended: "well" });
      const collected = await call({ method: "collect", send: [item("a", 1), item("stop", 2)] });
      assert.deepEqual(collected.received, [item("a stop", 3)]);
    });

    it("end when the client cancels, and the server learns it", async () => {
      const { received, ended } = await call({
        method: "chat",
        send: [item("a", 1), item("wait:cancelled", 2)],
        inTurns: true,
        cancelAfter: 1,
      });
      assert.deepEqual({ received, ended }, { received: [item("a", 2)], ended: "cancelled" });
      const noted = await call({ method: "once", send: [item("noted:cancelled", 0)] });
      assert.equal(noted.received[0]?.text, "noted");
    });

    it("end at the deadline, and the server learns it", async () => {
      const { ended } = await call({ method: "chat", send: [item("wait:late", 1)], timeoutMs: 200 });
      assert.equal(ended, "at its deadline");
      const noted = await call({ method: "once", send: [item("noted:late", 0)] });
      assert.equal(noted.received[0]?.text, "noted");
    });

    it("run many streams at once, each with its own messages", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, at) =>
          call({ method: "chat", send: [item(`stream ${at}`, 0)], repeat: 20, inTurns: at % 2 === 0 }),
        ),
      );
      outcomes.forEach(({ received, ended }, at) => {
        assert.equal(ended, "well");
        assert.deepEqual(
          received,
          Array.from({ length: 20 }, (_, turn) => item(`stream ${at}`, turn + 1)),
        );
      });
    });
  });
}
