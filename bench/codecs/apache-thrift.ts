/** Apache Thrift for Node: its framed binary protocol, code of its own compiler. */
import { createRequire } from "node:module";
import { inBench } from "../folder.ts";
import { type Codec, VALUE } from "./codec.ts";

interface Transport {
  readonly inBuf: Buffer;
}
interface Protocol {
  readMessageBegin(): { readonly mtype: number; readonly rseqid: number };
}
type Make<T, Args extends readonly unknown[]> = new (...args: Args) => T;
interface Library {
  readonly TFramedTransport: Make<Transport, [Buffer | null, (frame: Buffer) => void]>;
  readonly TBinaryProtocol: Make<Protocol, [Transport]>;
}
interface Client {
  readonly _reqs: Record<number, (error: unknown, value: { readonly must: number }) => void>;
  send_kinds(value: object): void;
  recv_kinds(input: Protocol, type: number, seq: number): void;
}
interface Generated {
  readonly Client: Make<Client, [Transport, Library["TBinaryProtocol"]]>;
  readonly Processor: Make<
    { process(input: Protocol, output: Protocol): void },
    [{ kinds(value: object, result: (error: unknown, value: object) => void): void }]
  >;
}

// Neither the library nor what its compiler makes comes with types.
const load = createRequire(inBench("peers/apache/gen/"));

export async function apacheThrift(): Promise<Codec> {
  const { TFramedTransport, TBinaryProtocol } = load("thrift") as Library;
  const { Client, Processor } = load("./Codec.js") as Generated;
  const value = shape(load("./kinds_types.js") as Record<string, Make<object, [object]>>);
  let frame: Buffer = Buffer.alloc(0);
  const out = new TFramedTransport(null, (made) => {
    frame = made;
  });
  const client = new Client(out, TBinaryProtocol);

  // A reply of its own server is what is decoded.
  client.send_kinds(value);
  const processor = new Processor({ kinds: (request, result) => result(null, request) });
  processor.process(new TBinaryProtocol(new TFramedTransport(frame.subarray(4), () => {})), new TBinaryProtocol(out));
  const reply = frame.subarray(4);

  return {
    encode() {
      client.send_kinds(value);
      return frame.length - 4;
    },
    decode() {
      const input = new TBinaryProtocol(new TFramedTransport(reply, () => {}));
      const head = input.readMessageBegin();
      let must = 0;
      client._reqs[head.rseqid] = (error, decoded) => {
        if (error !== null && error !== undefined) throw error as Error;
        must = decoded.must;
      };
      client.recv_kinds(input, head.mtype, head.rseqid);
      return must;
    },
  };
}

/** Its i64 is an object of its own, its maps are objects, its sets arrays. */
function shape(types: Record<string, Make<object, [object]>>): object {
  const Int64 = load("node-int64") as Make<object, [string]>;
  const { Kinds, Inner, Choice } = types as unknown as Record<"Kinds" | "Inner" | "Choice", Make<object, [object]>>;
  return new Kinds({
    ...VALUE,
    large: new Int64(VALUE.large.toString(16)),
    inner: new Inner(VALUE.inner),
    choice: new Choice({ text: VALUE.choice }),
    totals: Object.fromEntries(VALUE.totals),
    inners: VALUE.inners.map((each) => new Inner(each)),
    lists: Object.fromEntries(VALUE.lists),
  });
}
