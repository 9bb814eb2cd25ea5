/** Statements that write values: `out` is the writer. */
import { block, clause, type Layout } from "../layout.ts";
import type { Module } from "./module.ts";
import type { Shape } from "./shape.ts";

/** Writes a whole field, header and value. `from` is the expression that gives the value. */
export function writeField(module: Module, id: number, shape: Shape, from: string): Layout[] {
  switch (shape.kind) {
    case "scalar":
      return [`out.${shape.method}Field(${id}, ${from});`];
    case "struct":
      return [`out.structField(${id});`, ...writeValue(module, shape, from, 1)];
    case "list":
    case "set":
    case "map":
      return [`out.${shape.kind}Field(${id}, ${containerHead(module, shape, from)});`, writeElements(module, shape, from, 1)];
  }
}

/** Writes a value alone, as an element. `depth` numbers the variables of loops inside one another. */
function writeValue(module: Module, shape: Shape, from: string, depth: number): Layout[] {
  switch (shape.kind) {
    case "scalar":
      return [`out.${shape.method}(${from});`];
    case "struct":
      return [`${module.ref(shape.definition, "value", "Codec")}.write(out, ${from});`];
    case "list":
    case "set":
    case "map":
      return [`out.${shape.kind}(${containerHead(module, shape, from)});`, writeElements(module, shape, from, depth)];
  }
}

type ContainerShape = Extract<Shape, { kind: "list" | "set" | "map" }>;

/** What containers say first: the types and the number of their elements. */
function containerHead(module: Module, shape: ContainerShape, from: string): string {
  switch (shape.kind) {
    case "list":
      return `${module.value(shape.element.wire)}, ${from}.length, ${from}`;
    case "set":
      return `${module.value(shape.element.wire)}, ${from}.size, ${from}`;
    case "map":
      return `${module.value(shape.key.wire)}, ${module.value(shape.value.wire)}, ${from}.size, ${from}`;
  }
}

function writeElements(module: Module, shape: ContainerShape, from: string, depth: number): Layout {
  const [key, each] = [numbered("key", depth), numbered("each", depth)];
  if (shape.kind === "map") {
    const body = [...writeValue(module, shape.key, key, depth + 1), ...writeValue(module, shape.value, each, depth + 1)];
    return block(`for (const [${key}, ${each}] of ${from}) {`, body);
  }
  return loop(`for (const ${each} of ${from})`, writeValue(module, shape.element, each, depth + 1));
}

/** A loop or condition: without brackets when one statement follows. */
export function loop(head: string, body: readonly Layout[]): Layout {
  const [only, ...more] = body;
  return only !== undefined && more.length === 0 ? clause(head, only) : block(`${head} {`, body);
}

/** Variables of loops inside one another: `each`, `each2`, and so on. */
export function numbered(name: string, depth: number): string {
  return depth === 1 ? name : `${name}${depth}`;
}
