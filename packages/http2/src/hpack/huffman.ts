/**
 * Huffman strings. Decoding is a machine that eats four bits a step: a state is a node of the code's tree, and one step meets
 * the end of at most one code, since the shortest has five bits. The tables are made when first needed.
 */
import { CODE_LENGTHS, END_LENGTH, makeCodes } from "./huffman-code.ts";

/** Parts of a step: the next state in the low byte, above it the byte that was met, and what is to be known of the step. */
const SYMBOL_SHIFT = 8;
const MEETS_SYMBOL = 1 << 16;
/** The bits since the last symbol are all ones and fewer than eight: the string may end here. */
const MAY_END = 1 << 17;
/** The end's own code, which may not come. */
const FAILS = 1 << 18;

let steps: Uint32Array | undefined;
let codes: Uint32Array | undefined;

/** `state * 16 + bits` to the step. */
function makeSteps(): Uint32Array {
  const tree = makeTree();
  const table = new Uint32Array(tree.length * 16);
  for (let state = 0; state < tree.length; state++) {
    for (let bits = 0; bits < 16; bits++) table[state * 16 + bits] = makeStep(tree, state, bits);
  }
  return table;
}

/** A node: its children are nodes from 0 up, or leaves as -1 - symbol. */
interface Node {
  readonly children: [number, number];
  /** How many ones lead here, if only ones do and they could pad. */
  readonly padding: boolean;
}

function makeTree(): Node[] {
  const all = (codes ??= makeCodes());
  const tree: Node[] = [{ children: [0, 0], padding: true }];
  const add = (code: number, length: number, leaf: number): void => {
    let at = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const side = (code >>> bit) & 1;
      const { children } = tree[at] as Node;
      if (children[side] === 0) {
        const depth = length - bit;
        children[side] = tree.length;
        tree.push({ children: [0, 0], padding: depth < 8 && code >>> bit === (1 << depth) - 1 });
      }
      at = children[side] as number;
    }
    (tree[at] as Node).children[code & 1] = leaf;
  };
  for (let symbol = 0; symbol < 256; symbol++) add(all[symbol] as number, CODE_LENGTHS[symbol] as number, -1 - symbol);
  add((1 << END_LENGTH) - 1, END_LENGTH, -1 - 256);
  return tree;
}

function makeStep(tree: readonly Node[], state: number, bits: number): number {
  let at = state;
  let met = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const next = (tree[at] as Node).children[((bits >>> bit) & 1) as 0 | 1];
    if (next === -257) return FAILS;
    if (next < 0) met = MEETS_SYMBOL | ((-1 - next) << SYMBOL_SHIFT);
    at = Math.max(next, 0);
  }
  return at | met | ((tree[at] as Node).padding ? MAY_END : 0);
}

/** Decodes into `target`, which has room for 8/5 of the bytes. Returns how many came out, or -1 when it is no Huffman string. */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number, target: Uint8Array): number {
  const table = (steps ??= makeSteps());
  let step = MAY_END;
  let to = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    step = table[((step & 0xff) << 4) | (byte >>> 4)] as number;
    if (step & MEETS_SYMBOL) target[to++] = (step >>> SYMBOL_SHIFT) & 0xff;
    if (step & FAILS) return -1;
    step = table[((step & 0xff) << 4) | (byte & 15)] as number;
    if (step & MEETS_SYMBOL) target[to++] = (step >>> SYMBOL_SHIFT) & 0xff;
    if (step & FAILS) return -1;
  }
  return step & MAY_END ? to : -1;
}

/** How many bytes `text` takes as a Huffman string; -1 when it has characters that no byte is. */
export function huffmanLength(text: string): number {
  let bits = 0;
  for (let at = 0; at < text.length; at++) {
    const symbol = text.charCodeAt(at);
    if (symbol > 0xff) return -1;
    bits += CODE_LENGTHS[symbol] as number;
  }
  return (bits + 7) >>> 3;
}

/** Encodes `text`, all of whose characters are bytes; returns where it ended. */
export function encodeHuffman(text: string, target: Uint8Array, start: number): number {
  const all = (codes ??= makeCodes());
  let to = start;
  let held = 0; // bits not written yet, at most 7 between symbols
  let heldBits = 0;
  for (let at = 0; at < text.length; at++) {
    const symbol = text.charCodeAt(at);
    let length = CODE_LENGTHS[symbol] as number;
    let code = all[symbol] as number;
    // With up to 7 bits held, 24 more fit 32 bits safely: longer codes go in two parts.
    if (length > 24) {
      const low = length - 24;
      held = (held << 24) | (code >>> low);
      heldBits += 24;
      while (heldBits >= 8) target[to++] = held >>> (heldBits -= 8);
      held &= 0xff >>> (8 - heldBits);
      code &= (1 << low) - 1;
      length = low;
    }
    held = (held << length) | code;
    heldBits += length;
    while (heldBits >= 8) target[to++] = held >>> (heldBits -= 8);
    held &= 0xff >>> (8 - heldBits);
  }
  if (heldBits > 0) target[to++] = (held << (8 - heldBits)) | (0xff >>> heldBits);
  return to;
}
