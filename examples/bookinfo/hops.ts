/**
 * Tells the page who answered: every reply carries the answering instance and, after it, those that it asked. They travel as
 * metadata of the reply (`backward`), so that no handler and no IDL knows of them.
 *
 *     reviews v3 baseline reviews-v3, ratings v1 baseline ratings-v1
 */
import { CallInfo, type ClientCall, type Metadata, type Middleware, type ServerCall, type Suite } from "kiteline";
import { type Hop, hopOf, type Instance } from "./instance.ts";

const KEY = "hops";

/** For servers and clients of an instance: adds it to what it answers, and what it asked meanwhile. */
export function hops(instance: Instance): Suite {
  /** What the calls being handled have asked, in the order in which they asked. */
  const asked = new WeakMap<ServerCall, CallInfo[]>();

  const answering: Middleware = (next) => (request, call) => {
    const mine = call as ServerCall;
    const infos: CallInfo[] = [];
    asked.set(mine, infos);
    return next(request, call).finally(() => {
      mine.reply.set(KEY, writeHops([hopOf(instance), ...infos.flatMap((info) => readHops(info.reply))]), "backward");
    });
  };

  const asking: Middleware = (next) => (request, call) => {
    const { parent } = call as ClientCall;
    if (parent !== undefined) asked.get(parent)?.push(((call as ClientCall).info ??= new CallInfo()));
    return next(request, call);
  };

  return { name: "hops", server: { middleware: [answering] }, client: { middleware: [asking] } };
}

/** The hops that a reply tells of; none when it tells of none. */
export function readHops(reply: Metadata): Hop[] {
  const text = reply.get(KEY, "backward");
  if (text === undefined) return [];
  return text.split(", ").map((hop) => {
    const [service = "", version = "", lane = "", instance = ""] = hop.split(" ");
    return { service, version, lane, instance };
  });
}

function writeHops(list: readonly Hop[]): string {
  return list.map(({ service, version, lane, instance }) => `${service} ${version} ${lane} ${instance}`).join(", ");
}
