/** `google.rpc.Status`, which `grpc-status-details-bin` holds: a code, a text, and details as `google.protobuf.Any`. */
import type { ErrorDetail } from "@kiteline/core";
import { decode, encode, type MessageCodec, type ProtoFile } from "@kiteline/protobuf";

export interface StatusMessage {
  code: number;
  message: string;
  details: ErrorDetail[];
}

const file: ProtoFile = {
  name: "google/rpc/status.proto",
  descriptor: () => "",
  imports: [],
  i64: "bigint",
  codecs: () => [],
  extensions: () => [],
};

const DetailCodec: MessageCodec<{ typeUrl: string; value: Uint8Array }, ErrorDetail> = {
  name: "google.protobuf.Any",
  file,
  empty: () => ({ typeUrl: "", value: new Uint8Array() }),
  write(out, { typeUrl, value }) {
    if (typeUrl !== "") out.stringField(10, typeUrl);
    if (value.byteLength > 0) out.bytesField(18, value);
  },
  read(inp, message = DetailCodec.empty()) {
    for (let tag = inp.tag(); tag !== 0; tag = inp.tag()) {
      if (tag === 10) message.typeUrl = inp.string();
      else if (tag === 18) message.value = inp.byteString();
      else inp.skip(tag);
    }
    return message;
  },
};

const StatusCodec: MessageCodec<StatusMessage> = {
  name: "google.rpc.Status",
  file,
  empty: () => ({ code: 0, message: "", details: [] }),
  write(out, { code, message, details }) {
    if (code !== 0) out.int32Field(8, code);
    if (message !== "") out.stringField(18, message);
    for (const detail of details) {
      const mark = out.begin(26);
      DetailCodec.write(out, detail);
      out.end(mark);
    }
  },
  read(inp, status = StatusCodec.empty()) {
    for (let tag = inp.tag(); tag !== 0; tag = inp.tag()) {
      if (tag === 8) status.code = inp.int32();
      else if (tag === 18) status.message = inp.string();
      else if (tag === 26) {
        inp.enter();
        status.details.push(DetailCodec.read(inp));
        inp.leave();
      } else inp.skip(tag);
    }
    return status;
  },
};

export function encodeStatus(status: StatusMessage): Uint8Array {
  return encode(StatusCodec, status);
}

/** Throws `DecodeError`. */
export function decodeStatus(bytes: Uint8Array): StatusMessage {
  return decode(StatusCodec, bytes);
}
