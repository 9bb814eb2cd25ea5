/** Apache Thrift for Node: framed binary, calls pipelined on one connection, code of its own compiler (`--gen js:node,es6`). */
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Server } from "node:net";
import { inBench } from "../folder.ts";
import { ACTION, checkEcho, messageText, type Peer } from "../peer.ts";

interface Message {
  readonly action: string;
  readonly msg: string;
}

interface Service {
  readonly Client: unknown;
}
interface Types {
  readonly Req: new (init: Message) => Message;
  readonly Resp: new (init: Message) => Message;
}
interface Library {
  readonly TFramedTransport: unknown;
  readonly TBinaryProtocol: unknown;
  createServer(
    service: Service,
    handler: { echo(request: Message, result: (error: unknown, reply: Message) => void): void },
    options: object,
  ): Server;
  createConnection(host: string, port: number, options: object): NodeJS.EventEmitter;
  createClient(service: Service, connection: object): { echo(request: Message): Promise<Message> };
}

// Neither the library nor what its compiler makes comes with types.
const load = createRequire(inBench("peers/apache/gen/"));

export const apacheThrift: Peer = {
  async serve(port) {
    const [thrift, service, types] = loadAll();
    const handler = {
      echo: (request: Message, result: (error: unknown, reply: Message) => void) =>
        result(null, new types.Resp({ action: request.action, msg: request.msg })),
    };
    const server = thrift.createServer(service, handler, options(thrift));
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  },

  async connect({ host, port, connections, bytes }) {
    const [thrift, service, types] = loadAll();
    const msg = messageText(bytes);
    const clients = Array.from({ length: connections }, () =>
      thrift.createClient(service, thrift.createConnection(host, port, options(thrift))),
    );
    let next = 0;
    return {
      call(onAnswer) {
        next = next + 1 === clients.length ? 0 : next + 1;
        clients[next]?.echo(new types.Req({ action: ACTION, msg })).then((reply) => {
          checkEcho(reply.msg.length, msg.length);
          onAnswer();
        }, onAnswer);
      },
    };
  },
};

function loadAll(): [Library, Service, Types] {
  return [load("thrift") as Library, load("./Echo.js") as Service, load("./echo_types.js") as Types];
}

function options(thrift: Library): object {
  return { transport: thrift.TFramedTransport, protocol: thrift.TBinaryProtocol };
}
