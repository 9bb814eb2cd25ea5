/**
 * Where the parts of the graph stand: one lane beside the other, in each the services from the page outwards, in each of
 * those its instances.
 */
import { BASELINE, type Hop, hopOf, type Instance } from "../instance.ts";

/** How far a service is from the page. */
const STAGES: readonly (readonly string[])[] = [["productpage"], ["details", "reviews"], ["ratings"]];

export interface Node extends Hop {
  /** Its place among the hops, from 1; `undefined` when it was not asked or did not answer. */
  readonly step: number | undefined;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Band {
  readonly lane: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Band[];
  readonly nodes: readonly Node[];
}

const GAP = 12;
const BAND_GAP = 10;
export const PADDING = 14;
const LABEL = 26;

type Place = Omit<Node, "x" | "y" | "width" | "height">;

/** Lanes, baseline first; in each its stages; in each of those its instances. */
export type Cells = ReadonlyMap<string, readonly (readonly Place[])[]>;

export function arrange(hops: readonly Hop[], instances: readonly Instance[]): Cells {
  const all = new Map<string, Hop>();
  for (const hop of [...instances.map(hopOf), ...hops]) all.set(hop.instance, hop);
  const nodes = [...all.values()]
    .sort((a, b) => (a.instance < b.instance ? -1 : 1))
    .map((hop) => ({ ...hop, step: hops.findIndex((each) => each.instance === hop.instance) + 1 || undefined }));
  const lanes = new Set([BASELINE, ...nodes.map((node) => node.lane).sort()]);
  return new Map(
    [...lanes].map((lane) => [
      lane,
      STAGES.map((services) => services.flatMap((service) => nodes.filter((node) => node.lane === lane && node.service === service))),
    ]),
  );
}

/** Stages from left to right, lanes one below the other. */
export function lying(cells: Cells): Layout {
  const node = { width: 172, height: 50 };
  const width = 760;
  const across = (width - 2 * PADDING - node.width) / (STAGES.length - 1);
  const bands: Band[] = [];
  const nodes: Node[] = [];
  let y = 0;
  for (const [lane, stages] of cells) {
    const rows = Math.max(1, ...stages.map((stage) => stage.length));
    const inner = rows * (node.height + GAP) - GAP;
    const height = LABEL + inner + PADDING;
    bands.push({ lane, x: 0, y, width, height });
    for (const [stage, members] of stages.entries()) {
      const top = y + LABEL + (inner - members.length * (node.height + GAP) + GAP) / 2;
      for (const [row, member] of members.entries()) {
        nodes.push({ ...member, ...node, x: PADDING + stage * across, y: top + row * (node.height + GAP) });
      }
    }
    y += height + BAND_GAP;
  }
  return { width, height: y - BAND_GAP, bands, nodes };
}

/** Stages from top to bottom, lanes side by side. */
export function standing(cells: Cells): Layout {
  const node = { width: 80, height: 46 };
  const gap = 6;
  const down = 88;
  const height = LABEL + (STAGES.length - 1) * down + node.height + PADDING;
  const bands: Band[] = [];
  const nodes: Node[] = [];
  let x = 0;
  for (const [lane, stages] of cells) {
    const columns = Math.max(1, ...stages.map((stage) => stage.length));
    const inner = columns * (node.width + gap) - gap;
    bands.push({ lane, x, y: 0, width: inner + PADDING, height });
    for (const [stage, members] of stages.entries()) {
      // Whoever stands alone in a wide lane may be wider: long names fit then.
      const width = Math.min(node.width * 1.4, (inner + gap) / members.length - gap);
      const left = x + (PADDING + inner + gap - members.length * (width + gap)) / 2;
      for (const [column, member] of members.entries()) {
        nodes.push({ ...member, width, height: node.height, x: left + column * (width + gap), y: LABEL + stage * down });
      }
    }
    x += inner + PADDING + BAND_GAP;
  }
  return { width: x - BAND_GAP, height, bands, nodes };
}
