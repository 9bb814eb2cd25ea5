/** A page whose script calls by connect-es, as it is published: modules from `node_modules`, found by an import map. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, normalize } from "node:path";

const require = createRequire(import.meta.url);
const PACKAGES = ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web"];
const MODULES = "/modules/";
/** Where the modules of each package begin. */
const ENTRY = "dist/esm/";

const imports = Object.fromEntries(
  ["", "/wkt", "/wire", "/codegenv2", "/protocol", "/protocol-connect", "/protocol-grpc-web"].flatMap((part) =>
    PACKAGES.map((name) => [name + part, `${MODULES}${name}/${ENTRY}${part === "" ? "" : `${part.slice(1)}/`}index.js`]),
  ),
);

/** Its script's `call` makes one call of each kind and returns what came of them. */
const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>calls</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
  import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
  import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
  import { createClient } from "@connectrpc/connect";
  import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";

  globalThis.call = async (protocol, baseUrl, descriptors, service, useHttpGet) => {
    const bytes = Uint8Array.from(atob(descriptors), (each) => each.charCodeAt(0));
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
    const options = { baseUrl, useHttpGet, jsonOptions: { registry } };
    const transport = protocol === "connect" ? createConnectTransport(options) : createGrpcWebTransport(options);
    const client = createClient(registry.getService(service), transport);
    const text = ({ payload }) => new TextDecoder().decode(payload.data);
    const say = (word) => new TextEncoder().encode(word);
    let header = "";
    const definition = { response: { case: "responseData", value: say("one") }, responseHeaders: [{ name: "shelf-mark", value: ["b7"] }] };
    const unary = await client.idempotentUnary({ responseDefinition: definition }, { onHeader: (came) => (header = came.get("shelf-mark")) });
    const streamed = [];
    for await (const each of client.serverStream({ responseDefinition: { responseData: [say("a"), say("b")] } })) streamed.push(text(each));
    const failed = { response: { case: "error", value: { code: 5, message: "nobody" } } };
    const error = await client.unary({ responseDefinition: failed }).catch((reason) => reason);
    return { unary: text(unary), header, streamed, code: error.code, message: error.rawMessage };
  };
  document.title = "ready";
</script>
`;

/** Answers with the page and what it loads. */
export async function servePage(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/") return new Response(PAGE, { headers: { "content-type": "text/html" } });
  const path = normalize(pathname.slice(MODULES.length));
  const name = PACKAGES.find((each) => path.startsWith(`${each}/${ENTRY}`));
  if (!pathname.startsWith(MODULES) || name === undefined) return new Response("nothing here", { status: 404 });
  const file = join(folderOf(name), path.slice(name.length));
  return new Response(await readFile(file), { headers: { "content-type": "text/javascript" } });
}

function folderOf(name: string): string {
  const entry = require.resolve(name);
  return entry.slice(0, entry.lastIndexOf(join(name)) + name.length);
}
