import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ColourRule, LanePolicy } from "@kiteline/policy";
import { Colouring } from "./colouring.ts";
import { httpEdgeRequest } from "./http-request.ts";

const exact = (value: string) => ({ kind: "exact", value }) as const;

function colouring(lanes: readonly LanePolicy[], random?: () => number): Colouring {
  const made = new Colouring({ random });
  made.update(lanes);
  return made;
}

const lane = (name: string, ...rules: ColourRule[]): LanePolicy => ({ lane: name, rules });

describe("Colouring", () => {
  it("colours by header, cookie, query and path, exactly, by prefix and by pattern", () => {
    const made = colouring([
      lane("header", { match: [{ headers: [{ name: "UID", match: exact("100") }] }] }),
      lane("cookie", { match: [{ cookies: [{ name: "uid", match: { kind: "regex", value: "1\\d\\d" } }] }] }),
      lane("query", { match: [{ query: [{ name: "lane", match: { kind: "present" } }] }] }),
      lane("path", { match: [{ path: { kind: "prefix", value: "/beta/" } }] }),
    ]);
    const colour = (url: string, headers: Record<string, string | string[]> = {}): string | undefined =>
      made.colour(httpEdgeRequest({ url, headers }));
    assert.equal(colour("/", { uid: "100" }), "header");
    assert.equal(colour("/", { uid: "1000" }), undefined);
    assert.equal(colour("/", { cookie: "a=1; uid=150; uid=2" }), "cookie");
    assert.equal(colour("/", { cookie: "xuid=150; uid=1500" }), undefined);
    assert.equal(colour("/?a=b&lane="), "query");
    assert.equal(colour("/?lanes=1"), undefined);
    assert.equal(colour("/beta/x?y"), "path");
    assert.equal(colour("/x?/beta/"), undefined);
    assert.equal(colour("/", { uid: ["1", "2"] }), undefined);
  });

  it("needs all conditions of one match, and one match of several, and takes the first lane that fits", () => {
    const made = colouring([
      lane("both", {
        match: [{ headers: [{ name: "a", match: exact("1") }], cookies: [{ name: "b", match: exact("2") }] }, { path: exact("/always") }],
      }),
      lane("second", { match: [{ headers: [{ name: "a", match: exact("1") }] }] }),
    ]);
    const colour = (url: string, headers: Record<string, string>): string | undefined => made.colour(httpEdgeRequest({ url, headers }));
    assert.equal(colour("/", { a: "1", cookie: "b=2" }), "both");
    assert.equal(colour("/", { a: "1" }), "second");
    assert.equal(colour("/always", {}), "both");
    assert.equal(colour("/", {}), undefined);
  });

  it("colours a share of the requests at random", () => {
    let random = 0.049;
    const made = colouring([lane("some", { ratio: { percent: 5 } })], () => random);
    assert.equal(made.colour(httpEdgeRequest({ headers: {} })), "some");
    random = 0.05;
    assert.equal(made.colour(httpEdgeRequest({ headers: {} })), undefined);
  });

  it("colours a share of the users, each always alike, and nobody who has no key", () => {
    const made = colouring([lane("some", { ratio: { percent: 20, stickyBy: { kind: "cookie", name: "session" } } })]);
    const colour = (session: string): string | undefined => made.colour(httpEdgeRequest({ headers: { cookie: `session=${session}` } }));
    let coloured = 0;
    for (let user = 0; user < 10_000; user++) {
      const first = colour(`user-${user}`);
      if (first === "some") coloured++;
      assert.equal(colour(`user-${user}`), first);
    }
    assert.ok(coloured > 1800 && coloured < 2200, String(coloured));
    assert.equal(made.colour(httpEdgeRequest({ headers: {} })), undefined);
  });

  it("asks other users for another lane's share, and the same ones when the share grows", () => {
    const key = { kind: "header", name: "User" } as const;
    const share = (name: string, percent: number): Set<number> => {
      const made = colouring([lane(name, { ratio: { percent, stickyBy: key } })]);
      const users = new Set<number>();
      for (let user = 0; user < 2000; user++)
        if (made.colour(httpEdgeRequest({ headers: { user: String(user) } })) !== undefined) users.add(user);
      return users;
    };
    const small = share("a", 10);
    assert.ok(small.isSubsetOf(share("a", 30)));
    const both = small.intersection(share("b", 10)).size;
    assert.ok(both > 5 && both < 50, String(both));
  });

  it("colours a share of what matches when a rule has both", () => {
    const made = colouring([lane("some", { match: [{ path: exact("/a") }], ratio: { percent: 50 } })], () => 0.4);
    assert.equal(made.colour(httpEdgeRequest({ url: "/a", headers: {} })), "some");
    assert.equal(made.colour(httpEdgeRequest({ url: "/b", headers: {} })), undefined);
  });

  it("obeys the newest policies", () => {
    const made = colouring([lane("a", { match: [{}] })]);
    assert.equal(made.colour(httpEdgeRequest({ headers: {} })), "a");
    made.update([lane("b", { match: [{}] })]);
    assert.equal(made.colour(httpEdgeRequest({ headers: {} })), "b");
    made.update([]);
    assert.equal(made.colour(httpEdgeRequest({ headers: {} })), undefined);
  });
});
