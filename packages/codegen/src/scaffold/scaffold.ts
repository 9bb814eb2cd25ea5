/** A project for the services of IDL, as files. Reads and writes nothing: that is for whoever calls. */
import { IdlError, type idl } from "@kiteline/thrift";
import { distinct, type GeneratedFile } from "../generated-file.ts";
import { generate } from "../generate.ts";
import { generateProto } from "../generate-proto.ts";
import type { LoadedProto } from "../proto/load.ts";
import { scaffoldMethods } from "./methods.ts";
import { compilerText, dockerText, mainText, manifestText, readmeText, type ProjectFacts } from "./project-files.ts";
import { protoServices } from "./proto-services.ts";
import { methodTestText, methodText, servicesText, wiredFiles } from "./source-files.ts";
import { thriftServices } from "./thrift-services.ts";

/** What the IDL says, of either language or of both. */
export interface ScaffoldModel {
  readonly thrift?: idl.DocumentSet | undefined;
  readonly proto?: LoadedProto | undefined;
}

export interface ScaffoldOptions extends Omit<ProjectFacts, "languages"> {
  /** The text of `src/services.ts` as it is, where the project is there already: its methods keep their files. */
  readonly services?: string | undefined;
  /** A request of a method as JSON, for the call in the README. The method is named in full. */
  readonly exampleOf: (method: string) => string;
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
export function scaffold(model: ScaffoldModel, options: ScaffoldOptions): readonly ScaffoldFile[] {
  const { thrift, proto } = model;
  const services = [...(thrift === undefined ? [] : thriftServices(thrift)), ...(proto === undefined ? [] : protoServices(proto))];
  const methods = scaffoldMethods(services, wiredFiles(options.services ?? ""));
  if (methods.length === 0) throw noMethods(model);
  const facts: ProjectFacts = { ...options, languages: { thrift: thrift !== undefined, protobuf: proto !== undefined } };
  const user = (path: string, text: string): ScaffoldFile => ({ path, text, owner: "user" });
  const generated = (path: string, text: string): ScaffoldFile => ({ path, text, owner: "generated" });
  return [
    ...generateBoth(model).map((file) => generated(`src/gen/${file.path}`, file.text)),
    generated("src/services.ts", servicesText(methods, options.idl.join(", "))),
    ...methods.flatMap((each) => [
      user(`src/methods/${each.file}.ts`, methodText(each)),
      user(`src/methods/${each.file}.test.ts`, methodTestText(each)),
    ]),
    user("src/main.ts", mainText(facts)),
    user("package.json", manifestText(facts)),
    user("tsconfig.json", compilerText()),
    user("README.md", readmeText(facts, methods, options.exampleOf)),
    user("Dockerfile", dockerText()),
    user(".dockerignore", "node_modules\n.git\n"),
    user(".gitignore", "node_modules/\n"),
  ];
}

function generateBoth({ thrift, proto }: ScaffoldModel): readonly GeneratedFile[] {
  return distinct([...(thrift === undefined ? [] : generate(thrift)), ...(proto === undefined ? [] : generateProto(proto.files))]);
}

function noMethods({ thrift, proto }: ScaffoldModel): IdlError {
  const path = thrift?.roots[0]?.path ?? proto?.roots[0]?.name ?? "";
  return new IdlError([{ path, line: 1, column: 1, message: "expected a service with a method, found none", text: "", length: 0 }]);
}
