/** Statements that read values: `inp` is the reader. */
import { idl } from "@kiteline/thrift";
import { below, block, clause, type Layout } from "../layout.ts";
import type { Module } from "./module.ts";
import { WIRE, type Shape } from "./shape.ts";
import { typeOf } from "./types.ts";
import { loop, numbered } from "./write.ts";

type ContainerShape = Extract<Shape, { kind: "list" | "set" | "map" }>;

/** A field to read, and what is done with it: a statement or several, which end in nothing. */
export interface FieldToRead {
  readonly field: idl.Field;
  readonly shape: Shape;
  readonly statements: readonly Layout[];
}

/** Reads a struct to its stop. `otherwise` is what is done with fields that the IDL does not know. */
export function readFields(module: Module, fields: readonly FieldToRead[], otherwise: string): Layout[] {
  const head = "for (let key = inp.field(); key !== 0; key = inp.field())";
  if (fields.length === 0) return ["inp.begin();", clause(head, otherwise)];
  const cases = fields.map(({ field, shape, statements }) => {
    const label = `case ${keyText(field.id, shape)}:`;
    const comment = `// ${field.id}: ${idl.typeText(field.type, module.document)} ${field.name}`;
    // Variables of its own need a block.
    const own = shape.kind !== "scalar" && shape.kind !== "struct";
    return own ? block(`${label} {`, [comment, ...statements, "break;"]) : below(`${label} ${comment}`, [...statements, "break;"]);
  });
  return ["inp.begin();", block(`${head} {`, [block("switch (key) {", [...cases, below("default:", [otherwise])])])];
}

/** `(id << 8) | wire type`, in hexadecimal, so that both can be seen. */
export function keyText(id: number, shape: Shape): string {
  const key = (id << 8) | WIRE[shape.wire];
  return key < 0 ? String(key) : `0x${key.toString(16).padStart(4, "0")}`;
}

/** Reads a value and assigns it to a variable. `target` is what stands before the `=`: the variable, or its declaration. */
export function readInto(module: Module, shape: Shape, variable: string, target: string = variable, depth = 1): Layout[] {
  switch (shape.kind) {
    case "scalar":
    case "struct":
      return [`${target} = ${readExpression(module, shape)};`];
    case "list":
    case "set":
    case "map":
      break;
  }
  const [count, i] = [numbered("count", depth), numbered("i", depth)];
  const { wires, empty, body } = containerParts(module, shape, variable, depth);
  return [
    `const ${count} = inp.${shape.kind}(${wires});`,
    `${target} = ${empty};`,
    loop(`for (let ${i} = 0; ${i} < ${count}; ${i}++)`, body),
  ];
}

function containerParts(
  module: Module,
  shape: ContainerShape,
  variable: string,
  depth: number,
): { readonly wires: string; readonly empty: string; readonly body: Layout[] } {
  if (shape.kind === "map") {
    const wires = `${module.value(shape.key.wire)}, ${module.value(shape.value.wire)}`;
    // A key is read before its value, also where that takes several statements.
    const [keyFirst, key] = readElement(module, shape.key, numbered("key", depth), depth + 1, !isExpression(shape.value));
    const [valueFirst, value] = readElement(module, shape.value, numbered("each", depth), depth + 1 + nestingOf(shape.key));
    return { wires, empty: "new Map()", body: [...keyFirst, ...valueFirst, `${variable}.set(${key}, ${value});`] };
  }
  const [first, element] = readElement(module, shape.element, numbered("each", depth), depth + 1);
  const list = shape.kind === "list";
  const body = [...first, `${variable}.${list ? "push" : "add"}(${element});`];
  return { wires: module.value(shape.element.wire), empty: list ? "[]" : "new Set()", body };
}

/** What must be done before an element is there, and the expression that then is it. `variable` is for when it needs one. */
function readElement(
  module: Module,
  shape: Shape,
  variable: string,
  depth: number,
  always = false,
): readonly [first: Layout[], element: string] {
  if (!isExpression(shape)) {
    // An empty container does not tell its type.
    return [readInto(module, shape, variable, `const ${variable}: ${typeOf(module, shape, "read")}`, depth), variable];
  }
  if (always) return [readInto(module, shape, variable, `const ${variable}`), variable];
  return [[], readExpression(module, shape)];
}

/** How many numbers reading a value takes for its variables. */
function nestingOf(shape: Shape): number {
  switch (shape.kind) {
    case "scalar":
    case "struct":
      return 0;
    case "list":
    case "set":
      return 1 + nestingOf(shape.element);
    case "map":
      return 1 + nestingOf(shape.key) + nestingOf(shape.value);
  }
}

/** Whether a value is read by one expression. */
export function isExpression(shape: Shape): shape is Exclude<Shape, ContainerShape> {
  return shape.kind === "scalar" || shape.kind === "struct";
}

export function readExpression(module: Module, shape: Exclude<Shape, ContainerShape>): string {
  return shape.kind === "scalar" ? `inp.${shape.method}()` : `${module.ref(shape.definition, "value", "Codec")}.read(inp)`;
}
