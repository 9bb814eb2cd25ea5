import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ForwardAction, Route, Snapshot } from "@kiteline/policy";
import { parse, SERVICES, SUBSETS, virtualService } from "./istio.fixture.ts";
import type { Workload } from "./workload.ts";

const MESH = [SERVICES, SUBSETS];

/** The routes of reviews, or of another host. */
function routesOf(snapshot: Snapshot, domain = "reviews", port?: number): readonly Route[] {
  return snapshot.virtualHosts.find((host) => host.domains.includes(domain) && (port === undefined || host.port === port))?.routes ?? [];
}

function routes(spec: string, workload?: Workload, domain?: string, port?: number): readonly Route[] {
  const { snapshot, told } = parse([...MESH, virtualService(spec)], workload);
  assert.deepEqual(told, []);
  return routesOf(snapshot, domain, port);
}

const forward = (route: Route | undefined): ForwardAction => {
  assert.equal(route?.action.kind, "forward");
  return route?.action;
};

const TO = (subset: string): string => `route: [{ destination: { host: reviews, subset: ${subset} } }]`;
const cluster = (subset: string): string => `outbound|9080|${subset}|reviews.default.svc.cluster.local`;

describe("a service without a VirtualService", () => {
  it("has one route to all of it, with Istio's retries and no timeout", () => {
    const [route, ...more] = routesOf(parse(MESH).snapshot);
    assert.deepEqual(more, []);
    const { destinations, timeoutMs, retry } = forward(route);
    assert.deepEqual(destinations, [{ cluster: cluster(""), weight: 1 }]);
    assert.equal(timeoutMs, undefined);
    assert.deepEqual(retry, {
      retries: 2,
      on: ["connect-failure", "refused-stream", "unavailable", "cancelled", "retriable-status-codes"],
      backoff: { baseMs: 25, maxMs: 250 },
    });
  });
});

