/** Where generated files go: to the folders by which .proto files import one another. */
import type { schema } from "@kiteline/protobuf";

/** Google's files that `@kiteline/protobuf` has generated code for. */
const WELL_KNOWN =
  /^google\/protobuf\/(?:any|api|compiler\/plugin|cpp_features|descriptor|duration|empty|field_mask|go_features|java_features|source_context|struct|timestamp|type|wrappers)\.proto$/;

/** The module that a well-known file is imported from. */
export function wellKnownModule({ name }: schema.FileType): string | undefined {
  return WELL_KNOWN.test(name) ? `@kiteline/protobuf/${name.replace(/\.proto$/, "")}` : undefined;
}

/** The generated file of a .proto file, from the output folder. */
export function pathOf(file: schema.FileType): string {
  // From "/", so that no number of ".." leads above the output folder.
  const parts: string[] = [];
  for (const part of file.name.replaceAll("\\", "/").split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `${parts.join("/").replace(/\.proto$/, "")}.ts`;
}
