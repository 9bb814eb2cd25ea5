import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { ServiceDescription } from "@kiteline/core";
import { loadIdl, thriftBinary, thriftCompact } from "@kiteline/thrift";
import { generate } from "./generate.ts";
import { Workshop } from "./workshop.fixture.ts";

const IDL = `
  struct Ids { -32768: i32 least, -5: string below, -1: i32 minus, 1: i32 one, 255: i32 byte, 256: i32 more, 32767: bool most }
  service Numbered { void take(1: Ids ids) }`;
const IDS = { least: -3, below: "neg", minus: 1, one: 2, byte: 3, more: 4, most: true };

const workshop = new Workshop("field-ids");
after(() => workshop.remove());

describe("generated readers of fields", () => {
  it("know any id, whatever its sign, in both protocols", async () => {
    const [path] = await workshop.write("numbered", generate(await loadIdl({ "numbered.thrift": IDL }), {}));
    const { Numbered } = (await import(pathToFileURL(path!).href)) as { readonly Numbered: ServiceDescription<unknown, unknown> };
    const binary =
      "80010001 00000004 74616b65 00000001 0c0001 088000fffffffd 0bfffb000000036e6567 08ffff00000001 08000100000002 0800ff00000003 08010000000004 027fff01 00 00";
    const compact = "8221 01 0474616b65 1c 05ffff0305 080903 6e6567 4502 2504 05fe0306 1508 01feff03 00 00";
    for (const [format, text] of [
      [thriftBinary(), binary],
      [thriftCompact(), compact],
    ] as const) {
      const bytes = Buffer.from(text.replaceAll(" ", ""), "hex");
      const head = { kind: 0, name: "", seq: 0, thrown: false };
      format.readHead(bytes, 0, bytes.length, head);
      assert.deepEqual(format.readRequest(head, Numbered.methods["take"]!), IDS, format.name);
    }
  });
});