describe("VirtualService", () => {
  it("routes in its order, one route per match, with the conditions of each", () => {
    const list = routes(`
hosts: [reviews]
http:
- name: first
  match:
  - name: a
    headers: { X-A: { exact: "1" }, x-b: {}, x-c: { regex: "*" }, x-d: { regex: "d+" } }
    withoutHeaders: { x-e: { prefix: e } }
    uri: { prefix: /Reviews/ }
    ignoreUriCase: true
  - { method: { exact: POST }, authority: { regex: .* }, scheme: { exact: http }, queryParams: { q: { exact: "1" } } }
  ${TO("v2")}
- ${TO("v1")}`);
    assert.deepEqual(
      list.map(({ name }) => name),
      ["first.a", "first", "reviews[1]"],
    );
    assert.deepEqual(JSON.parse(JSON.stringify(list[0]?.match)), {
      path: { kind: "prefix", value: "/Reviews/", ignoreCase: true },
      headers: [
        { name: "X-A", match: { kind: "exact", value: "1" } },
        { name: "x-b", match: { kind: "present" } },
        { name: "x-c", match: { kind: "present" } },
        { name: "x-d", match: { kind: "regex", value: "d+" } },
        { name: "x-e", match: { kind: "prefix", value: "e" }, invert: true },
      ],
    });
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(list[1]?.match)) as object).toSorted(), [
      "authority",
      "method",
      "query",
      "scheme",
    ]);
    assert.deepEqual(
      list.map((route) => forward(route).destinations[0]?.cluster),
      [cluster("v2"), cluster("v2"), cluster("v1")],
    );
  });

  it("ends at the first match of everything, and says what nobody reaches", () => {
    const { snapshot, told } = parse([...MESH, virtualService(`hosts: [reviews]\nhttp:\n- ${TO("v1")}\n- ${TO("v2")}`)]);
    assert.equal(routesOf(snapshot).length, 1);
    assert.deepEqual(told, ["2.yaml:8: VirtualService default/reviews: spec.http[1]: never matches: the route before it takes everything"]);
    assert.equal(
      routes(`hosts: [reviews]\nhttp:\n- match: [{ uri: { prefix: / } }, { uri: { exact: /x } }]\n  ${TO("v1")}\n- ${TO("v2")}`).length,
      1,
    );
  });

  it("is for callers with the labels and of the namespace that it asks for", () => {
    const spec = `hosts: [reviews.default.svc.cluster.local]\nhttp:\n- match: [{ sourceLabels: { app: page } }, { sourceNamespace: other }]\n  ${TO("v2").replace("reviews,", "reviews.default.svc.cluster.local,")}\n- ${TO("v1").replace("reviews,", "reviews.default.svc.cluster.local,")}`;
    const chosen = (workload: Workload): (string | undefined)[] =>
      routes(spec, workload, "reviews.default").map((route) => forward(route).destinations[0]?.cluster);
    assert.deepEqual(chosen({ labels: { app: "page", version: "v1" } }), [cluster("v2")], "for this caller it matches everything");
    assert.deepEqual(chosen({ labels: { app: "other" } }), [cluster("v1")]);
    assert.deepEqual(chosen({ namespace: "other" }), [cluster("v2")]);
  });

  it("is for the mesh unless it is for gateways, as a whole and in each match", () => {
    const own = routes(`hosts: [reviews]\ngateways: [gw]\nhttp: [{ ${TO("v1")} }]`);
    assert.equal(own[0]?.name, "default");
    const both = routes(
      `hosts: [reviews]\ngateways: [gw, mesh]\nhttp:\n- match: [{ gateways: [gw] }]\n  ${TO("v2")}\n- match: [{ gateways: [mesh], sourceLabels: { never: asked } }]\n  ${TO("v1")}`,
    );
    assert.deepEqual(
      both.map((route) => forward(route).destinations[0]?.cluster),
      [cluster("v1")],
    );
  });

  it("sorts its matches by the port that was called", () => {
    const spec =
      "hosts: [ratings]\nhttp:\n- match: [{ port: 9081 }]\n  route: [{ destination: { host: ratings, port: { number: 9080 } } }]\n- route: [{ destination: { host: ratings } }]";
    const to = (port: number): (string | undefined)[] =>
      routes(spec, undefined, "ratings", port).map((route) => forward(route).destinations[0]?.cluster.split("|")[1]);
    assert.deepEqual(to(9080), ["9080"]);
    assert.deepEqual(to(9081), ["9080"]);
    const [plain] = routes("hosts: [ratings]\nhttp: [{ route: [{ destination: { host: ratings } }] }]", undefined, "ratings", 9081);
    assert.equal(forward(plain).destinations[0]?.cluster.split("|")[1], "9081", "where none is named, the port that was called");
  });

  it("is as good as none when no route of it is for the caller", () => {
    assert.equal(routes(`hosts: [reviews]\nhttp:\n- match: [{ sourceLabels: { app: nobody } }]\n  ${TO("v2")}`)[0]?.name, "default");
  });

  it("splits by weight: 0 means never among several, and nothing when alone", () => {
    const destination = (subset: string, weight: number): string =>
      `{ destination: { host: reviews, subset: ${subset} }, weight: ${weight} }`;
    const split = (list: string): unknown => forward(routes(`hosts: [reviews]\nhttp: [{ route: [${list}] }]`)[0]).destinations;
    assert.deepEqual(split(`${destination("v1", 30)}, ${destination("v2", 70)}`), [
      { cluster: cluster("v1"), weight: 30 },
      { cluster: cluster("v2"), weight: 70 },
    ]);
    assert.deepEqual(split(`${destination("v1", 0)}, ${destination("v2", 7)}`), [{ cluster: cluster("v2"), weight: 7 }]);
    assert.deepEqual(split(destination("v1", 0)), [{ cluster: cluster("v1"), weight: 1 }]);
  });

  it("sets the timeout, where 0 means none", () => {
    const timeout = (text: string): number | undefined =>
      forward(routes(`hosts: [reviews]\nhttp: [{ timeout: ${text}, ${TO("v1")} }]`)[0]).timeoutMs;
    assert.equal(timeout("1.5s"), 1500);
    assert.equal(timeout("0s"), undefined);
  });

  it("sets the retries: names and statuses, times, and none at all", () => {
    const retry = (text: string) => forward(routes(`hosts: [reviews]\nhttp: [{ retries: ${text}, ${TO("v1")} }]`)[0]).retry;
    assert.deepEqual(
      retry(
        '{ attempts: 3, perTryTimeout: 2s, retryOn: "unavailable, 503,connect-failure", backoff: 10ms, retryIgnorePreviousHosts: false }',
      ),
      {
        retries: 3,
        on: ["unavailable", "connect-failure", "retriable-status-codes"],
        statusCodes: [503],
        perTryTimeoutMs: 2000,
        backoff: { baseMs: 10, maxMs: 100 },
        avoidTried: false,
      },
    );
    assert.deepEqual(retry("{ attempts: 0 }"), { retries: 0, on: [] });
    assert.equal(retry("{ attempts: 1 }")?.on[0], "connect-failure");
    const { told } = parse([
      ...MESH,
      virtualService(`hosts: [reviews]\nhttp: [{ retries: { attempts: 1, retryOn: sometimes }, ${TO("v1")} }]`),
    ]);
    assert.match(told[0] ?? "", /spec\.http\[0\]\.retries\.retryOn: expected HTTP statuses and names out of 5xx, .*, got "sometimes"/);
    for (const [text, said] of [
      ["{ attempts: -1 }", "retries.attempts: expected a whole number from 0 to 2147483647, got the number -1"],
      ["{ perTryTimeout: 1s }", 'retries: "perTryTimeout" needs attempts of more than 0: without any, calls are not retried'],
      ["{ attempts: 0, retryOn: 5xx }", 'retries: "retryOn" needs attempts of more than 0: without any, calls are not retried'],
    ] as const) {
      const [wrong = ""] = parse([...MESH, virtualService(`hosts: [reviews]\nhttp: [{ retries: ${text}, ${TO("v1")} }]`)]).told;
      assert.ok(wrong.endsWith(`spec.http[0].${said}`), wrong);
    }
  });

  it("changes headers for the route and for the destination", () => {
    const [route] = routes(
      "hosts: [reviews]\nhttp: [{ headers: { request: { set: { X-A: '1' }, remove: [X-B] } }, route: [{ destination: { host: reviews }, headers: { response: { add: { X-C: '2' } } } }] }]",
    );
    assert.deepEqual(route?.requestHeaders, { set: { "x-a": "1" }, remove: ["x-b"] });
    assert.deepEqual(forward(route).destinations[0]?.responseHeaders, { add: { "x-c": "2" } });
  });

  it("redirects and answers by itself", () => {
    const [redirect] = routes("hosts: [reviews]\nhttp: [{ redirect: { authority: a.b, uri: /x, redirectCode: 302 } }]");
    assert.deepEqual(redirect?.action, { kind: "redirect", status: 302, location: "http://a.b/x" });
    const [direct] = routes("hosts: [reviews]\nhttp: [{ directResponse: { status: 503, body: { string: closed } } }]");
    assert.deepEqual(direct?.action, { kind: "direct_response", status: 503, body: "closed" });
  });

  it("carries what is not obeyed yet as values", () => {
    const { snapshot } = parse([
      ...MESH,
      virtualService(`hosts: [reviews]
http:
- ${TO("v1")}
  fault: { delay: { fixedDelay: 1s, percentage: { value: 5 } }, abort: { grpcStatus: UNAVAILABLE } }
  mirrors: [{ destination: { host: reviews, subset: v2 }, percentage: { value: 50 } }]
  rewrite: { uri: /x }`),
    ]);
    const [route] = routesOf(snapshot);
    assert.deepEqual(route?.fault, {
      delay: { percent: 5, delayMs: 1000 },
      abort: { percent: 100, httpStatus: undefined, grpcStatus: 14 },
    });
    assert.deepEqual(forward(route).mirrors, [{ cluster: cluster("v2"), percent: 50 }]);
    assert.equal(forward(route).rewrite?.path, "/x");
  });

  it("is found by the host that fits best", () => {
    const to = (host: string, name: string): string =>
      virtualService(`hosts: ['${host}']\nhttp: [{ name: ${name}, directResponse: { status: 503 } }]`, name);
    const name = (...texts: string[]): string | undefined => routesOf(parse([...MESH, ...texts]).snapshot)[0]?.name;
    assert.equal(name(to("*.cluster.local", "wide"), to("*.default.svc.cluster.local", "narrow")), "narrow");
    assert.equal(name(to("*.default.svc.cluster.local", "narrow"), to("*.cluster.local", "wide")), "narrow");
    assert.equal(name(to("reviews", "exact"), to("*.default.svc.cluster.local", "narrow")), "exact");
    assert.equal(name(to("*.other", "elsewhere")), "default");
  });

  it("of two for one host the older counts, else the first, and the other is told of", () => {
    const made = (name: string, created: string): string =>
      virtualService(`hosts: [reviews]\nhttp: [{ name: ${name}, directResponse: { status: 503 } }]`, name).replace(
        "namespace: default",
        `namespace: default, creationTimestamp: ${JSON.stringify(created)}`,
      );
    const first = parse([...MESH, made("new", "2026-02-01T00:00:00Z"), made("old", "2026-01-01T00:00:00Z")]);
    assert.equal(routesOf(first.snapshot)[0]?.name, "old");
    assert.deepEqual(first.told, [
      "2.yaml:5: VirtualService default/new: spec.hosts: VirtualService default/old has the routes of reviews.default.svc.cluster.local already; these are not used for it",
    ]);
  });

  it("that is private to the caller's namespace, or exported to it by name, comes before one for all", () => {
    const made = (name: string, exportTo: string): string =>
      virtualService(`hosts: [reviews]\n${exportTo}\nhttp: [{ name: ${name}, directResponse: { status: 503 } }]`, name);
    const all = made("all", "exportTo: ['*']");
    const named = made("named", "exportTo: [default]");
    const own = made("own", "exportTo: ['.']");
    const first = (...texts: string[]): string | undefined => routesOf(parse([...MESH, ...texts]).snapshot)[0]?.name;
    assert.equal(first(all, named), "named");
    assert.equal(first(all, named, own), "own");
  });

  it("is exported to those it names", () => {
    const spec = "hosts: [reviews.default.svc.cluster.local]\nexportTo: [other]\nhttp: [{ directResponse: { status: 503 } }]";
    assert.equal(routes(spec, { namespace: "other" }, "reviews.default")[0]?.action.kind, "direct_response");
    assert.equal(routes(spec, { namespace: "third" }, "reviews.default")[0]?.action.kind, "forward");
  });

  it("may have hosts that are no service", () => {
    const { snapshot, told } = parse([
      ...MESH,
      virtualService("hosts: [shop, '*.example.com']\nhttp: [{ route: [{ destination: { host: reviews } }] }]"),
    ]);
    assert.deepEqual(told, []);
    const shop = snapshot.virtualHosts.find(({ domains }) => domains.includes("shop"));
    assert.equal(shop?.port, undefined);
    assert.equal(forward(shop?.routes[0]).destinations[0]?.cluster, cluster(""));
    assert.ok(snapshot.virtualHosts.some(({ domains }) => domains.includes("*.example.com")));
  });
});

