/** Statements that read fields. */
import { schema } from "@kiteline/protobuf";
import { below, block, bracketed, clause, type Layout } from "../layout.ts";
import type { Module } from "./module.ts";

/** The loop over a message's fields. `otherwise` is done for those that are not its own. */
export function readFields(module: Module, message: schema.MessageType, otherwise: string): Layout[] {
  const cases = message.fields.flatMap((field) => readField(module, field));
  return [loop([...cases, below("default:", [otherwise])])];
}

/** One place that asks for the next tag, not one before the loop and one in it: V8 puts only what is called often in the place of the call. */
function loop(cases: readonly Layout[]): Layout {
  return block("for (let tag: number; (tag = inp.tag()) !== 0; ) {", [block("switch (tag) {", cases)]);
}

function readField(module: Module, field: schema.Field): Layout[] {
  const { cardinality, shape, number } = field;
  const property = `message.${field.property}`;
  const tag = schema.tagOf(number, schema.wireType(shape));
  switch (cardinality) {
    case "singular":
      if (field.oneof !== undefined) return [caseOf(field, tag, readOneofField(module, field, field.oneof))];
      return [
        caseOf(
          field,
          tag,
          readValue(module, field, property, (value) => [`${property} = `, value, ";"]),
        ),
      ];
    case "repeated": {
      const one = readValue(module, field, undefined, (value) => [`${property}.push`, bracketed("(", [value], ")"), ";"]);
      if (!schema.isPackable(shape)) return [caseOf(field, tag, one)];
      const head = "for (const end = inp.packed(); inp.before(end); )";
      const elements = one.length === 1 ? clause(head, one[0]!) : block(`${head} {`, one);
      return field.packed
        ? [caseOf(field, schema.tagOf(number, schema.LEN), [elements]), caseOf(undefined, tag, one)]
        : [caseOf(field, tag, one), caseOf(undefined, schema.tagOf(number, schema.LEN), [elements])];
    }
    case "map":
      return [caseOf(field, schema.tagOf(number, schema.LEN), readEntry(module, field, property))];
  }
}

/** A case, told by the field's declaration; without a field it is another form of the one before. */
function caseOf(field: schema.Field | undefined, tag: number, statements: readonly Layout[]): Layout {
  const said = field === undefined ? "" : ` // ${field.number}: ${field.proto.name ?? ""}`;
  const head = `case ${tag}:`;
  const needsBlock = statements.some((each) => typeof each === "string" && /^(?:const|let) /.test(each));
  if (!needsBlock) return below(head + said, [...statements, "break;"]);
  return block(`${head} {`, [...(said === "" ? [] : [said.trim()]), ...statements, "break;"]);
}

/** Reads one value and does with it what `use` says. Into `prior`, if that is a message. */
function readValue(module: Module, field: schema.Field, prior: string | undefined, use: (value: Layout) => Layout): Layout[] {
  const { shape, number } = field;
  switch (shape.kind) {
    case "scalar":
      return [use(scalar(module, shape))];
    case "enum": {
      if (shape.enum.open) return [use("inp.int32()")];
      const known = use("each");
      const unknown = field.extendee === undefined ? `inp.unknownEnum(${number}, each, message);` : "";
      const head: Layout = [`if (${knownFunction(module, shape.enum)}(each)) `, known];
      return ["const each = inp.int32();", head, ...(unknown === "" ? [] : [`else ${unknown}`])];
    }
    case "message":
      return around(field.shape, number, use(readMessage(module, shape, prior)));
  }
}

function readMessage(module: Module, shape: schema.MessageShape, prior: string | undefined): Layout {
  const call = `${module.ref(shape.message, "value", "Codec")}.read`;
  return [call, bracketed("(", prior === undefined ? ["inp"] : ["inp", prior], ")")];
}

function around(shape: schema.Shape, number: number, statement: Layout): Layout[] {
  if (shape.kind === "message" && shape.delimited) return [`inp.enterGroup(${number});`, statement, "inp.leaveGroup();"];
  return ["inp.enter();", statement, "inp.leave();"];
}

