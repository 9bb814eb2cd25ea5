import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { type Bookinfo, isAlive, isOpen, startBookinfo, StarterProcess, until } from "./bookinfo.fixture.ts";
import type { Hop } from "./instance.ts";

const hop = (instance: string, lane = "baseline"): Hop => {
  const [service = "", version = ""] = instance.split("-");
  return { service, version, lane, instance };
};
const PAGE = hop("productpage-v1");
const DETAILS = hop("details-v1");
const WITHOUT_STARS = [PAGE, DETAILS, hop("reviews-v1")];
const ONE_STAR = [PAGE, DETAILS, hop("reviews-v3"), hop("ratings-v1")];
const BRANCH = [PAGE, DETAILS, hop("reviews-v2", "branch"), hop("ratings-v2", "branch")];

describe("Bookinfo", () => {
  let bookinfo: Bookinfo;
  before(async () => {
    bookinfo = await startBookinfo();
  });
  after(() => bookinfo[Symbol.asyncDispose]());

  it("is answered by reviews v1, without stars, and reviews v3, with one, by turns", async () => {
    const first = await bookinfo.ask();
    for (let turn = 1; turn <= 8; turn += 1) {
      const { stars, hops, lane, unavailable } = await bookinfo.ask();
      const starless = (first.stars === 0) === (turn % 2 === 0);
      assert.deepEqual(
        { stars, hops, lane, unavailable },
        { stars: starless ? 0 : 1, hops: starless ? WITHOUT_STARS : ONE_STAR, lane: "baseline", unavailable: {} },
      );
    }
  });

  for (const [carrier, headers] of Object.entries({ header: { uid: "100" }, cookie: { cookie: "theme=dark; uid=100" } })) {
    it(`is answered by the branch, with five stars, whenever the ${carrier} says uid=100`, async () => {
      for (let turn = 0; turn < 4; turn += 1) {
        const { stars, hops, lane } = await bookinfo.ask(headers);
        assert.deepEqual({ stars, hops, lane }, { stars: 5, hops: BRANCH, lane: "branch" });
      }
    });
  }

  it("stays in the baseline for other users, and for those who only claim a colour", async () => {
    for (const headers of [{ uid: "1000" }, { cookie: "uid=10" }, { baggage: "lane=branch", "x-asm-prefer-tag": "branch" }]) {
      assert.equal((await bookinfo.ask(headers)).lane, "baseline");
    }
  });

  it("shows the same as a page, which a switch takes into the branch and back", async () => {
    const page = async (cookie: string): Promise<string> =>
      (await fetch(bookinfo.url, { headers: { cookie, accept: "text/html" } })).text();
    const off = await page("");
    assert.match(off, /aria-checked="false"/);
    const on = await page("uid=100");
    assert.match(on, /aria-checked="true"/);
    assert.match(on, /5 stars of 5/);
    for (const { instance } of BRANCH) assert.match(on, new RegExp(`<code>${instance}</code>`));

    const press = async (lane: string): Promise<string> => {
      const response = await fetch(new URL("/switch", bookinfo.url), {
        method: "POST",
        body: new URLSearchParams({ lane }),
        redirect: "manual",
      });
      assert.equal(response.status, 303);
      assert.equal(response.headers.get("location"), "/productpage");
      return response.headers.get("set-cookie") ?? "";
    };
    assert.match(await press("branch"), /^uid=100; Path=\//);
    assert.match(await press("baseline"), /^uid=; Max-Age=0; Path=\//);
  });

  it("obeys an edited route at once, keeps the last good one when a file is broken, and goes back", async () => {
    const restore = bookinfo.edit("routes.yaml", "host: reviews", "host: reviews\n            subset: v1");
    await bookinfo.askUntil(({ stars }) => stars === 0, { uid: "100" }); // an explicit route wins over the lane
    for (let turn = 0; turn < 4; turn += 1) assert.deepEqual((await bookinfo.ask()).hops, WITHOUT_STARS);
    const repair = bookinfo.edit("routes.yaml", "hosts: [reviews]", "hosts: [reviews");
    await until(
      () => bookinfo.starter.text.includes("routes.yaml"),
      () => "somebody to complain about routes.yaml",
    );
    for (let turn = 0; turn < 4; turn += 1) assert.deepEqual((await bookinfo.ask()).hops, WITHOUT_STARS);
    repair();
    restore();
    await bookinfo.askUntil(({ stars }) => stars === 5, { uid: "100" });
  });

  it("leaves no process, no port and no file behind after Ctrl-C", () => leavesNothing(bookinfo, "SIGINT"));
});

describe("Bookinfo, losing one instance after the other", () => {
  let bookinfo: Bookinfo;
  before(async () => {
    bookinfo = await startBookinfo();
  });
  after(() => bookinfo[Symbol.asyncDispose]());

  it("loses no request when one is told to end and one is killed in the midst of load", async () => {
    const answers = await bookinfo.load([{}, {}, { uid: "100" }, { uid: "100" }], async () => {
      await bookinfo.end("reviews-v1", "SIGTERM");
      await bookinfo.end("reviews-v2", "SIGKILL");
    });
    const incomplete = answers.filter(({ unavailable }) => Object.keys(unavailable).length > 0);
    assert.deepEqual(incomplete, []);
  });

  it("falls back to the baseline where the lane has nobody, and comes back to the lane behind it", async () => {
    const { stars, hops } = await bookinfo.ask({ uid: "100" });
    assert.deepEqual({ stars, hops }, { stars: 5, hops: [PAGE, DETAILS, hop("reviews-v3"), hop("ratings-v2", "branch")] });
    await bookinfo.end("ratings-v2", "SIGKILL");
    for (let turn = 0; turn < 4; turn += 1) assert.deepEqual((await bookinfo.ask({ uid: "100" })).hops, ONE_STAR);
  });

  it("says what is unavailable, and shows the rest", async () => {
    await bookinfo.end("ratings-v1", "SIGKILL");
    const starless = await bookinfo.ask();
    assert.deepEqual([starless.stars, starless.reviews?.length, Object.keys(starless.unavailable)], [0, 2, ["ratings"]]);
    assert.deepEqual(starless.hops, [PAGE, DETAILS, hop("reviews-v3")]);

    await bookinfo.end("details-v1", "SIGKILL");
    assert.deepEqual(Object.keys((await bookinfo.ask()).unavailable), ["details", "ratings"]);

    await bookinfo.end("reviews-v3", "SIGKILL");
    const bare = await bookinfo.ask();
    assert.deepEqual([Object.keys(bare.unavailable), bare.hops, bare.title], [["details", "reviews"], [PAGE], "The Comedy of Errors"]);
    const html = await (await fetch(bookinfo.url, { headers: { accept: "text/html" } })).text();
    assert.match(html, /Details are unavailable/);
    assert.match(html, /Reviews are unavailable/);
  });

  it("takes back one that is started again, as it was told to", async () => {
    const command = /npm start -- (--join reviews-v1 .*)/.exec(bookinfo.starter.text)?.[1];
    assert.ok(command, bookinfo.starter.text);
    await using again = new StarterProcess(...command.split(" "));
    const { hops } = await bookinfo.askUntil((answer) => answer.reviews !== undefined);
    assert.deepEqual(hops, [PAGE, hop("reviews-v1")]);
    assert.equal(await again.stop("SIGINT"), 0);
  });

  it("leaves no process, no port and no file behind when it is told to end", () => leavesNothing(bookinfo, "SIGTERM"));
});

async function leavesNothing(bookinfo: Bookinfo, signal: "SIGINT" | "SIGTERM"): Promise<void> {
  assert.equal(bookinfo.pids.size, 7);
  assert.equal(await bookinfo.starter.stop(signal), 0);
  assert.deepEqual([...bookinfo.pids.values()].filter(isAlive), []);
  assert.equal(await isOpen(bookinfo.port), false);
  assert.equal(existsSync(bookinfo.run), false);
}

describe("the starter", () => {
  it("leaves no process and no port behind when it is killed", async () => {
    await using bookinfo = await startBookinfo();
    await bookinfo.starter.stop("SIGKILL");
    await until(
      () => ![...bookinfo.pids.values()].some(isAlive),
      () => "all instances to end",
    );
    assert.equal(await isOpen(bookinfo.port), false);
  });

  it("says so when the port is taken, and ends", async () => {
    await using other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    await using starter = new StarterProcess("--port", String(port));
    assert.equal(await starter.ended(), 1);
    assert.match(starter.text, new RegExp(`port ${port} is taken.*--port`));
  });

  it("tells what it can do, and what is wrong with what it is told", async () => {
    await using help = new StarterProcess("--help");
    assert.equal(await help.ended(), 0);
    assert.match(help.text, /--port[^]*--mesh[^]*uid=100/);
    for (const args of [
      ["--port", "http"],
      ["--mesh", "nowhere"],
      ["--prot", "1"],
      ["--join", "reviews-v2"],
    ]) {
      await using wrong = new StarterProcess(...args);
      assert.equal(await wrong.ended(), 2, args.join(" "));
      assert.match(wrong.text, /bookinfo: .*\n\nnpm start -- --help/);
    }
  });
});