describe("a destination that is not there", () => {
  const told = (destination: string): string =>
    parse([...MESH, virtualService(`hosts: [reviews]\nhttp:\n- route:\n  - destination: ${destination}`)]).told.join("\n");

  it("is told with what there is", () => {
    assert.equal(
      told("{ host: rewiews }"),
      '2.yaml:8: VirtualService default/reviews: spec.http[0].route[0].destination.host: expected a host that a ServiceEntry declares, got "rewiews", which means rewiews.default.svc.cluster.local; there are ratings.default.svc.cluster.local, reviews.default.svc.cluster.local',
    );
    assert.match(
      told("{ host: reviews, subset: v9 }"),
      /destination\.subset: expected a subset of reviews\.default\.svc\.cluster\.local, got "v9"; there are v1, v2$/,
    );
    assert.match(told("{ host: ratings, subset: v9, port: { number: 9080 } }"), /no DestinationRule for it has subsets$/);
    assert.match(
      told("{ host: reviews, port: { number: 1 } }"),
      /destination\.port: expected a port of reviews\.default\.svc\.cluster\.local \(9080\), got 1$/,
    );
  });

  it("has to name its port when nothing else does", () => {
    const { told: list } = parse([...MESH, virtualService("hosts: [shop]\nhttp: [{ route: [{ destination: { host: ratings } }] }]")]);
    assert.match(list[0] ?? "", /has several ports: name one of 9080, 9081/);
  });

  it("costs nobody but the calls that go there", () => {
    const { snapshot } = parse([
      ...MESH,
      virtualService(`hosts: [reviews]\nhttp:\n- match: [{ headers: { a: {} } }]\n  ${TO("v9")}\n- ${TO("v1")}`),
    ]);
    assert.deepEqual(
      routesOf(snapshot).map((route) => forward(route).destinations[0]?.cluster),
      [cluster("v9"), cluster("v1")],
    );
    assert.equal(snapshot.clusters[cluster("v9")], undefined);
  });
});

