/** The services that a command works with: those of the IDL that `--idl` names. */
import { createRegistry, schema, type Registry } from "@kiteline/protobuf";
import type { idl } from "@kiteline/thrift";
import type { Args } from "../args.ts";
import { usage } from "../failure.ts";
import { loadIdlFiles, type LoadedIdl } from "../idl.ts";
import type { Io } from "../io.ts";
import { protoServices } from "./proto-service.ts";
import { protoTypeText } from "./proto-type-text.ts";
import type { IdlService } from "./service.ts";
import { thriftServices } from "./thrift-service.ts";
import { thriftTypeText } from "./thrift-type-text.ts";

export interface Services {
  readonly services: readonly IdlService[];
  /** Where they are from, for texts. */
  readonly origins: string;
  /** The same in a sentence: `in the IDL`. */
  readonly where: string;
  /** The types of Protobuf among what was loaded. */
  readonly registry: Registry;
  /** A struct, message or enum by its name as the IDL declares it; a package may be left out. */
  typeText(name: string): string | undefined;
}

/** Loads what `--idl` and `--include` name. Throws a usage failure without `--idl`, and an input failure for wrong IDL. */
export async function loadServices(args: Args, io: Io): Promise<Services> {
  const paths = args.list("idl");
  if (paths.length === 0) throw usage("expected --idl FILE, got none");
  return servicesOf(await loadIdlFiles(paths, args.list("include"), io));
}

export function servicesOf({ thrift, proto }: LoadedIdl): Services {
  const linked = schema.linkDescriptors(proto?.files ?? []);
  const registry = createRegistry(...linked);
  const roots = linked.filter((file) => proto?.roots.some((root) => root.name === file.name));
  return {
    services: [...(thrift === undefined ? [] : thriftServices(thrift)), ...protoServices(roots, registry)],
    origins: [...(thrift?.roots.map(({ path }) => path) ?? []), ...roots.map(({ name }) => name)].join(", "),
    where: "in the IDL",
    registry,
    typeText: (name) => (thrift && thriftText(thrift, name)) ?? protoText(registry, name),
  };
}

/** As files that include others name it, too: `common.Point`. */
function thriftText({ documents }: idl.DocumentSet, name: string): string | undefined {
  for (const document of documents) {
    const found = [...document.structs, ...document.enums].find((each) => each.name === name || `${document.name}.${each.name}` === name);
    if (found !== undefined) return thriftTypeText(found);
  }
  return undefined;
}

export function protoText(registry: Registry, name: string): string | undefined {
  const full = [...registry.files.values()].flatMap((file) => [...file.declared.keys()]);
  const [short, another] = full.filter((each) => each.endsWith(`.${name}`));
  const type = registry.message(name) ?? registry.enum(name);
  if (type !== undefined || short === undefined || another !== undefined) return type && protoTypeText(type);
  return protoText(registry, short);
}
