/** A project for the services of an IDL, as files. Reads and writes nothing: that is for whoever calls. */
import type { idl } from "@kiteline/thrift";
import { generate } from "../generate.ts";
import { placesOf } from "../thrift/paths.ts";
import { scaffoldMethods } from "./methods.ts";
import { compilerText, dockerText, mainText, manifestText, readmeText, type ProjectFacts } from "./project-files.ts";
import { methodTestText, methodText, servicesText, wiredFiles } from "./source-files.ts";

export interface ScaffoldOptions extends ProjectFacts {
  /** The text of `src/services.ts` as it is, where the project is there already: its methods keep their files. */
  readonly services?: string | undefined;
  /** A method's arguments as JSON, for the call in the README. */
  readonly exampleOf: (method: idl.ServiceFunction) => string;
}

export interface ScaffoldFile {
  /** Relative to the project, with `/` between folders. */
  readonly path: string;
  readonly text: string;
  /** The user's are made when they are not there, and never written again; the others follow the IDL. */
  readonly owner: "user" | "generated";
}

/**
 * The files of a project that serves every service which the IDL given defines. Made again from an IDL that grew, there
 * are more of them, and none of the user's has another name. Throws an `IdlError` for IDL that cannot be served.
 */
export function scaffold(model: idl.DocumentSet, options: ScaffoldOptions): readonly ScaffoldFile[] {
  const methods = scaffoldMethods(model, wiredFiles(options.services ?? ""));
  const places = placesOf(model);
  const pathOf = (document: idl.Document): string => places.get(document)!.path;
  const user = (path: string, text: string): ScaffoldFile => ({ path, text, owner: "user" });
  const generated = (path: string, text: string): ScaffoldFile => ({ path, text, owner: "generated" });
  return [
    ...generate(model).map((file) => generated(`src/gen/${file.path}`, file.text)),
    generated("src/services.ts", servicesText(methods, pathOf, options.idl.join(", "))),
    ...methods.flatMap((method) => [
      user(`src/methods/${method.file}.ts`, methodText(method, pathOf)),
      user(`src/methods/${method.file}.test.ts`, methodTestText(method, pathOf)),
    ]),
    user("src/main.ts", mainText(options)),
    user("package.json", manifestText(options)),
    user("tsconfig.json", compilerText()),
    user(
      "README.md",
      readmeText(options, methods, (method) => options.exampleOf(method.function)),
    ),
    user("Dockerfile", dockerText()),
    user(".dockerignore", "node_modules\n.git\n"),
    user(".gitignore", "node_modules/\n"),
  ];
}
