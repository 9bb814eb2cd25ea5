/** The services of Thrift IDL for a scaffold. */
import { idl } from "@kiteline/thrift";
import { namesOf } from "../thrift/names.ts";
import { placesOf } from "../thrift/paths.ts";
import { shapeOf } from "../thrift/shape.ts";
import type { Imports } from "./imports.ts";
import { fromMethods, type ScaffoldService, type ServiceMethod } from "./service.ts";
import { exampleOfField, exampleText, type ExamplePlace } from "./thrift-example.ts";

/** All services that the given files define; those of files that they include are others' business. */
export function thriftServices(model: idl.DocumentSet): readonly ScaffoldService[] {
  const places = placesOf(model);
  const pathOf = (document: idl.Document): string => places.get(document)!.path;
  const placeIn = (imports: Imports): ExamplePlace => ({ imports, moduleOf: (document) => fromMethods(pathOf(document)) });
  const services = [...new Set(model.roots.flatMap((document) => document.services))];
  return services.map((service) => ({
    name: service.name,
    path: pathOf(service.document),
    description: namesOf(service.document).of(service),
    handler: namesOf(service.document).of(service, "Handler"),
    methods: [...idl.stubNames(service)].map(([method, stub]) => methodOf(service, method, stub, placeIn)),
  }));
}

function methodOf(
  service: idl.Service,
  method: idl.ServiceFunction,
  stub: string,
  placeIn: (imports: Imports) => ExamplePlace,
): ServiceMethod {
  const { name, kind, returns } = method;
  return {
    name,
    fullName: `${service.name}.${name}`,
    kind,
    stub,
    parameters: method.arguments.map((field) => field.name),
    request: (imports) => method.arguments.map((field) => exampleOfField(placeIn(imports), field)),
    reply: (imports) => (returns === undefined ? undefined : exampleText(placeIn(imports), shapeOf(returns, "bigint"))),
  };
}
