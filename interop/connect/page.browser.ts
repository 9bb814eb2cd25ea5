/** A browser calls Kiteline: Connect and gRPC-Web by connect-es, from a page of another origin. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { ProtoFile } from "@kiteline/protobuf/gen";
import { createServer, type Server } from "kiteline";
import { chromium, type Browser, type Page } from "playwright-core";
import { conformance } from "./conformance-service.ts";
import { ConformanceService } from "./gen/conformance.ts";
import { servePage } from "./page.ts";

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"];

/** What a page's script offers. */
interface Script {
  call(protocol: string, baseUrl: string, descriptors: string, service: string, useHttpGet: boolean): Promise<unknown>;
}

function descriptorsOf(file: ProtoFile): string {
  const files = [...file.imports, file].map((each) => fromBinary(FileDescriptorProtoSchema, Buffer.from(each.descriptor(), "base64")));
  return Buffer.from(toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: files }))).toString("base64");
}

describe("a page in a browser", () => {
  let pages: Server;
  let service: Server;
  let stranger: Server;
  let browser: Browser;
  let page: Page;
  before(async () => {
    const executablePath = process.env["KITELINE_CHROMIUM"];
    assert.ok(executablePath, "KITELINE_CHROMIUM must name a browser; npm run browser sets it");
    pages = createServer({ exitWaitMs: 0 }).addHttp(servePage);
    const origin = `http://${await pages.listen()}`;
    service = createServer({ exitWaitMs: 0, cors: { origins: [origin] } }).add(ConformanceService, conformance);
    stranger = createServer({ exitWaitMs: 0 }).add(ConformanceService, conformance);
    await Promise.all([service.listen(), stranger.listen()]);
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    page = await browser.newPage();
    await page.goto(origin);
    await page.waitForFunction('document.title === "ready"');
  });
  after(async () => {
    await browser?.close();
    await Promise.all([pages?.close(), service?.close(), stranger?.close()]);
  });

  const call = (protocol: string, { port }: Server, useHttpGet = false): Promise<unknown> =>
    page.evaluate(
      ([name, url, descriptors, service, get]) => (globalThis as unknown as Script).call(name, url, descriptors, service, get),
      [protocol, `http://127.0.0.1:${port}`, descriptorsOf(ConformanceService.file), ConformanceService.name, useHttpGet] as const,
    );

  const WANTED = { unary: "one", header: "b7", streamed: ["a", "b"], code: 5, message: "nobody" };

  for (const protocol of ["connect", "grpc-web"]) {
    it(`calls a server of another origin that allows it: ${protocol}`, async () => {
      assert.deepEqual(await call(protocol, service), WANTED);
    });
  }

  it("calls what has no effects by GET", async () => {
    assert.deepEqual(await call("connect", service, true), WANTED);
  });

  it("cannot call one that does not", async () => {
    await assert.rejects(call("connect", stranger), /Failed to fetch/);
  });
});
