/** grpc-js with proto-loader, as its own guide sets it up. */
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { inBench } from "../folder.ts";
import { ACTION, checkEcho, messageText, openAll, within, type Peer, type StreamCaller } from "../peer.ts";

interface Message {
  readonly action: string;
  readonly msg: string;
}

interface Block {
  readonly content: Buffer;
}

interface MessageStream<T> {
  write(message: T): boolean;
  on(event: "drain", listener: () => void): unknown;
  removeListener(event: "drain", listener: () => void): unknown;
}

type Answer = (error: grpc.ServiceError | null, reply: Message) => void;

interface EchoClient extends grpc.Client {
  echo(request: Message, callback: Answer): void;
  repeat(request: Message): grpc.ClientReadableStream<Message>;
  blocks(request: Message): grpc.ClientReadableStream<Block>;
  count(callback: Answer): grpc.ClientWritableStream<Message>;
  chat(): grpc.ClientDuplexStream<Message, Message>;
}

function loadService(): grpc.ServiceClientConstructor {
  const definition = loadSync(inBench("idl/grpc_echo.proto"));
  const loaded = grpc.loadPackageDefinition(definition)["bench"] as grpc.GrpcObject;
  return loaded["Echo"] as grpc.ServiceClientConstructor;
}

const HANDLERS: grpc.UntypedServiceImplementation = {
  echo(call: grpc.ServerUnaryCall<Message, Message>, callback: grpc.sendUnaryData<Message>) {
    callback(null, answerOf(call.request));
  },

  repeat(call: grpc.ServerWritableStream<Message, Message>) {
    const answer = answerOf(call.request);
    writeWhile(call, answer, () => !call.cancelled);
  },

  blocks(call: grpc.ServerWritableStream<Message, Block>) {
    writeWhile(call, { content: Buffer.from(call.request.msg) }, () => !call.cancelled);
  },

  count(call: grpc.ServerReadableStream<Message, Message>, callback: grpc.sendUnaryData<Message>) {
    let messages = 0;
    call.on("data", () => (messages += 1));
    call.on("end", () => callback(null, { action: String(messages), msg: "" }));
  },

  chat(call: grpc.ServerDuplexStream<Message, Message>) {
    call.on("data", (request: Message) => call.write(answerOf(request)));
    call.on("end", () => call.end());
  },
};

function answerOf({ action, msg }: Message): Message {
  return { action, msg };
}

export const grpcJs: Peer = {
  async serve(port) {
    const server = new grpc.Server();
    server.addService(loadService().service, HANDLERS);
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
      streams: streamsOf(clients[0] as EchoClient, { action: ACTION, msg }),
    };
  },
};

function countFor<T>(durationMs: number, call: grpc.ClientReadableStream<T>, check: (message: T) => void): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let messages = 0;
  call.on("data", (message: T) => {
    check(message);
    messages += 1;
  });
  call.on("error", (error: grpc.ServiceError) => (error.code === grpc.status.CANCELLED ? resolve(messages) : reject(error)));
  setTimeout(() => call.cancel(), durationMs);
  return promise;
}

/** Writes the same message as fast as the stream takes it, and looks before each whether to go on. */
function writeWhile<T>(stream: MessageStream<T>, message: T, goOn: () => boolean | void): void {
  const pump = (): void => {
    while (goOn() === true) if (!stream.write(message)) return;
    stream.removeListener("drain", pump);
  };
  stream.on("drain", pump);
  pump();
}

function streamsOf(client: EchoClient, message: Message): StreamCaller {
  return {
    download: (durationMs) => countFor(durationMs, client.repeat(message), ({ msg }) => checkEcho(msg.length, message.msg.length)),
    blocks: (durationMs) => countFor(durationMs, client.blocks(message), ({ content }) => checkEcho(content.length, message.msg.length)),

    upload(durationMs) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const call = client.count((error, reply) => (error === null ? resolve(Number(reply.action)) : reject(error)));
      const goesOn = within(durationMs);
      writeWhile(call, message, () => goesOn() || void call.end());
      return promise;
    },

    hold: (streams) =>
      openAll(streams, async () => {
        const call = client.chat();
        call.write(message);
        await once(call, "data");
      }),
  };
}
