/**
 * Accepted sockets that read into a buffer that is there. Those that `net.Server` makes take 64 KiB of fresh memory for every read,
 * a tenth of the CPU of small calls, and it has no option for that; sockets that one makes oneself have (`onread`).
 */
import { Socket, type SocketConstructorOpts } from "node:net";

/** What a socket reads and writes with is not in Node's documentation, but in every release. */
interface Inside {
  _handle?: { readonly useUserBuffer?: unknown } | null;
}

export interface AcceptedSocket {
  readonly socket: Socket;
  /** Takes a chunk, which is reused afterwards. Set by who owns the connection, in the turn in which it was accepted. */
  onChunk: ((chunk: Buffer, length: number) => void) | undefined;
  /** Tells where to read to next; `undefined`: where it did. Set likewise. */
  nextBuffer: (() => Buffer | undefined) | undefined;
}

/**
 * Makes an accepted socket anew, so that its chunks come by `onChunk`, in `first` until it is told otherwise; the one that was given is of no use afterwards.
 * `undefined` where that cannot be done: it still works then. Nobody may have read from it or have begun to listen to it.
 */
export function adoptAccepted(accepted: Socket, first: Buffer): AcceptedSocket | undefined {
  const handle = (accepted as unknown as Inside)._handle;
  if (typeof handle?.useUserBuffer !== "function") return undefined;
  const callback = (length: number, chunk: Uint8Array): boolean => {
    adopted?.onChunk?.(chunk as Buffer, length);
    return true;
  };
  let adopted: AcceptedSocket | undefined = undefined;
  const buffer = (): Buffer | undefined => (adopted === undefined ? first : adopted.nextBuffer?.());
  const options = { handle, allowHalfOpen: accepted.allowHalfOpen, onread: { buffer, callback } };
  const socket = new Socket(options as unknown as SocketConstructorOpts);
  if ((socket as unknown as Inside)._handle !== handle) return undefined;
  adopted = { socket, onChunk: undefined, nextBuffer: undefined };
  (accepted as unknown as Inside)._handle = null; // or it would be closed with it
  accepted.destroy();
  return adopted;
}
