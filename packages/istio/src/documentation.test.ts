import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { destinationRule } from "./kinds/destination-rule.ts";
import { serviceEntry, workloadEntry } from "./kinds/service-entry.ts";
import { trafficLane } from "./kinds/traffic-lane.ts";
import { virtualService } from "./kinds/virtual-service.ts";
import type { Field } from "./schema.ts";

const KINDS: Readonly<Record<string, Field<unknown>>> = {
  VirtualService: virtualService,
  DestinationRule: destinationRule,
  ServiceEntry: serviceEntry,
  WorkloadEntry: workloadEntry,
  TrafficLane: trafficLane,
};

/** What is read, down to values, conditions on strings, and fields that are not obeyed yet. */
function* fieldsOf(type: Field<unknown>, path = ""): Generator<[path: string, notYet: boolean]> {
  const parts = Object.entries(type.parts ?? {});
  const [first] = parts;
  const ofScalars = (first?.[0] === "[]" || first?.[0] === ".*") && first[1].parts === undefined;
  if (type.notYet === true || first === undefined || first[0] === ".exact" || ofScalars) yield [path.slice(1), type.notYet === true];
  else for (const [key, part] of parts) yield* fieldsOf(part, path + key);
}

const text = readFileSync(new URL("../../../docs/istio.md", import.meta.url), "utf8");

describe("docs/istio.md", () => {
  for (const [kind, type] of Object.entries(KINDS)) {
    it(`says of every field of ${kind} whether it is obeyed, and of no other`, () => {
      const [, section = ""] = text.split(`\n## ${kind}\n`);
      const rows = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| `([^`]+)` \| (obeyed|no effect|reported) \|/gm)];
      const documented = new Map(rows.map(([, field = "", state = ""]) => [field, state === "reported"]));
      const levels = (field: string): string =>
        field.replace(/^subsets\[\]\.trafficPolicy/, "trafficPolicy").replace(/portLevelSettings\[\]\.(?!port\b)/, "");
      const read = new Map([...fieldsOf(type)].map(([field, notYet]) => [levels(field), notYet]));
      assert.ok(read.size > 5);
      assert.deepEqual(documented, read);
    });
  }
});
