/** Where generated files go: to the folders by which .proto files import one another. */
import type { schema } from "@kiteline/protobuf";

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
