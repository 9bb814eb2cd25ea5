import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { runLine, temporaryFolder } from "./io.fixture.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** As in this repository: sources run unbuilt. */
const FROM_SOURCE = ["--conditions=source", "--disable-warning=ExperimentalWarning"];

const HELLO = `struct Req { 1: string msg }
struct Resp { 1: string msg }
service Hello {
  Resp greet(1: Req req)
}
`;

/** A method with every kind of type as argument and result, names that mean something in TypeScript, and two services. */
const EVERYTHING = `include "common.thrift"
enum Color { RED = 1, GREEN = 2 }
typedef i64 Id
typedef list<common.Point> Points
struct Inner { 1: required Color color; 2: optional string note; 3: common.Size size = common.Size.LARGE }
struct Tree { 1: string name; 2: list<Tree> children; 3: optional Tree parent }
union Choice { 1: Inner inner; 2: string text }
exception Refused { 1: string why; 2: i32 code = 7 }
struct All {
  1: bool flag; 2: i8 tiny; 3: i16 small; 4: i32 medium; 5: i64 large; 6: double real; 7: string text; 8: binary bytes; 9: uuid uid;
  10: list<Inner> list; 11: set<string> words; 12: map<i32, Inner> map; 13: Inner inner; 14: required Choice choice; 15: Color color;
  16: Id id; 17: Points points; 18: Tree tree; 19: common.Point point; 20: common.Size size; 21: i64 (js.type = "string") text64;
  22: list<i32> primes = [2, 3]; 23: map<string, common.Size> sizes = {"a": common.Size.LARGE}; 24: i64 big = 5; 25: Inner made = {"color": Color.GREEN}
}
service Base { void ping(); oneway void tell(1: string text) }
service Shop extends Base {
  All everything(1: All all, 2: i64 count, 3: Color color) throws (1: Refused refused);
  i64 sum(1: list<i64> numbers = [1]);
  set<string> delete(1: string class, 2: string call, 3: optional i32 server);
  Choice pick();
  common.Size sizeOf(1: common.Point p);
  string GetURL(1: uuid id);
}
service Other { void ping(); Color color(1: Color assert) }
`;
const COMMON = `enum Size { SMALL = 10, LARGE = 20 }
struct Point { 1: double x; 2: double y }
`;

/** Methods of every kind, in both languages. */
const TALK = `struct Line { 1: string text }
service Talk {
  Line say(1: Line line)
  Line hear(1: Line line) (streaming.mode = "server")
  Line tell(1: Line request) (streaming.mode = "client")
  Line chat(1: Line line) (streaming.mode = "bidirectional")
}
`;
const EVERY_PROTO = `syntax = "proto3";
package acme.v1;
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Size { SIZE_UNSPECIFIED = 0; SIZE_LARGE = 1; }
message Order {
  message Line { string name = 1; sint64 weight = 2; Order within = 3; }
  enum Kind { NONE = 0; }
  string id = 1; fixed64 count = 2; repeated Line lines = 3; optional string note = 4; Size size = 5; optional Kind kind = 6;
  google.protobuf.Timestamp at = 7; oneof pay { Size by = 8; Line swap = 9; } oneof recursive { Order other = 10; } bytes raw = 11;
  map<string, Line> tags = 12; google.protobuf.Value any = 13; google.protobuf.StringValue nick = 14; Kind last = 15; bool flag = 16;
  double real = 17; int64 text64 = 18 [jstype = JS_STRING]; Line line = 19; string class = 20;
}
service Shop {
  rpc Buy(Order) returns (Order);
  rpc Watch(Order) returns (stream Order);
  rpc Collect(stream Order) returns (Order);
  rpc Chat(stream Order) returns (stream Order);
  rpc Delete(Order.Line) returns (Order.Line);
  rpc Wrap(google.protobuf.StringValue) returns (google.protobuf.Struct);
}
`;

