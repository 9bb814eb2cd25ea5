import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { IdlError } from "@kiteline/thrift";
import type { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto } from "./descriptor.ts";
import { loadProto } from "./load-proto.ts";
import { jsonNameOf, mapEntryNameOf } from "./names.ts";
import { doubleText, floatText } from "./numbers.ts";
import { printed } from "./print.fixture.ts";
import { escaped } from "./strings.ts";

/** Names that are different by their number, many of them keywords elsewhere. */
const STEMS = ["message", "optional", "a_b", "reserved", "oneof", "group", "map", "Rpc", "stream", "syntax", "_x", "to", "max", "default"];
const nameOf = (index: number): string => `${STEMS[index % STEMS.length]!}${index}`;

const integer = (min: bigint, max: bigint): fc.Arbitrary<string> => fc.bigInt({ min, max }).map(String);
const DEFAULTS: Readonly<Record<number, fc.Arbitrary<string>>> = {
  1: fc.double().map(doubleText),
  2: fc.float({ noNaN: true }).map(floatText),
  3: integer(-(2n ** 63n), 2n ** 63n - 1n),
  4: integer(0n, 2n ** 64n - 1n),
  5: integer(-(2n ** 31n), 2n ** 31n - 1n),
  8: fc.constantFrom("true", "false"),
  9: fc.string({ unit: fc.constantFrom("a", " ", '"', "'", "\\", "\n", "é", "😀", "/", "*"), maxLength: 8 }),
  12: fc.uint8Array({ maxLength: 8 }).map(escaped),
};
const SCALARS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 15, 16, 17, 18];

type Syntax = "proto2" | "proto3" | "editions";
interface RandomField {
  readonly type: number;
  readonly kind: "single" | "repeated" | "map" | "oneof" | "optional";
  readonly defaultValue: string | undefined;
  readonly deprecated: boolean;
  readonly packed: boolean | undefined;
  readonly gap: number;
}

const field: fc.Arbitrary<RandomField> = fc.constantFrom(...SCALARS, 11, 14).chain((type) =>
  fc.record({
    type: fc.constant(type),
    kind: fc.constantFrom("single", "repeated", "map", "oneof", "optional"),
    defaultValue: fc.option(DEFAULTS[type] ?? fc.constant(undefined), { nil: undefined }),
    deprecated: fc.boolean(),
    packed: fc.option(fc.boolean(), { nil: undefined }),
    gap: fc.integer({ min: 1, max: 3000 }),
  }),
);
interface RandomMessage {
  readonly fields: readonly RandomField[];
  readonly nested: readonly RandomMessage[];
}
const message: fc.Arbitrary<RandomMessage> = fc.letrec<{ message: RandomMessage }>((tie) => ({
  message: fc.record({
    fields: fc.array(field, { maxLength: 6 }),
    nested: fc.oneof({ maxDepth: 3, depthSize: "small" }, fc.constant([]), fc.array(tie("message"), { maxLength: 2 })),
  }),
})).message;

function messageFrom(syntax: Syntax, random: RandomMessage, name: string, scope: string): DescriptorProto {
  const fullName = `${scope}.${name}`;
  const made: DescriptorProto = {
    name,
    field: [],
    nestedType: random.nested.map((each, index) => messageFrom(syntax, each, `Nested${index}`, fullName)),
    enumType: [],
    extensionRange: [],
    extension: [],
    oneofDecl: [],
    reservedRange: [{ start: 18_000, end: 19_001 }],
    reservedName: [],
  };
  let number = 0;
  const inOneof = random.fields.filter((each) => each.kind === "oneof");
  // In a text fields of a oneof stand together, and the last.
  for (const [index, each] of [...random.fields.filter((one) => one.kind !== "oneof"), ...inOneof].entries()) {
    number += each.gap;
    if (number >= 18_000 && number < 20_000) number = 20_000;
    const one = fieldFrom(syntax, each, nameOf(index), number);
    if (each.kind === "oneof") one.oneofIndex = 0;
    if (each.kind === "map") {
      const entry = entryFor(one);
      made.nestedType.push(entry);
      Object.assign(one, { type: 11, typeName: `${fullName}.${entry.name}`, label: 3 });
    }
    made.field.push(one);
  }
  if (inOneof.length > 0) made.oneofDecl.push({ name: "choice" });
  for (const one of made.field)
    if (one.proto3Optional === true) one.oneofIndex = made.oneofDecl.push({ name: `_${one.name}`.replace(/^__/, "_") }) - 1;
  return made;
}

function fieldFrom(
  syntax: Syntax,
  { type, kind, defaultValue, deprecated, packed }: RandomField,
  name: string,
  number: number,
): FieldDescriptorProto {
  const made: FieldDescriptorProto = { name, number, label: kind === "repeated" ? 3 : 1, type, jsonName: jsonNameOf(name) };
  if (type === 11) made.typeName = ".random.pkg.First";
  if (type === 14) made.typeName = ".random.pkg.Kind";
  if (kind === "optional" && syntax === "proto3") made.proto3Optional = true;
  if (syntax !== "proto3" && kind !== "repeated" && kind !== "map" && defaultValue !== undefined) made.defaultValue = defaultValue;
  const packable = kind === "repeated" && syntax !== "editions" && ![9, 11, 12].includes(type) && packed !== undefined;
  if (deprecated || packable) {
    made.options = {
      targets: [],
      editionDefaults: [],
      uninterpretedOption: [],
      ...(deprecated ? { deprecated } : {}),
      ...(packable ? { packed } : {}),
    };
  }
  return made;
}

