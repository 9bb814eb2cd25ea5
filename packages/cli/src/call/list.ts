/** What there is to call: services with their methods, and of one service what each method takes. */
import { toJson, type Printer } from "../printer.ts";
import type { IdlService } from "../services/service.ts";

/** The services, each with the methods it has as the IDL writes them. */
export function printServices(services: readonly IdlService[], printer: Printer): void {
  const { bold } = printer.paint;
  for (const service of services) {
    printer.result([bold(service.name), ...service.methods.map((method) => `  ${method.signature}`)].join("\n"), {
      service: service.name,
      methods: service.methods.map(({ name, kind, signature }) => ({ name, kind, signature })),
    });
  }
}

/** One service: of each method also a request by example. */
export function printService(service: IdlService, printer: Printer): void {
  const { bold, dim } = printer.paint;
  const methods = service.methods.map((method) => ({ method, example: method.exampleRequest() }));
  printer.result(
    [bold(service.name), ...methods.flatMap(({ method, example }) => [`  ${method.signature}`, `    ${dim(toJson(example))}`])].join("\n"),
    {
      service: service.name,
      methods: methods.map(({ method: { name, kind, signature }, example }) => ({ name, kind, signature, example })),
    },
  );
}

/** The service of this name, which may lack its package where that leaves one only. */
export function findService(services: readonly IdlService[], name: string): IdlService | undefined {
  const short = services.filter((each) => each.name.endsWith(`.${name}`));
  return services.find((each) => each.name === name) ?? (short.length === 1 ? short[0] : undefined);
}
