/** Kiteline: generated code and the binary format, into slabs and from the received bytes as on a connection. */
import { MessageHead, Output, RECEIVED, Slabs } from "@kiteline/net";
import { thriftBinary } from "@kiteline/thrift";
import { Codec as Service, type Kinds } from "../gen/kinds.ts";
import { type Codec, VALUE } from "./codec.ts";

/** Slabs go back to the pool after so many bytes, as they do when a turn's write is done. */
const TURN_BYTES = 32 * 1024;
/** As if messages had come before in the same chunk. */
const START = 4 * 1024;

export async function kiteline(): Promise<Codec> {
  const format = thriftBinary();
  const slabs = new Slabs();
  const out = new Output(slabs, 1 << 20);
  const method = Service.methods["kinds"];
  if (method === undefined) throw new Error("the service has no method kinds");
  const value = shape();

  out.begin();
  format.writeReply(out, method, 1, value);
  out.end();
  // Where a plain socket would have put it.
  const end = START + out.bytes.copy(RECEIVED, START, out.messageStart, out.position);
  const head = new MessageHead();

  return {
    encode() {
      out.begin();
      format.writeRequest(out, method, 1, value);
      out.end();
      const bytes = out.position - out.messageStart;
      if (out.pendingBytes > TURN_BYTES) for (const { slab } of out.take()) slabs.giveBack(slab);
      return bytes;
    },
    decode() {
      format.readHead(RECEIVED, START, end, head);
      return (format.readReply(head, method) as Kinds).must;
    },
  };
}

function shape(): Kinds {
  return {
    ...VALUE,
    choice: { case: "text", value: VALUE.choice },
    words: new Set(VALUE.words),
  };
}