describe("delegates", () => {
  const root = (match: string, more = ""): string =>
    virtualService(
      `hosts: [reviews]\nhttp:\n- name: outer\n  match: [${match}]\n  delegate: { name: inner }\n  timeout: 1s${more}\n- ${TO("v1")}`,
    );
  const inner = (match: string, more = ""): string =>
    virtualService(`http:\n- name: leaf\n  match: [${match}]\n  ${TO("v2")}${more}`, "inner");
  const first = (...texts: string[]): Route | undefined => routesOf(parse([...MESH, ...texts]).snapshot)[0];

  it("have their routes where they are named, with the conditions of both and what they leave open", () => {
    const route = first(
      root("{ uri: { prefix: /Reviews/ }, headers: { a: { exact: '1' } } }"),
      inner("{ uri: { exact: /Reviews/get }, headers: { b: {} } }"),
    );
    assert.equal(route?.name, "outer-leaf");
    assert.deepEqual(route?.match.path, { kind: "exact", value: "/Reviews/get" });
    assert.deepEqual(
      route?.match.headers?.map(({ name }) => name),
      ["a", "b"],
    );
    assert.deepEqual([forward(route).timeoutMs, forward(route).destinations[0]?.cluster], [1000, cluster("v2")]);
    assert.equal(forward(first(root("{ headers: { a: {} } }"), inner("{}", "\n  timeout: 3s"))).timeoutMs, 3000);
  });

  it("lose routes that lie outside of what was delegated, and say so", () => {
    for (const [outer, leaf] of [
      ["{ uri: { prefix: /a } }", "{ uri: { prefix: /b } }"],
      ["{ uri: { exact: /a } }", "{ uri: { prefix: /a } }"],
      ["{ uri: { regex: a } }", "{ uri: { exact: /a } }"],
      ["{ headers: { a: { exact: '1' } } }", "{ headers: { a: { exact: '2' } } }"],
      ["{ port: 9080 }", "{ port: 9081 }"],
      ["{ ignoreUriCase: true, uri: { prefix: /a } }", "{ uri: { exact: /a } }"],
      ["{ sourceLabels: { a: b } }", "{ sourceLabels: { a: c } }"],
    ] as const) {
      const { snapshot, told } = parse([...MESH, root(outer), inner(leaf)]);
      assert.equal(routesOf(snapshot).length, 1, `${outer} ${leaf}`);
      assert.match(told.join("\n"), /VirtualService default\/inner: spec\.http\[0\]: never matches/);
    }
  });

  it("must exist, have no hosts, be exported and not delegate further", () => {
    const told = (...texts: string[]): string => parse([...MESH, ...texts]).told.join("\n");
    assert.match(told(root("{ port: 9080 }")), /spec\.http\[0\]\.delegate: there is no VirtualService default\/inner/);
    assert.match(told(root("{ port: 9080 }"), inner("{}").replace("spec:\n", "spec:\n  hosts: [a.b]\n")), /has hosts of its own/);
    assert.match(
      told(root("{ port: 9080 }"), inner("{}").replace("spec:\n", "spec:\n  exportTo: [other]\n")),
      /not exported to the namespace default/,
    );
    assert.match(told(root("{ port: 9080 }"), virtualService("http: [{ delegate: { name: x } }]", "inner")), /cannot delegate further/);
  });
});

