/** Protocols of servers whose sessions are loaded by the first connection that speaks them: others never pay for them. */
import type { AcceptedSession, Connection, Protocol } from "@kiteline/net";

export type SessionFor = (connection: Connection) => AcceptedSession;

export function lazyProtocol(name: string, recognise: Protocol["recognise"], load: () => Promise<SessionFor>): Protocol {
  let open: SessionFor | undefined;
  return {
    name,
    recognise,
    async load() {
      open ??= await load();
    },
    get loaded() {
      return open !== undefined;
    },
    open: (connection) => (open as SessionFor)(connection),
  };
}