function entryFor(field: FieldDescriptorProto): DescriptorProto {
  const value = {
    name: "value",
    number: 2,
    label: 1,
    type: field.type,
    jsonName: "value",
    ...(field.typeName === undefined ? {} : { typeName: field.typeName }),
  };
  return {
    name: mapEntryNameOf(field.name),
    field: [{ name: "key", number: 1, label: 1, type: 9, jsonName: "key" }, value],
    nestedType: [],
    enumType: [],
    extensionRange: [],
    extension: [],
    oneofDecl: [],
    reservedRange: [],
    reservedName: [],
    options: { mapEntry: true, uninterpretedOption: [] },
  };
}

const file: fc.Arbitrary<FileDescriptorProto> = fc
  .record({
    syntax: fc.constantFrom<Syntax>("proto2", "proto3", "editions"),
    messages: fc.array(message, { minLength: 1, maxLength: 4 }),
    streams: fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 3 }),
  })
  .map(({ syntax, messages, streams }) => {
    const kind: EnumDescriptorProto = {
      name: "Kind",
      value: [
        { name: "ZERO", number: 0 },
        { name: "NONE", number: 0, options: { deprecated: true, uninterpretedOption: [] } },
        { name: "LESS", number: -1 },
      ],
      options: { allowAlias: true, uninterpretedOption: [] },
      reservedRange: [],
      reservedName: [],
    };
    const type = ".random.pkg.First";
    return {
      name: "random.proto",
      package: "random.pkg",
      dependency: [],
      publicDependency: [],
      weakDependency: [],
      optionDependency: [],
      messageType: messages.map((each, index) => messageFrom(syntax, each, index === 0 ? "First" : `Message${index}`, ".random.pkg")),
      enumType: [kind],
      service: [
        {
          name: "Service",
          method: streams.map(([client, server], index) => ({
            name: `Method${index}`,
            inputType: type,
            outputType: type,
            ...(client ? { clientStreaming: true } : {}),
            ...(server ? { serverStreaming: true } : {}),
          })),
        },
      ],
      extension: [],
      ...(syntax === "proto2" ? {} : { syntax }),
      ...(syntax === "editions" ? { edition: 1000 } : {}),
    };
  });

async function loaded(text: string): Promise<FileDescriptorProto> {
  const { roots } = await loadProto({ files: ["random.proto"], read: (path) => (path === "random.proto" ? text : undefined) });
  return roots[0]!;
}

/** Loads what may be wrong: a refusal is as good as a result. */
async function loadedOrRefused(text: string): Promise<void> {
  try {
    await loaded(text);
  } catch (error) {
    if (!(error instanceof IdlError)) throw error;
    assert.ok(error.problems.length > 0);
  }
}

const SPACES = [" ", "\n", "\t ", "\r\n", " // a comment }\n", " /* one\n more { * */ ", "\n/** doc */\n\n"];

describe(".proto files of any shape", () => {
  it("say the same once parsed, however they are spaced and commented", async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.infiniteStream(fc.constantFrom(...SPACES)), async (expected, spaces) => {
        const found = await loaded(printed(expected).replace(/ /g, () => spaces.next().value));
        delete found.sourceCodeInfo;
        assert.deepEqual(found, expected);
      }),
      { numRuns: 200 },
    );
  });

  const texts = ["options", "proto2", "proto3", "edition2023", "edition2024"].map((each) =>
    readFileSync(join(import.meta.dirname, "samples", `${each}.proto`), "utf8"),
  );
  /** Files that import nothing but what is always there. */
  const sample = fc.constantFrom(...texts).map((text) => text.replace(/^import .*"samples\/.*$/gm, ""));

  it("are parsed or refused with an IdlError when they end anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(sample, fc.nat(), (text, cut) => loadedOrRefused(text.slice(0, cut % (text.length + 1)))),
      { numRuns: 400 },
    );
  });

  it("are parsed or refused with an IdlError when anything in them is lost, doubled, moved or changed", async () => {
    const damage = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom("lose", "double", "move", "replace"));
    await fc.assert(
      fc.asyncProperty(sample, fc.array(damage, { minLength: 1, maxLength: 4 }), async (text, damages) => {
        const words = text.match(/\s+|\w+|"(?:\\.|[^"\\])*"|[^]/g) ?? [];
        for (const [from, to, kind] of damages) {
          const at = from % words.length;
          const [one = ""] = words.slice(at, at + 1);
          if (kind === "replace") words[to % words.length] = one;
          if (kind === "lose" || kind === "move") words.splice(at, 1);
          if (kind === "double" || kind === "move") words.splice(to % (words.length + 1), 0, one);
        }
        await loadedOrRefused(words.join(""));
      }),
      { numRuns: 1000 },
    );
  });

  it("are refused when they are no text at all", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 60 }), async (text) => loadedOrRefused(text)),
      { numRuns: 300 },
    );
  });
});