describe("TrafficLane", () => {
  const lane = (spec: string): string => `apiVersion: kiteline.io/v1\nkind: TrafficLane\nmetadata: { name: branch }\nspec: ${spec}\n`;

  it("becomes rules for colours, in the order of the files", () => {
    const { snapshot, told } = parse([
      lane(
        "{ colour: [{ match: [{ headers: { uid: { exact: '100' } } }, { cookies: { uid: { regex: '1.*' } }, query: { q: {} }, path: { prefix: /p } }] }, { ratio: { percent: 5, stickyBy: { cookie: session } } }] }",
      ),
      lane("{ lane: other, colour: [{ ratio: { percent: 1 } }] }").replace("name: branch", "name: second"),
    ]);
    assert.deepEqual(told, []);
    assert.deepEqual(JSON.parse(JSON.stringify(snapshot.lanes)), [
      {
        lane: "branch",
        rules: [
          {
            match: [
              { headers: [{ name: "uid", match: { kind: "exact", value: "100" } }] },
              {
                cookies: [{ name: "uid", match: { kind: "regex", value: "1.*" } }],
                query: [{ name: "q", match: { kind: "present" } }],
                path: { kind: "prefix", value: "/p" },
              },
            ],
          },
          { ratio: { percent: 5, stickyBy: { kind: "cookie", name: "session" } } },
        ],
      },
      { lane: "other", rules: [{ ratio: { percent: 1 } }] },
    ]);
  });

  it("is refused when a rule says nothing, or the key of a share is not one", () => {
    assert.match(parse([lane("{ colour: [{}] }")]).told[0] ?? "", /spec\.colour\[0\]: expected match, ratio or both, got neither/);
    assert.match(
      parse([lane("{ colour: [{ ratio: { percent: 5, stickyBy: {} } }] }")]).told[0] ?? "",
      /stickyBy: expected one of header, cookie, query/,
    );
    assert.match(
      parse([lane("{ colour: [{ ratio: { percent: 101 } }] }")]).told[0] ?? "",
      /percent: expected a number from 0 to 100, got the number 101/,
    );
    for (const [match, said] of [
      ["[]", /colour\[0\]: expected at least one condition in match, got none/],
      ["[{}]", /colour\[0\]\.match\[0\]: expected a condition \(headers, cookies, query, path\), got none/],
      ["[{ headers: {}, cookies: {} }]", /colour\[0\]\.match\[0\]: expected a condition/],
    ] as const)
      assert.match(parse([lane(`{ colour: [{ match: ${match} }] }`)]).told[0] ?? "", said);
  });

  it("is refused when no label can be what it is called", () => {
    for (const name of ["''", "a b", "-a"])
      assert.match(parse([lane(`{ lane: ${name} }`)]).told[0] ?? "", /spec\.lane: expected a label's value \(up to 63 letters/);
    const { told, snapshot } = parse([lane("{}").replace("name: branch", `name: ${"a".repeat(64)}`)]);
    assert.match(told[0] ?? "", /the name is the lane's, as spec\.lane gives none: expected a label's value/);
    assert.deepEqual(snapshot.lanes, []);
  });
});
