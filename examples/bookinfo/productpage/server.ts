/** Productpage: HTTP in front of the services. It colours each request, asks, and shows the answers as a page or as JSON. */
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Colouring, type EdgeRequest, httpEdgeRequest, withLane } from "@kiteline/lanes";
import { CallInfo, createClient } from "kiteline";
import { Details } from "../gen/details.ts";
import { Reviews } from "../gen/reviews.ts";
import { hops, readHops } from "../hops.ts";
import { hopOf, type Instance } from "../instance.ts";
import { instancesIn, mesh, meshSource } from "../mesh.ts";
import type { Place, Running } from "../run-instance.ts";
import { PRODUCT_ID } from "../services/products.ts";
import { readForm, wantsJson } from "./http.ts";
import { HOST, listenAt } from "./listen.ts";
import { pageAsJson, renderPage, type PageModel } from "./page.ts";

const STYLE = readFileSync(join(import.meta.dirname, "page.css"));
/** Whoever sends this user id, as header or cookie, is in the branch: so says `mesh/lanes.yaml`. */
const BRANCH_UID = "100";

export async function productpage(instance: Instance, place: Place): Promise<Running> {
  const source = meshSource(place, true);
  await source.ready();
  const colouring = new Colouring();
  source.subscribe(({ lanes }) => colouring.update(lanes));
  const suites = [mesh(source), hops(instance)];
  const details = createClient(Details, { target: "details:9080", suites });
  const reviews = createClient(Reviews, { target: "reviews:9080", suites });

  async function load(request: EdgeRequest): Promise<PageModel> {
    const lane = colouring.colour(request);
    const metadata = withLane(undefined, lane);
    const product = { productId: PRODUCT_ID };
    const asked = { details: new CallInfo(), reviews: new CallInfo() };
    const [detailsAnswer, reviewsAnswer] = await Promise.allSettled([
      details.detailsOf(product, { metadata, info: asked.details }),
      reviews.reviewsOf(product, { metadata, info: asked.reviews }),
    ]);
    return {
      lane,
      switchedOn: request.cookie("uid") === BRANCH_UID,
      details: detailsAnswer,
      reviews: reviewsAnswer,
      hops: [hopOf(instance), ...readHops(asked.details.reply), ...readHops(asked.reviews.reply)],
      instances: [instance, ...instancesIn(source)],
    };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", `http://${HOST}`);
    const route = `${request.method === "HEAD" ? "GET" : request.method} ${pathname}`;
    switch (route) {
      case "GET /":
        response.writeHead(302, { location: "/productpage" }).end();
        return;
      case "GET /productpage": {
        const model = await load(httpEdgeRequest(request));
        response.setHeader("cache-control", "no-store");
        response.setHeader("vary", "accept, cookie");
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
      case "POST /switch": {
        const form = await readForm(request);
        const cookie = form.get("lane") === "branch" ? `uid=${BRANCH_UID}` : "uid=; Max-Age=0";
        response.writeHead(303, { location: "/productpage", "set-cookie": `${cookie}; Path=/; HttpOnly; SameSite=Lax` }).end();
        return;
      }
      case "GET /page.css":
        response.writeHead(200, { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" }).end(STYLE);
        return;
      default:
        response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end(`There is no ${route}; try GET /productpage\n`);
    }
  }

  const server = createHttpServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
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
      await Promise.all([details.close(), reviews.close()]);
      source.close();
    },
  };
}
