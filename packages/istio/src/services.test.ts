import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { endpointAddress, type Snapshot } from "@kiteline/policy";
import { parse, SERVICES, SUBSETS } from "./istio.fixture.ts";

const REVIEWS = "outbound|9080||reviews.default.svc.cluster.local";

function entry(spec: string, name = "db", namespace = "default"): string {
  return `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n---\n`;
}

function workload(spec: string, name = "w", metadata = ""): string {
  return `apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: { name: ${name}${metadata} }\nspec: ${spec}\n---\n`;
}

function rule(spec: string, name = "db", namespace = "default"): string {
  return `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n---\n`;
}

const addresses = (snapshot: Snapshot, cluster: string): string[] | undefined => snapshot.clusters[cluster]?.endpoints.map(endpointAddress);

describe("ServiceEntry", () => {
  it("takes the WorkloadEntries of its namespace that have its labels, with their ports, labels and weights", () => {
    const elsewhere = SERVICES.replace("metadata: { name: reviews-v1 }", "metadata: { name: reviews-v1, namespace: other }");
    assert.deepEqual(addresses(parse([SERVICES]).snapshot, REVIEWS), ["127.0.0.1:1001", "127.0.0.1:1002"]);
    assert.deepEqual(addresses(parse([elsewhere]).snapshot, REVIEWS), ["127.0.0.1:1002"]);
    const [, v2] = parse([SERVICES]).snapshot.clusters[REVIEWS]?.endpoints ?? [];
    assert.deepEqual(v2, { address: "127.0.0.1", port: 1002, labels: { app: "reviews", version: "v2", lane: "branch" }, weight: 5 });
  });

  it("counts the labels that Kubernetes keeps of a WorkloadEntry, and before those it gives itself", () => {
    const service = entry(
      "{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: STATIC, workloadSelector: { labels: { app: db } } }",
    );
    const { snapshot } = parse([
      service,
      workload("{ address: 10.0.0.1, labels: { app: other, version: v1 } }", "w", ", labels: { app: db }"),
    ]);
    assert.deepEqual(snapshot.clusters["outbound|5||db.x"]?.endpoints[0]?.labels, { app: "db", version: "v1" });
  });

  it("finds an endpoint's port by the port's name, else takes the target port, else the number", () => {
    const { snapshot } = parse([
      entry(
        "{ hosts: [db.x], ports: [{ number: 5, name: a }, { number: 6, name: b, targetPort: 60 }, { number: 7, name: c }], resolution: STATIC, endpoints: [{ address: 10.0.0.1, ports: { a: 50 } }] }",
      ),
    ]);
    assert.deepEqual(
      [5, 6, 7].map((port) => addresses(snapshot, `outbound|${port}||db.x`)),
      [["10.0.0.1:50"], ["10.0.0.1:60"], ["10.0.0.1:7"]],
    );
  });

  it("knows localities and Unix sockets", () => {
    const endpoints = parse([SERVICES]).snapshot.clusters["outbound|9081||ratings.default.svc.cluster.local"]?.endpoints;
    assert.deepEqual(endpoints?.[0]?.locality, { region: "a", zone: "b", subZone: "c" });
    assert.equal(endpointAddress(endpoints?.[1] ?? { address: "", port: 0 }), "unix:/run/ratings.sock");
  });

  it("is resolved by name, stands for itself without endpoints, or is what the caller names", () => {
    const { snapshot, told } = parse([
      entry("{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: DNS }", "a"),
      entry(
        "{ hosts: [dc.x], ports: [{ number: 5, name: p }], resolution: DNS_ROUND_ROBIN, endpoints: [{ address: c.example.com }] }",
        "b",
      ),
      entry("{ hosts: ['*.d.x'], ports: [{ number: 5, name: p }] }", "c"),
    ]);
    assert.deepEqual(told, []);
    const cluster = (host: string) => snapshot.clusters[`outbound|5||${host}`];
    assert.deepEqual([cluster("db.x")?.resolution, addresses(snapshot, "outbound|5||db.x")], ["dns", ["db.x:5"]]);
    assert.deepEqual([cluster("dc.x")?.resolution, addresses(snapshot, "outbound|5||dc.x")], ["dns_first", ["c.example.com:5"]]);
    assert.deepEqual([cluster("*.d.x")?.resolution, addresses(snapshot, "outbound|5||*.d.x")], ["original", []]);
    assert.deepEqual(snapshot.virtualHosts[2]?.domains, ["*.d.x"]);
  });

  it("is known by all its names and addresses to callers of its namespace, and not by the short one to others", () => {
    const domains = (namespace: string): readonly string[] | undefined =>
      parse([SERVICES.replace("resolution: STATIC", "resolution: STATIC\n  addresses: [240.0.0.1, 10.0.0.0/8]")], { namespace }).snapshot
        .virtualHosts[0]?.domains;
    assert.deepEqual(domains("default"), [
      "reviews.default.svc.cluster.local",
      "reviews.default.svc",
      "reviews.default",
      "reviews",
      "240.0.0.1",
    ]);
    assert.deepEqual(domains("other"), ["reviews.default.svc.cluster.local", "reviews.default.svc", "reviews.default", "240.0.0.1"]);
  });

  it("is there for those to whom it is exported", () => {
    const hosts = (exportTo: string, namespace: string): number =>
      parse([entry(`{ hosts: [db.x], ports: [{ number: 5, name: p }], exportTo: [${exportTo}] }`)], { namespace }).snapshot.virtualHosts
        .length;
    assert.deepEqual(
      [
        hosts("", "other"),
        hosts("'*'", "other"),
        hosts("other", "other"),
        hosts("third", "other"),
        hosts("'.'", "other"),
        hosts("'.'", "default"),
      ],
      [1, 1, 1, 0, 0, 1],
    );
  });

  it("is put together with others of its host and namespace, while of another namespace the viewer's own wins", () => {
    const one = (address: string, name: string, namespace: string): string =>
      entry(
        `{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: STATIC, endpoints: [{ address: ${address} }] }`,
        name,
        namespace,
      );
    const texts = [one("10.0.0.1", "a", "a"), one("10.0.0.2", "b", "a"), one("10.0.0.3", "c", "c")];
    assert.deepEqual(addresses(parse(texts, { namespace: "a" }).snapshot, "outbound|5||db.x"), ["10.0.0.1:5", "10.0.0.2:5"]);
    assert.deepEqual(addresses(parse(texts, { namespace: "c" }).snapshot, "outbound|5||db.x"), ["10.0.0.3:5"]);
    assert.deepEqual(addresses(parse(texts, { namespace: "x" }).snapshot, "outbound|5||db.x"), ["10.0.0.1:5", "10.0.0.2:5"]);
  });

  const BAD: [spec: string, says: RegExp][] = [
    ["{ hosts: [], ports: [{ number: 5, name: p }] }", /at least one host/],
    ["{ hosts: [db.x] }", /at least one port/],
    ["{ hosts: ['*'], ports: [{ number: 5, name: p }] }", /expected a DNS name/],
    ["{ hosts: [db.x], ports: [{ number: 5, name: p }, { number: 6, name: p }] }", /two ports have the same name/],
    ["{ hosts: [db.x], ports: [{ number: 5, name: p }, { number: 5, name: q }] }", /two ports have the same number/],
    [
      "{ hosts: [db.x], ports: [{ number: 5, name: p }], endpoints: [{ address: 10.0.0.1 }] }",
      /resolution NONE calls what the caller names.*STATIC or DNS/,
    ],
    [
      "{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: STATIC, endpoints: [{ address: a.b }] }",
      /STATIC needs IP addresses or unix:\/\/\/PATH, got "a\.b"; did you mean DNS/,
    ],
    [
      "{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: STATIC, endpoints: [{ address: 10.0.0.1 }], workloadSelector: { labels: { a: b } } }",
      /one of endpoints, workloadSelector, got both/,
    ],
    [
      "{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: STATIC, endpoints: [{ address: 10.0.0.1, ports: { q: 1 } }] }",
      /gives a port "q", which the service does not have; it has p/,
    ],
    ["{ hosts: ['*.x'], ports: [{ number: 5, name: p }], resolution: DNS }", /cannot be resolved/],
    [
      "{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: STATIC, endpoints: [{ address: 'unix://run' }] }",
      /with an absolute path/,
    ],
    [
      "{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: STATIC, endpoints: [{ labels: {} }] }",
      /every endpoint needs an address/,
    ],
  ];
  for (const [spec, says] of BAD) {
    it(`is refused: ${spec}`, () => assert.match(parse([entry(spec)]).told.join("\n"), says));
  }

  it("leaves out a WorkloadEntry that has no address it could use, and says whose fault it is", () => {
    const service = entry(
      "{ hosts: [db.x], ports: [{ number: 5, name: p }], resolution: STATIC, workloadSelector: { labels: { app: db } } }",
    );
    const { told, snapshot } = parse([
      service,
      workload("{ address: a.b, labels: { app: db } }"),
      workload("{ labels: { app: db } }", "v"),
    ]);
    assert.match(
      told[0] ?? "",
      /WorkloadEntry default\/w: spec\.address: ServiceEntry default\/db, which selects this, has resolution STATIC/,
    );
    assert.match(told[1] ?? "", /WorkloadEntry default\/v: spec: expected an address, since ServiceEntry default\/db selects this/);
    assert.deepEqual(addresses(snapshot, "outbound|5||db.x"), []);
  });

  it("warns of a host that rules could not name", () => {
    assert.match(
      parse([entry("{ hosts: [db], ports: [{ number: 5, name: p }] }")]).told[0] ?? "",
      /the short name "db" means db\.default\.svc\.cluster\.local; write that here too/,
    );
  });
});

