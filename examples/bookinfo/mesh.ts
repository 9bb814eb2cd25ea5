/** Interim: picks instances by their WorkloadEntries until the mesh suite is there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CallOptions, type Client, createClient, currentCall, type ServiceDescription, type Suite } from "kiteline";
import type { Instance } from "./instance.ts";

export interface Mesh {
  client<Stubs extends object>(description: ServiceDescription<Stubs>, service: string, suites: readonly Suite[]): Client<Stubs>;
  colour(request: { header(name: string): string | undefined; cookie(name: string): string | undefined }): string | undefined;
  instances(): Instance[];
}

export function meshOf(_folder: string, run: string): Mesh {
  const entries = (): (Instance & { readonly port: number })[] =>
    readdirSync(run)
      .filter((name) => name.endsWith(".yaml"))
      .sort()
      .map((file) => {
        const text = readFileSync(join(run, file), "utf8");
        const field = (name: string): string | undefined => new RegExp(`^ +${name}: (.*)$`, "m").exec(text)?.[1];
        return {
          name: field("name") ?? "",
          service: field("app") ?? "",
          version: field("version") ?? "",
          lane: field("lane"),
          port: Number(field("thrift")),
        };
      });
  return {
    client(description, service, suites) {
      const clients = new Map<number, Client<object>>();
      let turn = 0;
      const call = async (method: string, request: unknown, options: CallOptions = {}): Promise<unknown> => {
        const given = options.metadata as Record<string, string> | undefined;
        const baggage = given?.["baggage"] ?? currentCall()?.metadata.get("baggage");
        const lane = baggage?.split("=")[1];
        const all = entries().filter((each) => each.service === service);
        const mine = all.filter((each) => each.lane === lane && lane !== undefined);
        const list = mine.length > 0 ? mine : all.filter((each) => each.lane === undefined);
        const chosen = list[turn++ % list.length];
        if (chosen === undefined) throw new Error(`nobody serves ${service}`);
        let client = clients.get(chosen.port);
        if (client === undefined)
          clients.set(chosen.port, (client = createClient(description, { target: `127.0.0.1:${chosen.port}`, suites })));
        return (client as unknown as Record<string, (request: unknown, options: CallOptions) => Promise<unknown>>)[method]?.(
          request,
          options,
        );
      };
      return Object.fromEntries(
        Object.keys(description.methods).map((name) => [name, (request: unknown, options?: CallOptions) => call(name, request, options)]),
      ) as unknown as Client<never>;
    },
    colour: (request) => ((request.header("uid") ?? request.cookie("uid")) === "100" ? "branch" : undefined),
    instances: entries,
  };
}
