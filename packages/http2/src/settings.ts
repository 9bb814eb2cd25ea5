/** SETTINGS (RFC 9113, section 6.5.2): what each end tells the other of itself. */
import type { Output } from "@kiteline/net";
import { ConnectionError } from "./connection-error.ts";
import { ErrorCode } from "./error-codes.ts";
import { SETTINGS_ENTRY_BYTES, writeSettingsFrame } from "./frame.ts";
import { INITIAL_TABLE_BYTES } from "./hpack/dynamic-table.ts";
import { MAX_WINDOW } from "./options.ts";

export const Setting = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

export const INITIAL_WINDOW = 65_535;
const INITIAL_MAX_FRAME = 16_384;
const LARGEST_FRAME = 16_777_215;

/** What a peer allows; its first values hold until its SETTINGS come. */
export class PeerSettings {
  headerTableBytes: number = INITIAL_TABLE_BYTES;
  pushes = true;
  maxConcurrentStreams: number = Infinity;
  initialWindow: number = INITIAL_WINDOW;
  maxFrameBytes: number = INITIAL_MAX_FRAME;
  maxHeaderListBytes: number = Infinity;

  /** Takes a frame's entries, in their order; unknown ones mean nothing. Throws a `ConnectionError`. */
  read(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; at += SETTINGS_ENTRY_BYTES) this.#set(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2));
  }

  #set(id: number, value: number): void {
    switch (id) {
      case Setting.HEADER_TABLE_SIZE:
        this.headerTableBytes = value;
        break;
      case Setting.ENABLE_PUSH:
        if (value > 1) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `SETTINGS_ENABLE_PUSH is ${value}, neither 0 nor 1`);
        this.pushes = value === 1;
        break;
      case Setting.MAX_CONCURRENT_STREAMS:
        this.maxConcurrentStreams = value;
        break;
      case Setting.INITIAL_WINDOW_SIZE:
        if (value > MAX_WINDOW) throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `SETTINGS_INITIAL_WINDOW_SIZE is ${value}`);
        this.initialWindow = value;
        break;
      case Setting.MAX_FRAME_SIZE:
        if (value < INITIAL_MAX_FRAME || value > LARGEST_FRAME)
          throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `SETTINGS_MAX_FRAME_SIZE is ${value}`);
        this.maxFrameBytes = value;
        break;
      case Setting.MAX_HEADER_LIST_SIZE:
        this.maxHeaderListBytes = value;
        break;
      default:
    }
  }
}

/** What we tell the peer of ourselves. */
export interface Announced {
  readonly headerTableBytes: number;
  readonly maxConcurrentStreams: number;
  readonly initialWindowBytes: number;
  readonly maxFrameBytes: number;
  readonly maxHeaderListBytes: number;
}

/** What holds before anything was said. */
const UNSAID: Announced = {
  headerTableBytes: INITIAL_TABLE_BYTES,
  maxConcurrentStreams: Infinity,
  initialWindowBytes: INITIAL_WINDOW,
  maxFrameBytes: INITIAL_MAX_FRAME,
  maxHeaderListBytes: Infinity,
};

/** Our SETTINGS on one connection, those that the peer has acknowledged and those that it may not have seen yet. */
export class OwnSettings {
  readonly #role: "client" | "server";
  #acknowledged: Announced = UNSAID;
  #pending: Announced[] = [];

  constructor(role: "client" | "server") {
    this.#role = role;
  }

  /** Whether all that was said has been acknowledged. */
  get settled(): boolean {
    return this.#pending.length === 0;
  }

  /** What was said last. */
  get last(): Announced {
    return this.#pending.at(-1) ?? this.#acknowledged;
  }

  announce(output: Output, settings: Announced): void {
    this.#pending.push(settings);
    writeSettingsFrame(output, [
      [Setting.HEADER_TABLE_SIZE, settings.headerTableBytes],
      // Clients take no pushed streams; servers have no say in it.
      this.#role === "client" ? [Setting.ENABLE_PUSH, 0] : [Setting.MAX_CONCURRENT_STREAMS, settings.maxConcurrentStreams],
      [Setting.INITIAL_WINDOW_SIZE, settings.initialWindowBytes],
      [Setting.MAX_FRAME_SIZE, settings.maxFrameBytes],
      [Setting.MAX_HEADER_LIST_SIZE, settings.maxHeaderListBytes],
    ]);
  }

  /** Whether there was anything to acknowledge. */
  onAck(): boolean {
    const next = this.#pending.shift();
    if (next === undefined) return false;
    this.#acknowledged = next;
    return true;
  }

  /** The most that the peer may rightly take us at: it goes by one of those that it may or may not have seen. */
  most(name: keyof Announced): number {
    return this.#pending.reduce((most, each) => Math.max(most, each[name]), this.#acknowledged[name]);
  }
}
