import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createParser, parseIstio } from "./parser.ts";
import { parse, SERVICES, SUBSETS, virtualService } from "./istio.fixture.ts";

describe("a folder of files", () => {
  it("is a snapshot without problems when all is well", () => {
    const { snapshot, told } = parse([
      SERVICES,
      SUBSETS,
      virtualService("hosts: [reviews]\nhttp: [{ route: [{ destination: { host: reviews, subset: v1 } }] }]"),
    ]);
    assert.deepEqual(told, []);
    assert.deepEqual(
      snapshot.virtualHosts.map(({ name }) => name),
      ["reviews.default.svc.cluster.local:9080", "ratings.default.svc.cluster.local:9080", "ratings.default.svc.cluster.local:9081"],
    );
  });

  it("may be empty, and so may its files and documents", () => {
    assert.deepEqual(parse([]).snapshot.clusters, {});
    const { told, snapshot } = parse(["", "---\n---\n# a remark\n", `---${SERVICES}---\n`]);
    assert.deepEqual(told, []);
    assert.equal(Object.keys(snapshot.clusters).length, 3);
  });

  it("may hold a List, as kubectl prints several objects", () => {
    const items = SERVICES.split(/^---$/m).filter((each) => each.trim() !== "");
    const item = (text: string): string => text.trim().replace(/^/gm, "    ").replace("    ", "  - ");
    const list = `apiVersion: v1\nkind: List\nmetadata: { resourceVersion: "" }\nitems:\n${items.map(item).join("\n")}\n`;
    const { told, snapshot } = parse([list]);
    assert.deepEqual(told, []);
    assert.deepEqual(snapshot.clusters, parse([SERVICES]).snapshot.clusters);
    assert.deepEqual(parse([`${list}  - apiVersion: networking.istio.io/v1\n    kind: VirtualServce\n`]).told.length, 1);
    assert.deepEqual(parse(["apiVersion: v1\nkind: List\nitems: []\n"]).told, []);
  });

  it("has another version when any text changed, and the same when none did", () => {
    const version = (...texts: string[]): string => parse(texts).snapshot.version;
    assert.equal(version(SERVICES), version(SERVICES));
    assert.notEqual(version(SERVICES), version(`${SERVICES}\n`));
    assert.notEqual(version("", SERVICES), version(SERVICES, ""));
  });

  it("takes the later of two objects of one name", () => {
    const { told, snapshot } = parse([SERVICES, SUBSETS, SUBSETS.replace("ROUND_ROBIN", "RANDOM")]);
    assert.deepEqual(told, ["1.yaml:2: DestinationRule default/reviews: not used: 2.yaml:2 has another of this name"]);
    assert.equal(snapshot.clusters["outbound|9080||reviews.default.svc.cluster.local"]?.loadBalancing.kind, "random");
  });

  it("is told of what a workload does not have", () => {
    assert.throws(
      () => createParser({ namespase: "shop" } as object),
      /TypeError: a workload has no "namespase": there are namespace, labels, domain, rootNamespace/,
    );
  });

  it("reads a file again only when it changed, and tells of its problems all the same", () => {
    const parser = createParser();
    const files = [{ path: "a", text: "kind: x" }];
    assert.deepEqual(parser(files).problems, parser(files).problems);
    assert.equal(parser([{ path: "a", text: "" }]).problems.length, 0);
  });
});