function workplace(t: TestContext, files: Record<string, string>): string {
  const folder = temporaryFolder(t);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

function read(...path: string[]): string {
  return readFileSync(join(...path), "utf8");
}

/** Runs Node in a project whose packages are those of this repository. */
function node(project: string, ...args: string[]): { status: number | null; output: string } {
  if (!existsSync(join(project, "node_modules"))) symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"), "junction");
  // Without the mark by which the test runner knows its own: the tests of the project are another run.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8", env, timeout: 60_000 });
  return { status, output: stdout + stderr };
}

function test(project: string): { status: number | null; output: string } {
  // In one process, which is quicker than one for each file.
  return node(project, ...FROM_SOURCE, "--test", "--test-isolation=none", "src/**/*.test.ts");
}

describe("new", () => {
  const make = (cwd: string, ...argv: string[]): ReturnType<typeof runLine> => runLine(["new", ...argv], { cwd });

  it("makes a service whose tests pass, that starts, answers a call, and stops", async (t) => {
    const cwd = workplace(t, { "hello.thrift": HELLO });
    const { code, out, err } = await make(cwd, "hello", "--idl", "hello.thrift");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /created hello.src.methods.greet\.ts/);
    assert.match(out, /Next\n {2}cd hello\n {2}npm install\n {2}npm test\n {2}npm start\n/);
    const project = join(cwd, "hello");
    const tested = test(project);
    assert.equal(tested.status, 0, tested.output);
    assert.match(tested.output, /Hello\.greet answers/);

    const server = spawn(process.execPath, [...FROM_SOURCE, "src/main.ts"], {
      cwd: project,
      env: { ...process.env, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => server.kill("SIGKILL"));
    const target = await new Promise<string>((resolve, reject) => {
      let said = "";
      server.stdout.on("data", (chunk) => {
        said += String(chunk);
        const found = /hello listens on (\S+)/.exec(said);
        if (found !== null) resolve(found[1] ?? "");
      });
      server.on("exit", () => reject(new Error(`ended: ${said}`)));
    });
    assert.equal(
      (await runLine(["call", target, "Hello.greet", '{"req": {}}', "--idl", "hello.thrift", "--json"], { cwd })).out,
      '{"msg":""}\n',
    );
    if (process.platform !== "win32") {
      const ended = new Promise((resolve) => server.on("exit", resolve));
      server.kill("SIGTERM");
      assert.equal(await ended, 0);
    }
  });

  it("makes handlers and tests that compile and pass for every type and many names", async (t) => {
    const cwd = workplace(t, { "shop.thrift": EVERYTHING, "common.thrift": COMMON });
    const { code, err } = await make(cwd, "shop", "--idl", "shop.thrift");
    assert.equal(code, 0, err);
    const project = join(cwd, "shop");
    const files = readdirSync(join(project, "src/methods"))
      .filter((name) => !name.endsWith(".test.ts"))
      .sort();
    assert.deepEqual(files, [
      "color.ts",
      "delete.ts",
      "everything.ts",
      "get-url.ts",
      "other-ping.ts",
      "pick.ts",
      "ping.ts",
      "shop-ping.ts",
      "shop-tell.ts",
      "size-of.ts",
      "sum.ts",
      "tell.ts",
    ]);
    const tested = test(project);
    assert.equal(tested.status, 0, tested.output);
    // From source, which is stricter than what a project asks of its own files.
    const strict = ["--customConditions", "source", "--exactOptionalPropertyTypes"];
    const checked = node(project, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".", ...strict);
    assert.equal(checked.status, 0, checked.output);
  });

  it("serves Thrift and Protobuf together, streams of both too, in handlers and tests that compile and pass", async (t) => {
    const cwd = workplace(t, { "talk.thrift": TALK });
    mkdirSync(join(cwd, "proto/acme"), { recursive: true });
    writeFileSync(join(cwd, "proto/acme/shop.proto"), EVERY_PROTO);
    const { code, err } = await make(cwd, "both", "--idl", "talk.thrift", "--idl", "proto/acme/shop.proto", "-I", "proto");
    assert.equal(code, 0, err);
    const project = join(cwd, "both");
    const tested = test(project);
    assert.equal(tested.status, 0, tested.output);
    for (const name of ["Talk.say", "Talk.hear", "Talk.tell", "Talk.chat"]) assert.match(tested.output, new RegExp(`${name} answers`));
    for (const name of ["Buy", "Watch", "Collect", "Chat", "Delete", "Wrap"])
      assert.match(tested.output, new RegExp(`acme\\.v1\\.Shop\\.${name} answers`));
    const strict = ["--customConditions", "source", "--exactOptionalPropertyTypes"];
    const checked = node(project, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".", ...strict);
    assert.equal(checked.status, 0, checked.output);

    const manifest = JSON.parse(read(project, "package.json")) as { scripts: { gen: string }; dependencies: object };
    assert.equal(manifest.scripts.gen, "kiteline new . --idl ../talk.thrift --idl ../proto/acme/shop.proto -I ../proto");
    assert.deepEqual(Object.keys(manifest.dependencies), ["@kiteline/grpc", "@kiteline/protobuf", "@kiteline/thrift", "kiteline"]);
    assert.match(
      read(project, "README.md"),
      /Talk\.say '\{"line":\{"text":""\}\}' --idl \.\.\/talk\.thrift --idl \.\.\/proto\/acme\/shop\.proto -I/,
    );
    assert.match(read(project, "README.md"), /`npx kiteline call 127\.0\.0\.1:8888` lists what it serves of Protobuf/);
    assert.match(read(project, "src/main.ts"), /addHealth\(server\);\naddReflection\(server\);/);

    // It grows in one language, and loses what is in the other: what is the user's stays.
    appendFileSync(join(project, "src/methods/buy.ts"), "\n// mine\n");
    writeFileSync(
      join(cwd, "proto/acme/shop.proto"),
      EVERY_PROTO.replace("service Shop {", "service Shop {\n  rpc More(stream Order) returns (Order);"),
    );
    const again = await make(project, ".", "--idl", "../talk.thrift", "--idl", "../proto/acme/shop.proto", "-I", "../proto", "--json");
    const done = JSON.parse(again.out) as Record<string, string[]>;
    assert.deepEqual(done["created"], ["src/methods/more.test.ts", "src/methods/more.ts"]);
    assert.deepEqual(done["updated"], ["src/gen/acme/shop.ts", "src/services.ts"]);
    assert.match(read(project, "src/methods/buy.ts"), /\/\/ mine/);
  });

  it("refuses Thrift and Protobuf that would be generated to the same place", async (t) => {
    const cwd = workplace(t, {
      "hello.thrift": HELLO,
      "hello.proto": 'syntax = "proto3"; message A {} service S { rpc Get(A) returns (A); }',
    });
    const { code, err } = await make(cwd, "hello", "--idl", "hello.thrift", "--idl", "hello.proto");
    assert.equal(code, 3);
    assert.match(err, /hello\.ts.*two files would be generated here, of Thrift and of Protobuf: give the Thrift file a namespace ts/);
    assert.equal((await runLine(["gen", "hello.thrift", "hello.proto", "-o", "gen"], { cwd })).code, 3);
    assert.equal(existsSync(join(cwd, "gen")), false);
  });

  it("only adds files when the IDL has grown, and loses nothing", async (t) => {
    const cwd = workplace(t, { "hello.thrift": HELLO });
    await make(cwd, "hello", "--idl", "hello.thrift");
    const project = join(cwd, "hello");
    const mine = [
      "src/methods/greet.ts",
      "src/methods/greet.test.ts",
      "src/main.ts",
      "package.json",
      "tsconfig.json",
      "README.md",
      "Dockerfile",
    ];
    for (const path of mine) appendFileSync(join(project, path), "\n\n");
    rmSync(join(project, "Dockerfile"));
    writeFileSync(join(project, "src/own.ts"), "export {};\n");
    const before = mine.filter((path) => path !== "Dockerfile").map((path) => read(project, path));
    const grown = HELLO.replace("service Hello {", "service Hello {\n  oneway void wave(1: string who)\n  void ping()").replace(
      "struct Resp {",
      "struct Resp { 2: i32 count; 3: optional string note;",
    );
    writeFileSync(join(cwd, "hello.thrift"), `${grown}\nservice Later { void ping() }\n`);

    const { code, out } = await make(cwd, "hello", "--idl", "hello.thrift", "--json");
    assert.equal(code, 0);
    const done = JSON.parse(out) as Record<string, string[]>;
    assert.deepEqual(done["created"], [
      "Dockerfile", // it was deleted
      "src/methods/later-ping.test.ts",
      "src/methods/later-ping.ts",
      "src/methods/ping.test.ts",
      "src/methods/ping.ts",
      "src/methods/wave.test.ts",
      "src/methods/wave.ts",
    ]);
    assert.deepEqual(done["updated"], ["src/gen/hello.ts", "src/services.ts"]);
    assert.deepEqual([done["removed"], done["notes"]], [[], []]);
    assert.deepEqual(
      mine.filter((path) => path !== "Dockerfile").map((path) => read(project, path)),
      before,
    );
    assert.equal(read(project, "src/own.ts"), "export {};\n");
    const tested = test(project);
    assert.equal(tested.status, 0, tested.output);
    for (const name of ["Hello.greet", "Hello.wave", "Hello.ping", "Later.ping"])
      assert.match(tested.output, new RegExp(`${name} answers`));

    const again = JSON.parse((await make(cwd, "hello", "--idl", "hello.thrift", "--json")).out) as Record<string, string[]>;
    assert.deepEqual([again["created"], again["updated"]], [[], []]);
  });

  it("wires each method to the file that it has, also when another gets a better claim to the name", async (t) => {
    const cwd = workplace(t, { "two.thrift": "service A { void put() } service B { string get() }" });
    await make(cwd, "two", "--idl", "two.thrift");
    const project = join(cwd, "two");
    writeFileSync(join(project, "src/methods/get.ts"), read(project, "src/methods/get.ts").replace('""', '"mine"'));
    writeFileSync(join(cwd, "two.thrift"), "service A { void put() i32 get() } service B { string get() }");
    const done = JSON.parse((await make(cwd, "two", "--idl", "two.thrift", "--json")).out) as Record<string, string[]>;
    assert.deepEqual(done["created"], ["src/methods/a-get.test.ts", "src/methods/a-get.ts"]);
    assert.match(read(project, "src/services.ts"), /import \{ get as \w+ \} from "\.\/methods\/get\.ts"; \/\/ B\.get/);
    const tested = test(project);
    assert.match(tested.output, /✔ A\.get answers/);
    assert.match(tested.output, /'mine'/, "the test of B.get sees what the user wrote");
  });

  it("does the same from within, by the script it wrote", async (t) => {
    const cwd = workplace(t, {});
    mkdirSync(join(cwd, "my idl"));
    writeFileSync(join(cwd, "my idl/hello.thrift"), `include "common.thrift"\n${HELLO}`);
    mkdirSync(join(cwd, "shared"));
    writeFileSync(join(cwd, "shared/common.thrift"), COMMON);
    await make(cwd, "services/hello", "--idl", "my idl/hello.thrift", "-I", "shared");
    const project = join(cwd, "services/hello");
    const { scripts } = JSON.parse(read(project, "package.json")) as { scripts: { gen: string } };
    assert.equal(scripts.gen, 'kiteline new . --idl "../../my idl/hello.thrift" -I ../../shared');
    const { code, out } = await make(project, ".", "--idl", "../../my idl/hello.thrift", "-I", "../../shared", "--json");
    assert.equal(code, 0);
    const done = JSON.parse(out) as Record<string, string[]>;
    assert.deepEqual([done["created"], done["updated"]], [[], []]);
    assert.equal((JSON.parse(read(project, "package.json")) as { name: string }).name, "hello");
  });

  it("takes the packages from archives when told to, those of the packages' packages, too", async (t) => {
    const cwd = workplace(t, { "hello.thrift": HELLO });
    mkdirSync(join(cwd, "archives"));
    for (const name of ["kiteline", "kiteline-thrift", "kiteline-cli", "kiteline-core", "kiteline-http2"])
      writeFileSync(join(cwd, `archives/${name}-1.2.3-beta.1.tgz`), "");
    const { code, err } = await make(cwd, "hello", "--idl", "hello.thrift", "--packages", "archives");
    assert.equal(code, 0, err);
    const { dependencies, devDependencies, overrides } = JSON.parse(read(cwd, "hello/package.json")) as Record<
      string,
      Record<string, string>
    >;
    assert.equal(dependencies?.["kiteline"], "file:../archives/kiteline-1.2.3-beta.1.tgz");
    assert.equal(dependencies?.["@kiteline/thrift"], "file:../archives/kiteline-thrift-1.2.3-beta.1.tgz");
    assert.equal(devDependencies?.["@kiteline/cli"], "file:../archives/kiteline-cli-1.2.3-beta.1.tgz");
    assert.deepEqual(overrides, {
      "@kiteline/core": "file:../archives/kiteline-core-1.2.3-beta.1.tgz",
      "@kiteline/http2": "file:../archives/kiteline-http2-1.2.3-beta.1.tgz",
    });
    rmSync(join(cwd, "archives/kiteline-thrift-1.2.3-beta.1.tgz"));
    const missing = await make(cwd, "other", "--idl", "hello.thrift", "--packages", "archives");
    assert.equal(missing.code, 3);
    assert.match(missing.err, /archives has no archive of @kiteline\/thrift\n {2}expected files such as/);
    assert.match((await make(cwd, "other", "--idl", "hello.thrift", "--packages", "none")).err, /cannot read none: there is no such file/);
  });

  it("tells of methods that are gone, and leaves their files", async (t) => {
    const cwd = workplace(t, { "hello.thrift": HELLO.replace("service Hello {", "service Hello {\n  void ping()") });
    await make(cwd, "hello", "--idl", "hello.thrift");
    writeFileSync(join(cwd, "hello.thrift"), HELLO);
    const { out } = await make(cwd, "hello", "--idl", "hello.thrift");
    assert.match(out, /note src\/methods\/ping\.ts serves no method of the IDL any more/);
    assert.equal(existsSync(join(cwd, "hello/src/methods/ping.ts")), true);
    assert.doesNotMatch(read(cwd, "hello/src/services.ts"), /ping/);
  });

  it("does not take over files that it did not make", async (t) => {
    const cwd = workplace(t, { "hello.thrift": HELLO });
    mkdirSync(join(cwd, "hello/src"), { recursive: true });
    writeFileSync(join(cwd, "hello/package.json"), '{"name":"mine"}');
    writeFileSync(join(cwd, "hello/src/services.ts"), "// mine\n");
    const refused = await make(cwd, "hello", "--idl", "hello.thrift");
    assert.equal(refused.code, 3);
    assert.match(refused.err, /services\.ts is there and was not generated/);
    assert.deepEqual(readdirSync(join(cwd, "hello")).sort(), ["package.json", "src"]);
    rmSync(join(cwd, "hello/src/services.ts"));
    const { out } = await make(cwd, "hello", "--idl", "hello.thrift");
    assert.match(out, /note package\.json was there and lacks what is imported: npm install kiteline @kiteline\/thrift/);
    assert.equal(read(cwd, "hello/package.json"), '{"name":"mine"}');
  });

  it("refuses IDL without a method and a name that is none", async (t) => {
    const cwd = workplace(t, {
      "none.thrift": "struct A {}",
      "hello.thrift": HELLO,
    });
    const none = await make(cwd, "x", "--idl", "none.thrift");
    assert.equal(none.code, 3);
    assert.match(none.err, /none\.thrift: expected a service with a method, found none/);
    assert.equal((await make(cwd, "...", "--idl", "hello.thrift")).code, 2);
    assert.equal((await make(cwd, "x")).code, 2);
    assert.equal(existsSync(join(cwd, "x")), false);
  });
});
