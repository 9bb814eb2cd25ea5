/**
 * An attacker in a process of its own: `HOST:PORT ATTACK`. Attacks over one connection at a time, made anew as often as it is lost,
 * until standard input ends. Says `{"ready": …}` first and, for each line that it is given, how many connections it has made. Refuses
 * every target but this machine.
 */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { ATTACKS, type Attack } from "./attacks.ts";
import { parseLoopback } from "./loopback.ts";

/** Between a connection and the next: whoever is cut off spends some time on dialling, too. */
const PAUSE_MS = 5;
/** How long a server may take to answer what it was sent before the attacker leaves. */
const PATIENCE_MS = 100;
/** Written at once: no longer than that the kernel keeps the core for the attacker. */
const PIECE_BYTES = 64 * 1024;

/** Made so far. */
let connections = 0;

if (import.meta.main) {
  const [target = "", name = ""] = process.argv.slice(2);
  const address = parseLoopback(target);
  const make = ATTACKS[name];
  if (make === undefined) throw new RangeError(`there is no attack "${name}"; there are ${Object.keys(ATTACKS).join(", ")}`);
  attackAgain(address, make());
  console.log(JSON.stringify({ ready: target }));
  for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify({ connections }));
  process.exit(0);
}

function attackAgain(address: { host: string; port: number }, attack: Attack): void {
  const socket = connect(address);
  connections += 1;
  if (attack.reads) socket.resume();
  socket.on("error", () => undefined); // being cut off is what an attacker expects
  socket.on("close", () => setTimeout(attackAgain, PAUSE_MS, address, attack));
  send(socket, attack, 0);
}

function send(socket: Socket, attack: Attack, from: number): void {
  const { bytes, stays } = attack;
  const to = from + PIECE_BYTES;
  socket.write(bytes.subarray(from, to), () => {
    if (to < bytes.byteLength) send(socket, attack, to);
    else if (!stays) setTimeout(() => socket.destroy(), PATIENCE_MS);
  });
}
