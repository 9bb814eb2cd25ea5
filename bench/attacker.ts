/**
 * An attacker in a process of its own: `HOST:PORT`. Says `{"ready": …}`, then answers each line of standard input by one line:
 * `{"attack": NAME}` begins that attack in place of the last one, `{}` only ends that; the answer tells how many connections the last
 * one made. Refuses every target but this machine.
 */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Attack } from "./attacks/attack.ts";
import { findAttack } from "./attacks/index.ts";
import { parseLoopback } from "./loopback.ts";

/** Between a connection and the next: whoever is cut off spends some time on dialling, too. */
const PAUSE_MS = 5;
/** How long a server may take to answer what it was sent before the attacker leaves. */
const PATIENCE_MS = 100;
/** Written at once: no longer than that the kernel keeps the core for the attacker. */
const PIECE_BYTES = 64 * 1024;

class Attacker {
  /** Made so far. */
  connections = 0;
  readonly #address: { host: string; port: number };
  readonly #attack: Attack;
  readonly #sockets = new Set<Socket>();
  #stopped = false;

  constructor(address: { host: string; port: number }, attack: Attack) {
    this.#address = address;
    this.#attack = attack;
    for (let each = 0; each < attack.dials; each += 1) this.#dial();
  }

  stop(): void {
    this.#stopped = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #dial(): void {
    if (this.#stopped) return;
    const attack = this.#attack;
    const socket = connect(this.#address);
    this.#sockets.add(socket);
    if (attack.reads) socket.resume();
    socket.on("connect", () => (this.connections += 1));
    socket.on("error", () => undefined); // being cut off is what an attacker expects
    socket.on("close", () => {
      this.#sockets.delete(socket);
      if (attack.leaves === "at once") this.#dial();
      else setTimeout(() => this.#dial(), PAUSE_MS);
    });
    this.#send(socket, 0);
  }

  #send(socket: Socket, from: number): void {
    const { bytes, leaves } = this.#attack;
    const to = from + PIECE_BYTES;
    socket.write(bytes.subarray(from, to), () => {
      if (to < bytes.byteLength) this.#send(socket, to);
      // With a reset: connections that this end closes would keep their port for a minute.
      else if (leaves === "at once") socket.resetAndDestroy();
      else if (leaves === "soon") setTimeout(() => socket.destroy(), PATIENCE_MS);
    });
  }
}

if (import.meta.main) {
  const [target = ""] = process.argv.slice(2);
  const address = parseLoopback(target);
  console.log(JSON.stringify({ ready: target }));
  let attacker: Attacker | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const { attack } = JSON.parse(line) as { attack?: string };
    const connections = attacker?.connections ?? 0;
    attacker?.stop();
    attacker = attack === undefined ? undefined : new Attacker(address, findAttack(attack));
    console.log(JSON.stringify({ connections }));
  }
  process.exit(0);
}