/** A text, and what is said of it. */
const WRONG: [title: string, text: string, says: string | RegExp][] = [
  ["text that is not YAML", "a: [", /^0\.yaml:1: this is not YAML: /],
  ["a key twice", "a: 1\nb: 2\na: 3\n", /^0\.yaml:3: this is not YAML: Map keys must be unique/],
  ["no object", "- 1", "0.yaml:1: expected an object with apiVersion, kind, metadata and spec"],
  ["no kind", "apiVersion: v1", "0.yaml:1: expected an object with apiVersion, kind, metadata and spec, but kind is missing"],
  [
    "another version",
    "apiVersion: networking.istio.io/v2\nkind: VirtualService",
    /^0\.yaml:1: expected the apiVersion of VirtualService to be one of networking\.istio\.io\/v1, .*, got "networking\.istio\.io\/v2"$/,
  ],
  [
    "no name",
    "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {}\nspec: {}",
    "0.yaml:3: VirtualService default/?: metadata.name: expected a string, got nothing",
  ],
  [
    "no spec",
    "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: a }",
    "0.yaml:1: VirtualService default/a: spec: expected a mapping, got nothing",
  ],
  [
    "a field that is not there",
    virtualService("hosts: [reviews]\nhttps: []"),
    'VirtualService default/reviews: spec.https: there is no such field; did you mean "http"?',
  ],
  [
    "a field that is like no other",
    virtualService("hosts: [reviews]\nwhatever: 1"),
    "there is no such field; there are hosts, gateways, exportTo, http, tls, tcp",
  ],
  [
    "a number for a string",
    virtualService("hosts: [1]"),
    "0.yaml:5: VirtualService default/reviews: spec.hosts[0]: expected a string, got the number 1",
  ],
  ["a mapping for a list", virtualService("hosts: { a: b }"), "spec.hosts: expected a list, got a mapping"],
  [
    "a number without its unit",
    virtualService("http: [{ timeout: 5, route: [{ destination: { host: a } }] }]"),
    'spec.http[0].timeout: expected a duration such as "1.5s" or "250ms", got the number 5',
  ],
  [
    "a negative weight",
    virtualService("http:\n- route:\n  - destination: { host: a }\n    weight: -1"),
    "0.yaml:8: VirtualService default/reviews: spec.http[0].route[0].weight: expected a whole number from 0 to 2147483647, got the number -1",
  ],
  [
    "no host",
    virtualService("http: [{ route: [{ destination: { subset: a } }] }]"),
    "spec.http[0].route[0].destination.host: expected a string, got nothing",
  ],
  [
    "no action",
    virtualService("http: [{ timeout: 1s }]"),
    "spec.http[0]: expected one of route, redirect, directResponse, delegate, got none",
  ],
  ["two actions", virtualService("http: [{ redirect: {}, directResponse: { status: 200 } }]"), "got redirect and directResponse"],
  [
    "weights that are all 0",
    virtualService("http: [{ route: [{ destination: { host: a } }, { destination: { host: b }, weight: 0 }] }]"),
    "expected weights of more than 0",
  ],
  [
    "two kinds of match",
    virtualService("http: [{ match: [{ uri: { exact: /a, prefix: /b } }], route: [{ destination: { host: a } }] }]"),
    "spec.http[0].match[0].uri: expected one of exact, prefix, regex, got exact and prefix",
  ],
  [
    "a pattern that RE2 does not know",
    virtualService('http: [{ match: [{ headers: { x: { regex: "(a)\\\\1" } } }], route: [{ destination: { host: a } }] }]'),
    "spec.http[0].match[0].headers.x.regex: expected a regular expression as RE2 reads it: back references are not in RE2",
  ],
  [
    "a changed target",
    virtualService("http: [{ headers: { request: { set: { Host: a } } }, route: [{ destination: { host: a } }] }]"),
    'spec.http[0].headers.request.set: "Host" names the target and cannot be changed yet',
  ],
  [
    "a name that is none of an enumeration",
    SUBSETS.replace("ROUND_ROBIN", "ROUND"),
    'spec.trafficPolicy.loadBalancer.simple: expected one of UNSPECIFIED, LEAST_CONN, RANDOM, PASSTHROUGH, ROUND_ROBIN, LEAST_REQUEST, got "ROUND"',
  ],
  [
    "a port out of range",
    SERVICES.replace("number: 9080", "number: 70000"),
    "spec.ports[0].number: expected a whole number from 1 to 65535, got the number 70000",
  ],
  ["an anchor that is not there", virtualService("hosts: *nobody"), /Unresolved alias|there is no anchor "nobody"/],
  ["a list of nothing", virtualService("hosts: [~]"), "spec.hosts[0]: expected a string, got nothing"],
];

