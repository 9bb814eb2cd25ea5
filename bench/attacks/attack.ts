/** What an attacker sends on each of its connections, and how it goes about it. */

export interface Attack {
  /** From the first on. */
  readonly bytes: Buffer;
  /** Whether the attacker reads what it is told. */
  readonly reads: boolean;
  /**
   * When it leaves: as soon as all has been sent, to connect again at once; after a moment in which it may be answered; or
   * never, unless the server ends the connection.
   */
  readonly leaves: "at once" | "soon" | "never";
  /** Connections that it has at a time, those that it only asks for included. */
  readonly dials: number;
}

type Manners = Partial<Omit<Attack, "bytes">>;

export function attack(pieces: readonly Buffer[], { reads = true, leaves = "soon", dials = 1 }: Manners = {}): Attack {
  return { bytes: Buffer.concat(pieces), reads, leaves, dials };
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