describe("DestinationRule", () => {
  const DB = entry(
    "{ hosts: [db.x], ports: [{ number: 5, name: p }, { number: 6, name: q }], resolution: STATIC, endpoints: [{ address: 10.0.0.1, labels: { v: '1' } }] }",
  );
  const kindOf = (snapshot: Snapshot, name: string): string | undefined => snapshot.clusters[name]?.loadBalancing.kind;

  it("makes a cluster of each subset, of the endpoints with its labels", () => {
    const { snapshot } = parse([SERVICES, SUBSETS]);
    assert.deepEqual(addresses(snapshot, "outbound|9080|v2|reviews.default.svc.cluster.local"), ["127.0.0.1:1002"]);
    assert.equal(snapshot.clusters["outbound|9080|v2|reviews.default.svc.cluster.local"]?.subset, "v2");
  });

  it("lets a subset's policy replace the top's block by block, and a port's replace all of it", () => {
    const { snapshot } = parse([
      DB,
      rule(`{ host: db.x, trafficPolicy: { loadBalancer: { simple: RANDOM }, tls: { mode: SIMPLE }, portLevelSettings: [{ port: { number: 6 }, loadBalancer: { simple: ROUND_ROBIN } }] },
        subsets: [{ name: plain }, { name: own, trafficPolicy: { loadBalancer: { simple: LEAST_REQUEST } } }, { name: port, trafficPolicy: { portLevelSettings: [{ port: { number: 5 }, tls: { mode: DISABLE } }] } }] }`),
    ]);
    const shape = (port: number, subset: string) => {
      const cluster = snapshot.clusters[`outbound|${port}|${subset}|db.x`];
      return [cluster?.loadBalancing.kind, cluster?.tls?.mode];
    };
    assert.deepEqual(shape(5, ""), ["random", "simple"]);
    assert.deepEqual(shape(6, ""), ["round_robin", undefined], "what the port does not say is the default, not the top's");
    assert.deepEqual(shape(5, "plain"), ["random", "simple"]);
    assert.deepEqual(shape(5, "own"), ["least_request", "simple"]);
    assert.deepEqual(shape(6, "own"), ["least_request", undefined]);
    assert.deepEqual(shape(5, "port"), ["least_request", "disable"]);
    assert.deepEqual(shape(6, "port"), ["round_robin", undefined]);
  });

  it("balances by least request unless told otherwise, and passes through where asked", () => {
    assert.equal(kindOf(parse([DB]).snapshot, "outbound|5||db.x"), "least_request");
    assert.equal(
      parse([DB, rule("{ host: db.x, trafficPolicy: { loadBalancer: { simple: PASSTHROUGH } } }")]).snapshot.clusters["outbound|5||db.x"]
        ?.resolution,
      "original",
    );
  });

  it("counts in the viewer's namespace first, then in the service's, then in the root's; in each the host that fits best", () => {
    const kinds = (namespace: string, ...rules: string[]): string | undefined =>
      kindOf(parse([DB, ...rules], { namespace }).snapshot, "outbound|5||db.x");
    const root = rule("{ host: '*', trafficPolicy: { loadBalancer: { simple: RANDOM } } }", "r", "istio-system");
    const home = rule("{ host: '*.x', trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } } }", "h");
    const own = rule("{ host: db.x, trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true } } } }", "o", "me");
    assert.equal(kinds("me", root), "random");
    assert.equal(kinds("me", root, home), "round_robin");
    assert.equal(kinds("me", root, home, own), "ring_hash");
    assert.equal(kinds("other", root, home, own), "round_robin");
    const exact = rule("{ host: db.x, trafficPolicy: { loadBalancer: { simple: RANDOM } } }", "e");
    assert.equal(kinds("other", home, exact), "random");
    const secret = rule("{ host: db.x, exportTo: ['.'], trafficPolicy: { loadBalancer: { simple: RANDOM } } }", "s");
    assert.equal(kinds("other", secret), "least_request");
    assert.equal(kinds("default", secret), "random");
  });

  it("for some workloads counts for them alone, and before one for all", () => {
    const some = rule(
      "{ host: db.x, workloadSelector: { matchLabels: { app: me } }, trafficPolicy: { loadBalancer: { simple: RANDOM } } }",
      "some",
    );
    const all = rule("{ host: db.x, trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } } }", "all");
    assert.equal(kindOf(parse([DB, all, some], { labels: { app: "me" } }).snapshot, "outbound|5||db.x"), "random");
    assert.equal(kindOf(parse([DB, all, some], { labels: { app: "you" } }).snapshot, "outbound|5||db.x"), "round_robin");
    assert.equal(kindOf(parse([DB, some], { labels: { app: "you" } }).snapshot, "outbound|5||db.x"), "least_request");
  });

  it("is put together with others of its host: all subsets, and the first policy", () => {
    const { snapshot, told } = parse([
      DB,
      rule("{ host: db.x, subsets: [{ name: a }] }", "one"),
      rule("{ host: db.x, subsets: [{ name: a }, { name: b }], trafficPolicy: { loadBalancer: { simple: RANDOM } } }", "two"),
    ]);
    assert.deepEqual(
      Object.keys(snapshot.clusters).filter((name) => name.startsWith("outbound|5")),
      ["outbound|5||db.x", "outbound|5|a|db.x", "outbound|5|b|db.x"],
    );
    assert.equal(kindOf(snapshot, "outbound|5||db.x"), "random");
    const first = "{ host: db.x, trafficPolicy: { loadBalancer: { simple: ROUND_ROBIN } } }";
    const second = "{ host: db.x, trafficPolicy: { loadBalancer: { simple: RANDOM } } }";
    assert.equal(kindOf(parse([DB, rule(first, "a"), rule(second, "b")]).snapshot, "outbound|5||db.x"), "round_robin");
    assert.match(told[0] ?? "", /DestinationRule default\/two: spec\.subsets\[0\]\.name: there is a subset "a" of db\.x already/);
  });

  it("warns when nobody declares its host", () => {
    assert.match(
      parse([rule("{ host: nobody }")]).told[0] ?? "",
      /spec\.host: no ServiceEntry declares "nobody", which means nobody\.default\.svc\.cluster\.local: the rule applies to nothing/,
    );
  });

  it("carries limits, outlier detection, TLS and hashes as values", () => {
    const { snapshot } = parse([
      DB,
      rule(`{ host: db.x, trafficPolicy: {
        connectionPool: { tcp: { connectTimeout: 1s, maxConnections: 0, idleTimeout: 5s }, http: { http2MaxRequests: 7 } },
        outlierDetection: { consecutive5xxErrors: 3 }, tls: { mode: MUTUAL, sni: a },
        loadBalancer: { consistentHash: { httpHeaderName: x, maglev: {} } } } }`),
    ]);
    const cluster = snapshot.clusters["outbound|5||db.x"];
    assert.deepEqual(
      [
        cluster?.connections?.connectTimeoutMs,
        cluster?.connections?.maxConnections,
        cluster?.connections?.maxRequests,
        cluster?.connections?.idleTimeoutMs,
      ],
      [1000, undefined, 7, 5000],
    );
    assert.deepEqual([cluster?.outlier?.consecutive5xx, cluster?.outlier?.baseEjectionMs], [3, 30_000]);
    assert.deepEqual([cluster?.tls?.mode, cluster?.tls?.sni], ["mutual", "a"]);
    assert.deepEqual(cluster?.loadBalancing, { kind: "maglev", tableSize: 65_537 });
  });
});