describe("bad input", () => {
  for (const [title, text, says] of WRONG) {
    it(`is told with file, line, object and field: ${title}`, () => {
      const { told, problems } = parse([text]);
      const found = told.find((each) => (typeof says === "string" ? each.includes(says) : says.test(each)));
      assert.ok(found !== undefined, told.join("\n"));
      assert.equal(problems[told.indexOf(found)]?.severity, "error");
    });
  }

  it("tells of all that is wrong in one object, not only of the first", () => {
    const { told } = parse([virtualService("hosts: [1, 2]\ngateways: mesh\nhttp: [{ timeout: x }]")]);
    assert.equal(told.length, 4, told.join("\n"));
  });

  it("costs the object it is in, and no other of the file", () => {
    const { snapshot, told } = parse([SERVICES.replace("app: reviews, version: v2", "app: 1, version: v2")]);
    assert.equal(told.length, 1);
    assert.equal(snapshot.clusters["outbound|9080||reviews.default.svc.cluster.local"]?.endpoints.length, 1);
  });

  it("of the syntax costs the file", () => {
    const { snapshot } = parse([`${SERVICES}---\na: [`]);
    assert.deepEqual(snapshot.clusters, {});
  });

  it("may refer to anchors, but not so often that a few lines stand for billions", () => {
    const good = parse([
      virtualService(
        "hosts: &hosts [reviews]\nexportTo: ['*']\ngateways: &g [mesh]\nhttp: [{ match: [{ gateways: *g }], directResponse: { status: 503 } }]",
      ),
    ]);
    assert.deepEqual(good.told, []);
    const levels = [
      "a: &a0 [x]",
      ...Array.from({ length: 12 }, (_, index) => `a${index}: &a${index + 1} [${Array(10).fill(`*a${index}`).join()}]`),
    ];
    const start = performance.now();
    const { told } = parse([virtualService(`${levels.join("\n")}\nhosts: *a12`)]);
    assert.ok(performance.now() - start < 2000);
    assert.ok(told.length > 0);
    const bomb = parse([
      virtualService(
        `http: [{ corsPolicy: &a0 { allowHeaders: [x] }, directResponse: { status: 503 } }]\nhosts: [${Array(1500).fill("*a0").join()}]`,
      ),
    ]);
    assert.ok(bomb.told.some((text) => text.includes("refers to anchors more than 1000 times")));
  });

  it("may be nested as deeply as it likes", () => {
    assert.ok(parse(["[".repeat(100_000)]).told.length > 0);
    assert.ok(parse([virtualService(`hosts: ${"[".repeat(3000)}${"]".repeat(3000)}`)]).told.length > 0);
  });

  it("never passes for a kind or a field by the names of what every object has", () => {
    assert.ok(
      parse(["apiVersion: networking.istio.io/v1\nkind: constructor\nmetadata: { name: a }"]).told[0]?.includes("means nothing here"),
    );
    assert.ok(parse([virtualService("hosts: [a]\n__proto__: { x: 1 }\ntoString: 1")]).told.length >= 2);
  });
});

describe("what is understood and not obeyed yet", () => {
  it("is told by name", () => {
    const http = `hosts: [reviews]
http:
- route: [{ destination: { host: reviews } }]
  fault: { abort: { httpStatus: 500, percentage: { value: 10 } } }
  rewrite: { uri: / }
  mirror: { host: ratings, port: { number: 9080 } }
  corsPolicy: { allowOrigins: [{ exact: "*" }] }
  retries: { attempts: 1, retryRemoteLocalities: true }
  match: [{ statPrefix: x }]
tcp: []
tls: []`;
    const rule = SUBSETS.replace(
      "loadBalancer: { simple: ROUND_ROBIN }",
      "loadBalancer: { consistentHash: { useSourceIp: true }, warmup: { duration: 1s }, localityLbSetting: {} }, connectionPool: { tcp: { maxConnections: 1 } }, outlierDetection: { consecutive5xxErrors: 1 }, tls: { mode: SIMPLE }, retryBudget: { percent: 20 }",
    );
    const { problems } = parse([SERVICES.replace("weight: 5", "network: n"), rule, virtualService(http)]);
    const fields = problems
      .filter(({ message, severity }) => message === "not obeyed yet" && severity === "warning")
      .map(({ field }) => field?.replace("spec.", ""));
    assert.deepEqual(
      fields.filter((field) => field !== undefined).toSorted((a, b) => (a < b ? -1 : 1)),
      [
        "http[0].corsPolicy",
        "http[0].fault",
        "http[0].match[0].statPrefix",
        "http[0].mirror",
        "http[0].retries.retryRemoteLocalities",
        "http[0].rewrite",
        "network",
        "tcp",
        "tls",
        "trafficPolicy.connectionPool",
        "trafficPolicy.loadBalancer.consistentHash",
        "trafficPolicy.loadBalancer.localityLbSetting",
        "trafficPolicy.loadBalancer.warmup",
        "trafficPolicy.outlierDetection",
        "trafficPolicy.retryBudget",
        "trafficPolicy.tls",
      ],
    );
  });

  it("also when it is a whole kind", () => {
    const object = (apiVersion: string, kind: string): string =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\nspec: {}`;
    assert.deepEqual(parse([object("networking.istio.io/v1", "Sidecar")]).told, ["0.yaml:1: the kind Sidecar is not obeyed yet"]);
    assert.match(
      parse([object("apps/v1", "Deployment")]).told[0] ?? "",
      /the kind Deployment \(apps\/v1\) means nothing here; there are VirtualService, /,
    );
  });

  it("but not when it is misspelt: that is an error, and the file's last state stays in force", () => {
    const severityOf = (apiVersion: string, kind: string) =>
      parseIstio([{ path: "0.yaml", text: `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\nspec: {}` }]).problems.map(
        ({ severity }) => severity,
      );
    assert.deepEqual(severityOf("networking.istio.io/v1", "VirtualServce"), ["error"]);
    assert.deepEqual(severityOf("kiteline.io/v1", "TraficLane"), ["error"]);
    assert.deepEqual(severityOf("security.istio.io/v1", "PeerAuthentication"), ["warning"]);
    assert.deepEqual(severityOf("networking.k8s.io/v1", "Ingress"), ["warning"]);
  });
});
