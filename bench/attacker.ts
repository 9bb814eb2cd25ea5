/**
 * An attacker in a process of its own: `HOST:PORT ATTACK`. Attacks over one connection at a time, made anew as often as it is lost,
 * until standard input ends. Says `{"ready": …}` first. Refuses every target but this machine.
 */
import { connect } from "node:net";
import { ATTACKS, PREFACE, type Attack } from "./attacks.ts";
import { parseLoopback } from "./loopback.ts";

/** Between a connection and the next: whoever is cut off spends some time on dialling, too. */
const PAUSE_MS = 5;
/** How long a server may take to answer what it was sent before the attacker leaves. */
const PATIENCE_MS = 100;

if (import.meta.main) {
  const [target = "", name = ""] = process.argv.slice(2);
  const address = parseLoopback(target);
  const make = ATTACKS[name];
  if (make === undefined) throw new RangeError(`there is no attack "${name}"; there are ${Object.keys(ATTACKS).join(", ")}`);
  attackAgain(address, make());
  console.log(JSON.stringify({ ready: target }));
  process.stdin.on("end", () => process.exit(0)).resume();
}

function attackAgain(address: { host: string; port: number }, attack: Attack): void {
  const socket = connect(address);
  if (attack.reads) socket.resume();
  socket.on("error", () => undefined); // being cut off is what an attacker expects
  socket.on("close", () => setTimeout(attackAgain, PAUSE_MS, address, attack));
  socket.write(Buffer.concat([PREFACE, attack.bytes]), () => {
    if (!attack.stays) setTimeout(() => socket.destroy(), PATIENCE_MS);
  });
}
