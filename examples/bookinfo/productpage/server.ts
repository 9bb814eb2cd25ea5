/** Productpage: HTTP in front of the services. The same facts as a page for people and as JSON for programs. */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { httpEdgeRequest } from "@kiteline/lanes";
import type { Instance, Place, Running } from "../instance.ts";
import { meshSource } from "../mesh.ts";
import { readForm, wantsJson } from "./http.ts";
import { HOST, listenAt } from "./listen.ts";
import { BRANCH_UID, createLoader, type Loader } from "./loader.ts";
import { pageAsJson, renderPage } from "./page.ts";

const STYLE = readFileSync(join(import.meta.dirname, "page.css"));
const TEXT = { "content-type": "text/plain; charset=utf-8" };

export async function productpage(instance: Instance, place: Place): Promise<Running> {
  const source = meshSource(place, true);
  await source.ready();
  const loader = createLoader(instance, source);
  const server = createServer((request, response) => {
    answer(loader, request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500, TEXT);
      response.end(`The page failed: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  await listenAt(server, place.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    address: `${HOST}:${port}`,
    async close() {
      server.closeIdleConnections();
      await new Promise((resolve) => server.close(resolve));
      await loader.close();
      source.close();
    },
  };
}

async function answer(loader: Loader, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const edge = httpEdgeRequest(request);
  const route = `${request.method === "HEAD" ? "GET" : request.method} ${edge.path}`;
  switch (route) {
    case "GET /":
      response.writeHead(302, { location: "/productpage" }).end();
      return;
    case "GET /productpage": {
      const model = await loader.load(edge);
      response.setHeader("cache-control", "no-store");
      if (wantsJson(request)) {
        response.setHeader("content-type", "application/json");
        response.end(`${JSON.stringify(pageAsJson(model), null, 2)}\n`);
      } else {
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.setHeader("content-security-policy", "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'");
        response.end(renderPage(model));
      }
      return;
    }
    case "GET /page.css":
      response.writeHead(200, { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" }).end(STYLE);
      return;
    case "POST /switch": {
      const form = await readForm(request);
      if (form === undefined) {
        response.writeHead(413, { ...TEXT, connection: "close" }).end("A form of ours is much smaller.\n");
        return;
      }
      const cookie = form.get("lane") === "branch" ? `uid=${BRANCH_UID}` : "uid=; Max-Age=0";
      response.writeHead(303, { location: "/productpage", "set-cookie": `${cookie}; Path=/; HttpOnly; SameSite=Lax` }).end();
      return;
    }
    default:
      response.writeHead(404, TEXT).end(`There is no ${route}; try GET /productpage\n`);
  }
}
