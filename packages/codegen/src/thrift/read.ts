/** Statements that read values: `inp` is the reader. */
import { idl } from "@kiteline/thrift";
import { below, block, clause, type Layout } from "../layout.ts";
import type { Module } from "./module.ts";
import { WIRE, type ListShape, type ScalarShape, type Shape, type StructShape } from "./shape.ts";
import { typeOf } from "./types.ts";
import { loop, numbered } from "./write.ts";

/** What one expression reads. */
type ExpressionShape = ScalarShape | StructShape | (ListShape & { readonly kind: "list"; readonly element: ScalarShape });

/** A field to read, and what is done with it: a statement or several, which end in nothing. */
export interface FieldToRead {
  readonly field: idl.Field;
  readonly shape: Shape;
  readonly statements: readonly Layout[];
}

/**
 * Reads a struct to its stop. `otherwise` is what is done with fields that the IDL does not know, or knows with another
 * type. Cases are ids, which lie close together: V8 makes a table of them, where it would compare keys one by one. And one place
 * asks for the next field, not one before the loop and one in it: V8 puts only what is called often in the place of the call.
 * How deep one is gets counted only where the struct can hold itself: to count at each took one or two percent of the time.
 */
export function readFields(module: Module, fields: readonly FieldToRead[], otherwise: string, holdsItself: boolean): Layout[] {
  const head = "for (let key: number; (key = inp.field()) !== 0; )";
  const around = (read: Layout): Layout[] =>
    holdsItself ? ["inp.enter();", "inp.begin();", read, "inp.leave();"] : ["inp.begin();", read];
  if (fields.length === 0) return around(clause(head, otherwise));
  const cases = fields.map(({ field, shape, statements }) => {
    const label = `case ${field.id & 0xffff}:`;
    const comment = `// ${idl.typeText(field.type, module.document)} ${field.name}`;
    const body = [`if (key !== ${keyText(field.id, shape)}) break;`, ...statements, "continue;"];
    // Variables of its own need a block.
    return isExpression(shape) ? below(`${label} ${comment}`, body) : block(`${label} {`, [comment, ...body]);
  });
  return around(block(`${head} {`, [block("switch (key & 0xffff) {", cases), otherwise]));
}

/** `(wire type << 16) | id`, in hexadecimal, so that both can be seen. */
export function keyText(id: number, shape: Shape): string {
  return `0x${((WIRE[shape.wire] << 16) | (id & 0xffff)).toString(16).padStart(6, "0")}`;
}

/** Reads a field's value into a variable, which is declared here when `declare` says so. */
export function readFieldInto(module: Module, shape: Shape, variable: string, declare: boolean): Layout[] {
  if (!isExpression(shape)) return readInto(module, shape, variable, declare);
  return [`${declare ? `const ${variable}` : variable} = ${readFieldExpression(module, shape)};`];
}

/** A field's value, if one expression reads it. Those of fixed size have methods of their own. */
export function readFieldExpression(module: Module, shape: ExpressionShape): string {
  if (shape.kind === "scalar" && FIXED.has(shape.method)) return `inp.${shape.method}Field()`;
  return readExpression(module, shape);
}

const FIXED: ReadonlySet<string> = new Set(["bool", "byte", "i16", "i32", "i64", "i64Number", "i64String", "double"]);

/** Lists of numbers, which may be long, have methods of their own, too. */
const LISTED: ReadonlySet<string> = new Set(["i32", "i64", "double"]);

/** Reads a value into a variable, which is declared here when `declare` says so. `depth` numbers the variables of loops. */
function readInto(module: Module, shape: Shape, variable: string, declare: boolean, depth = 1): Layout[] {
  const target = declare ? `const ${variable}` : variable;
  const [count, i] = [numbered("count", depth), numbered("i", depth)];
  const hashed = shape.kind === "set" ? shape.element : shape.kind === "map" ? shape.key : undefined;
  const goOn = hashed !== undefined && isManyNumbers(hashed) ? `inp.more(${i}, ${count})` : `${i} < ${count}`;
  const each = `for (let ${i} = 0; ${goOn}; ${i}++)`;
  if (isExpression(shape)) return [`${target} = ${readExpression(module, shape)};`];
  switch (shape.kind) {
    case "list": {
      // At its full length at once: how many elements can be in the bytes that are left was checked before.
      const [first, element] = readElement(module, shape.element, numbered("each", depth), depth + 1);
      return [
        `const ${count} = inp.list(${module.value(shape.element.wire)});`,
        `${target} = new Array<${typeOf(module, shape.element, "read")}>(${count});`,
        loop(each, [...first, `${variable}[${i}] = ${element};`]),
      ];
    }
    case "set": {
      const [first, element] = readElement(module, shape.element, numbered("each", depth), depth + 1);
      return [
        `const ${count} = inp.set(${module.value(shape.element.wire)});`,
        `${target} = new Set<${typeOf(module, shape.element, "read")}>();`,
        loop(each, [...first, `${variable}.add(${element});`]),
      ];
    }
    case "map": {
      // A key is read before its value, also where that takes several statements.
      const [keyFirst, key] = readElement(module, shape.key, numbered("key", depth), depth + 1, !isExpression(shape.value));
      const [valueFirst, value] = readElement(module, shape.value, numbered("each", depth), depth + 1 + nestingOf(shape.key));
      const types = `${typeOf(module, shape.key, "read")}, ${typeOf(module, shape.value, "read")}`;
      return [
        `const ${count} = inp.map(${module.value(shape.key.wire)}, ${module.value(shape.value.wire)});`,
        `${target} = new Map<${types}>();`,
        loop(each, [...keyFirst, ...valueFirst, `${variable}.set(${key}, ${value});`]),
      ];
    }
  }
}

/** Whether there are so many numbers of the type that a map or set of them could be made of those that collide. */
function isManyNumbers(shape: Shape): boolean {
  return shape.kind === "scalar" && MANY.has(shape.method);
}

const MANY: ReadonlySet<string> = new Set(["i32", "i64", "i64Number", "double"]);

/** What must be done before an element is there, and the expression that then is it. `variable` is for when it needs one. */
function readElement(
  module: Module,
  shape: Shape,
  variable: string,
  depth: number,
  always = false,
): readonly [first: Layout[], element: string] {
  if (isExpression(shape) && !always) return [[], readExpression(module, shape)];
  return [readInto(module, shape, variable, true, depth), variable];
}

/** How many numbers reading a value takes for its variables. */
function nestingOf(shape: Shape): number {
  if (isExpression(shape)) return 0;
  switch (shape.kind) {
    case "list":
    case "set":
      return 1 + nestingOf(shape.element);
    case "map":
      return 1 + nestingOf(shape.key) + nestingOf(shape.value);
  }
}

/** Whether a value is read by one expression. */
export function isExpression(shape: Shape): shape is ExpressionShape {
  if (shape.kind === "list") return shape.element.kind === "scalar" && LISTED.has(shape.element.method);
  return shape.kind === "scalar" || shape.kind === "struct";
}

function readExpression(module: Module, shape: ExpressionShape): string {
  switch (shape.kind) {
    case "scalar":
      return `inp.${shape.method}()`;
    case "struct":
      return `${module.ref(shape.definition, "value", "Codec")}.read(inp)`;
    case "list":
      return `inp.${shape.element.method}List()`;
  }
}
