/**
 * The server that Connect's conformance suite tests, as its runner starts it: one message on standard input says what it must do,
 * one on standard output where it is; both with their length before them. It lives until its input ends.
 */
import { decode, encode } from "@kiteline/protobuf";
import { createServer, type ServerOptions } from "kiteline";
import { conformance } from "./conformance-service.ts";
import { ConformanceService, ServerCompatRequestCodec, ServerCompatResponseCodec, type ServerCompatRequest } from "./gen/conformance.ts";

const LENGTH_BYTES = 4;

const { useTls, messageReceiveLimit, serverCreds, clientTlsCert } = await readRequest();
const certificate = useTls ? serverCreds : undefined;
const options: ServerOptions = {
  ...(messageReceiveLimit === 0 ? {} : { maxReceivedBytes: messageReceiveLimit }),
  ...(certificate === undefined
    ? {}
    : {
        tls: {
          cert: Buffer.from(certificate.cert),
          key: Buffer.from(certificate.key),
          ...(clientTlsCert.byteLength === 0 ? {} : { clientCa: Buffer.from(clientTlsCert) }),
        },
      }),
  log: () => undefined,
};
const server = createServer(options).add(ConformanceService, conformance);
await server.listen();
writeResponse({ host: "127.0.0.1", port: server.port, pemCert: certificate?.cert ?? new Uint8Array() });

async function readRequest(): Promise<ServerCompatRequest> {
  let came = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    came = Buffer.concat([came, chunk as Buffer]);
    if (came.byteLength < LENGTH_BYTES) continue;
    const end = LENGTH_BYTES + came.readUInt32BE(0);
    if (came.byteLength >= end) return decode(ServerCompatRequestCodec, came.subarray(LENGTH_BYTES, end));
  }
  throw new Error("the runner has not said what to do");
}

function writeResponse(response: { host: string; port: number; pemCert: Uint8Array }): void {
  const message = encode(ServerCompatResponseCodec, response);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(message.byteLength);
  process.stdout.write(Buffer.concat([length, message]));
}