/** The last one counts, as elsewhere; a message is merged into itself. */
function readOneofField(module: Module, field: schema.Field, oneof: schema.Oneof): Layout[] {
  const property = `message.${oneof.property}`;
  const name = JSON.stringify(field.property);
  const prior = `${property}.case === ${name} ? ${property}.value : undefined`;
  return readValue(module, field, prior, (value) => [
    `${property} = `,
    bracketed("{", [`case: ${name}`, ["value: ", value]], "}", " "),
    ";",
  ]);
}

/** An entry is a message of its own, whose fields may be missing or come twice. */
function readEntry(module: Module, field: schema.Field, property: string): Layout[] {
  const { shape } = field;
  const key = field.key!;
  const read =
    shape.kind === "message" ? readMessage(module, shape, "value") : shape.kind === "scalar" ? scalar(module, shape) : "inp.int32()";
  const assign: Layout = ["value = ", read, ";"];
  const cases = [
    below(`case ${schema.tagOf(1, schema.wireType(key))}:`, [`key = ${scalar(module, key)};`, "break;"]),
    below(`case ${schema.tagOf(2, schema.wireType(shape))}:`, [
      ...(shape.kind === "message" ? around(shape, 2, assign) : [assign]),
      "break;",
    ]),
    below("default:", ["inp.skip(tag);"]),
  ];
  const inner = loop(cases);
  const set = (value: string): Layout => [`${property}.set`, bracketed("(", ["key", value], ")"), ";"];
  const start = ["inp.enter();", `let key = ${zero(module, key)};`];
  if (shape.kind === "message") {
    const codec = module.ref(shape.message, "value", "Codec");
    const type = module.ref(shape.message, "type");
    return [...start, `let value: ${type} | undefined;`, inner, "inp.leave();", set(`value ?? ${codec}.empty()`)];
  }
  if (shape.kind === "enum") {
    const first = `let value: ${module.ref(shape.enum, "type")} = ${zero(module, shape)};`;
    if (shape.enum.open) return [...start, first, inner, "inp.leave();", set("value")];
    const keep = `else inp.keep(${schema.tagOf(field.number, schema.LEN)}, from, message);`;
    const known: Layout = [`if (${knownFunction(module, shape.enum)}(value)) `, set("value")];
    return ["const from = inp.here();", ...start, first, inner, "inp.leave();", known, keep];
  }
  const type = shape.scalar === "bytes" ? ": Uint8Array" : "";
  return [...start, `let value${type} = ${zero(module, shape)};`, inner, "inp.leave();", set("value")];
}

function scalar(module: Module, shape: schema.ScalarShape): string {
  if (shape.scalar === "bytes") return "inp.byteString()";
  if (shape.scalar === "string") return shape.utf8 ? "inp.string()" : "inp.looseString()";
  const read = `inp.${shape.scalar}()`;
  const form = schema.i64Form(shape) ?? "bigint";
  if (form === "bigint") return read;
  return form === "string" ? `String(${read})` : `${module.value("safeNumber")}(${read})`;
}

/** What a field is that has not come. A closed enum's is its first value. */
export function zero(module: Module, shape: schema.Shape): string {
  if (shape.kind === "enum") return String(shape.enum.values[0]?.number ?? 0);
  if (shape.kind === "message") return `${module.ref(shape.message, "value", "Codec")}.empty()`;
  const form = schema.i64Form(shape);
  if (form !== undefined) return { bigint: "0n", number: "0", string: '"0"' }[form];
  if (shape.scalar === "bool") return "false";
  if (shape.scalar === "string") return '""';
  return shape.scalar === "bytes" ? `${module.value("noBytes")}()` : "0";
}

/** Of a closed enum: whether it has a number. */
function knownFunction(module: Module, type: schema.EnumType): string {
  return module.own(type, `is${module.ref(type, "type").replace(/^.*\./, "")}`, (name) =>
    block(`function ${name}(value: number): boolean {`, [
      block("switch (value) {", [
        ...[...new Set(type.values.map((each) => each.number))].map((each, index, all) =>
          index < all.length - 1 ? `case ${each}:` : below(`case ${each}:`, ["return true;"]),
        ),
        below("default:", ["return false;"]),
      ]),
    ]),
  );
}
