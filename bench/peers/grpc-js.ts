/** grpc-js with proto-loader, as its own guide sets it up. */
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ACTION, checkEcho, messageText, type Peer } from "../peer.ts";

interface Message {
  readonly action: string;
  readonly msg: string;
}

type EchoClient = grpc.Client & { echo(request: Message, callback: (error: grpc.ServiceError | null, reply: Message) => void): void };

function loadService(): grpc.ServiceClientConstructor {
  const definition = loadSync(join(import.meta.dirname, "../idl/echo.proto"));
  const loaded = grpc.loadPackageDefinition(definition)["bench"] as grpc.GrpcObject;
  return loaded["Echo"] as grpc.ServiceClientConstructor;
}

export const grpcJs: Peer = {
  async serve(port) {
    const server = new grpc.Server();
    server.addService(loadService().service, {
      echo(call: grpc.ServerUnaryCall<Message, Message>, callback: grpc.sendUnaryData<Message>) {
        callback(null, { action: call.request.action, msg: call.request.msg });
      },
    });
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, free) =>
        error === null ? resolve(free) : reject(error),
      );
    });
    return `127.0.0.1:${bound}`;
  },

  async connect({ host, port, connections, bytes }) {
    const EchoService = loadService();
    const msg = messageText(bytes);
    const clients = Array.from({ length: connections }, () => {
      // Channels to one address share their connection unless told otherwise.
      const options = { "grpc.use_local_subchannel_pool": 1 };
      return new EchoService(`${host}:${port}`, grpc.credentials.createInsecure(), options) as unknown as EchoClient;
    });
    let next = 0;
    return {
      call(onAnswer) {
        next = next + 1 === clients.length ? 0 : next + 1;
        (clients[next] as EchoClient).echo({ action: ACTION, msg }, (error, reply) => {
          if (error !== null) return onAnswer(error);
          checkEcho(reply.msg.length, msg.length);
          onAnswer();
        });
      },
    };
  },
};
