/** The TypeScript files of a scaffold: one per method and its test, which are the user's, and the list that wires them. */
import { block, bracketed, hardline, join, lines, print, type Layout } from "../layout.ts";
import { Imports } from "./imports.ts";
import type { ScaffoldMethod } from "./methods.ts";
import { fromMethods, streamsReplies, streamsRequests } from "./service.ts";

/** A handler that answers by example, to be replaced. Where requests stream, it has the loop over them. */
export function methodText({ service, method }: ScaffoldMethod): string {
  const { fullName, stub } = method;
  const imports = new Imports();
  const handler = imports.type(fromMethods(service.path), service.handler);
  const name = imports.fresh(stub);
  const parameters = [...method.parameters, "call"].map((each) => imports.fresh(each));
  const keyword = streamsReplies(method) ? "async function* " : "async ";
  const arrow = streamsReplies(method) ? "" : " =>";
  const head = `const ${name}: ${handler}[${JSON.stringify(stub)}] = ${keyword}(${parameters.join(", ")})${arrow} {`;
  const [said, renamed] = name === stub ? ["export ", []] : ["", [`export { ${name} as ${stub} };`]];
  const body = bodyOf(method, parameters, imports);
  return fileText(imports, `/** ${fullName}. Yours to write: this file was made once and is not written again. */`, [
    block(said + head, body, "};"),
    ...renamed,
  ]);
}

function bodyOf(method: ScaffoldMethod["method"], [stream = ""]: readonly string[], imports: Imports): Layout[] {
  const each = streamsRequests(method) ? imports.fresh("request") : "";
  const loop = (body: Layout): Layout => block(`for await (const ${each} of ${stream}) {`, [body], "}");
  const reply = method.reply(imports);
  const answer: Layout[] = reply === undefined ? [] : [[streamsReplies(method) ? "yield " : "return ", reply, ";"]];
  switch (method.kind) {
    case "bidi_stream":
      return [loop(lines([`void ${each}; // each gets one reply, for now`, ...answer]))];
    case "client_stream":
      return [loop(`void ${each}; // nothing is done with it, for now`), ...answer];
    default:
      return answer;
  }
}

/** A test that calls the handler as a client does, through the bytes. */
export function methodTestText({ service, method }: ScaffoldMethod): string {
  const { fullName, stub } = method;
  const imports = new Imports(["server", "client"]);
  const assert = imports.whole("node:assert/strict", "assert");
  const test = imports.value("node:test", "test");
  const [createClient, createServer] = [imports.value("kiteline", "createClient"), imports.value("kiteline", "createServer")];
  const description = imports.value(fromMethods(service.path), service.description);
  const addServices = imports.value("../services.ts", "addServices");
  const request = method.request(imports);
  const given = streamsRequests(method) ? [bracketed("[", request, "]")] : request;
  const called: Layout = [`client.${stub}`, bracketed("(", given, ")")];
  const reply = method.reply(imports) ?? "undefined";
  const [got, expected]: [Layout, Layout] = streamsReplies(method)
    ? [["await Array.fromAsync", bracketed("(", [called], ")")], bracketed("[", [reply], "]")]
    : [["await ", called], reply];
  return fileText(imports, undefined, [
    block(
      `${test}("${fullName} answers", async () => {`,
      [
        `await using server = ${addServices}(${createServer}());`,
        `await using client = ${createClient}(${description}, { target: server });`,
        [`${assert}.${comparison(reply)}`, bracketed("(", [got, expected], ")"), ";"],
      ],
      "});",
    ),
  ]);
}

/** Structs get more fields when the IDL grows, and what was right before shall be right then. */
function comparison(reply: Layout): string {
  return typeof reply !== "string" || reply === "{}" ? "partialDeepStrictEqual" : "deepEqual";
}

/** The files of methods by `Service.method`, as a text that `servicesText` made says it. */
export function wiredFiles(services: string): ReadonlyMap<string, string> {
  return new Map(
    [...services.matchAll(/ from "\.\/methods\/(.+)\.ts"; \/\/ (\S+)$/gm)].map(([, file = "", method = ""]) => [method, file]),
  );
}

/** Wires the handlers to their services. Generated: it follows the IDL. `source` is the IDL, for the first line. */
export function servicesText(methods: readonly ScaffoldMethod[], source: string): string {
  const imports = new Imports(["server", "addServices"]);
  const server = imports.type("kiteline", "Server");
  const statements = [...new Set(methods.map((each) => each.service))].map((service): Layout => {
    const description = imports.value(`./gen/${service.path}`, service.description);
    const handlers = methods
      .filter((each) => each.service === service)
      .map(({ method: { stub, fullName }, file }) => {
        const local = imports.value(`./methods/${file}.ts`, stub, fullName);
        return local === stub ? stub : `${stub}: ${local}`;
      });
    return [`server.add(${description}, `, bracketed("{", handlers, "}", " "), ");"];
  });
  return fileText(imports, `// Generated by kiteline new from ${source}. Do not edit.`, [
    lines([
      "/** Adds the services; each method is served by its file in methods. */",
      block(`export function addServices(server: ${server}): ${server} {`, [...statements, "return server;"]),
    ]),
  ]);
}

/** A file: its first line, what it imports, and its parts, which must have been made before. */
function fileText(imports: Imports, first: string | undefined, parts: readonly Layout[]): string {
  const head = [...(first === undefined ? [] : [first]), ...imports.lines()];
  return print(join([hardline, hardline], [lines(head), ...parts]));
}
