/** The services of .proto files for a scaffold. */
import { schema } from "@kiteline/protobuf";
import type { LoadedProto } from "../proto/load.ts";
import { namesOf } from "../protobuf/names.ts";
import { pathOf } from "../protobuf/paths.ts";
import { exampleText } from "./proto-example.ts";
import type { ScaffoldService, ServiceMethod } from "./service.ts";

/** All services that the given files define; those of files that they import are others' business. */
export function protoServices({ files, roots }: LoadedProto): readonly ScaffoldService[] {
  const asked = new Set(roots.map((file) => file.name));
  const services = schema.linkDescriptors(files).flatMap((file) => (asked.has(file.name) ? file.services : []));
  return services.map((service) => ({
    name: service.name,
    path: pathOf(service.file),
    description: namesOf(service.file).of(service),
    handler: namesOf(service.file).of(service, "Handler"),
    methods: [...schema.stubNames(service)].map(([method, stub]) => methodOf(service, method, stub)),
  }));
}

function methodOf(service: schema.ServiceType, { name, kind, input, output }: schema.MethodType, stub: string): ServiceMethod {
  return {
    name,
    fullName: `${service.name}.${name}`,
    kind,
    stub,
    parameters: [kind === "client_stream" || kind === "bidi_stream" ? "requests" : "request"],
    request: (imports) => [exampleText(imports, input)],
    reply: (imports) => exampleText(imports, output),
  };
}
