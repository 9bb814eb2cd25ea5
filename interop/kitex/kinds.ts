/** Values for every field of `Kinds`, chosen where two codecs may differ. */
import type { Kinds } from "./gen/interop.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, at) => at);

/** Everything that is not optional, empty. */
function plain(): Kinds {
  return {
    flag: false,
    small: 0,
    medium: 0,
    normal: 0,
    large: 0n,
    real: 0,
    text: "",
    bytes: new Uint8Array(),
    color: 1,
    moment: 0n,
    inner: { id: 0 },
    choice: { case: "text", value: "" },
    numbers: [],
    words: new Set(),
    totals: new Map(),
    inners: [],
    lists: new Map(),
    nested: [],
    cube: [],
    flags: [],
    blobs: [],
    byColor: new Map(),
    must: "",
    preset: "preset",
    presetNumber: 7,
  };
}

export const KINDS: Readonly<Record<string, Kinds>> = {
  "nothing but what must be": plain(),
  "the smallest numbers": {
    ...plain(),
    small: -128,
    medium: -32_768,
    normal: -(2 ** 31),
    large: -(2n ** 63n),
    real: Number.MIN_VALUE,
    moment: -1n,
  },
  "the largest numbers": {
    ...plain(),
    flag: true,
    small: 127,
    medium: 32_767,
    normal: 2 ** 31 - 1,
    large: 2n ** 63n - 1n,
    real: Number.MAX_VALUE,
    // The first integer that a double cannot tell from its neighbour.
    moment: 2n ** 53n + 1n,
    color: 2_147_483_647,
  },
  "numbers that are none": { ...plain(), real: Number.NaN, cube: [[[Infinity, -Infinity, -0]]] },
  "an enum's unknown number": { ...plain(), color: -7 },
  "text and bytes": {
    ...plain(),
    text: "é ж 漢字 😀 \u0000 end",
    must: "x".repeat(300),
    bytes: EVERY_BYTE,
    blobs: [new Uint8Array(), EVERY_BYTE],
  },
  "containers in containers": {
    ...plain(),
    numbers: [0, -1, 2 ** 31 - 1],
    words: new Set(["b", "a", ""]),
    totals: new Map([
      ["", -1n],
      ["a", 2n ** 62n],
    ]),
    inners: [{ id: 1 }, { id: 2, name: "n", next: { id: 3, next: { id: 4 } } }],
    lists: new Map([[-5, ["x", "y"]]]),
    nested: [new Map([[2n ** 63n - 1n, new Set([1, 2, 3])]]), new Map<bigint, Set<number>>()],
    cube: [[[1.5, -2.25], []], [], [[0.1]]],
    flags: [true, false, true],
    byColor: new Map([[2, { id: 7, next: { id: 8 } }]]),
    choice: { case: "inner", value: { id: 9 } },
  },
  "every optional field": {
    ...plain(),
    negative: "below zero",
    last: "at the end",
    maybeFlag: false,
    maybeSmall: 0,
    maybeMedium: -1,
    maybeNormal: 0,
    maybeLarge: 0n,
    maybeReal: 0,
    maybeText: "",
    maybeBytes: new Uint8Array([1]),
    maybeColor: 1,
    maybeList: [""],
    maybeMap: new Map([["k", "v"]]),
    presetNumber: 8,
    preset: "",
    choice: { case: "number", value: -1n },
  },
};
