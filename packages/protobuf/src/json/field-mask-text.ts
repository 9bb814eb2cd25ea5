/** `FieldMask` as text: paths in lowerCamel, with commas between them. Throws `ValueError` for what does not come back as it was. */
import { shown, ValueError } from "@kiteline/net";

export function fieldMaskText(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const camel = path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      if (camel.includes("_") || snake(camel) !== path) throw new ValueError(`the path ${shown(path)} has no form in JSON`);
      return camel;
    })
    .join(",");
}

export function parseFieldMask(text: unknown): string[] {
  if (typeof text !== "string") throw new ValueError(`expected a field mask such as "a.b,cD", got ${shown(text)}`);
  if (text === "") return [];
  return text.split(",").map((path) => {
    if (!/^[A-Za-z0-9.]+$/.test(path)) throw new ValueError(`expected a path in lowerCamel, got ${shown(path)}`);
    return snake(path);
  });
}

function snake(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
