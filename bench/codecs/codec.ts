/** What a codec has to offer to be measured alone: a whole message to bytes, and the bytes of a reply to a value. */

export interface Codec {
  /** Encodes the message once more, as for sending, and returns how many bytes it took. */
  encode(): number;
  /** Decodes the message once more. Returns a field of the value, so that nobody can leave the work out. */
  decode(): number;
}

/** The value, in the words of the IDL; each codec gives it the shape that its own code wants. */
export const VALUE = {
  flag: true,
  small: -7,
  medium: 1234,
  normal: -56_789,
  large: 1_234_567_890_123n,
  real: 3.25,
  text: "The quick brown fox jumps over the lazy dog",
  bytes: Buffer.alloc(64, 0xa5),
  color: 2,
  inner: { id: 1, name: "first", weight: 0.5 },
  choice: "chosen",
  numbers: [1, 2, 3, 5, 8, 13, 21, 34, 55, 89],
  words: ["alpha", "beta", "gamma"],
  totals: new Map([
    ["north", 10],
    ["south", 20],
    ["east", 30],
  ]),
  inners: [
    { id: 2, name: "second" },
    { id: 3, name: "third", weight: 1.5 },
  ],
  lists: new Map([
    [1, ["a", "b"]],
    [2, ["c"]],
  ]),
  present: "here",
  must: 42,
};
