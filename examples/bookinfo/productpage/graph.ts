/**
 * The way of a request through the lanes, drawn: one swimlane per lane, the services from the page outwards, every instance
 * that there is, and the calls that were answered. Drawn twice, lying for wide windows and standing for narrow ones.
 */
import { BASELINE, type Hop, hopOf, type Instance } from "../instance.ts";
import { html, type Html } from "./html.ts";

/** Who asks whom, from the page outwards. */
const ASKS: Readonly<Record<string, readonly string[]>> = { productpage: ["details", "reviews"], reviews: ["ratings"] };
/** How far from the page. */
const STAGES: readonly (readonly string[])[] = [["productpage"], ["details", "reviews"], ["ratings"]];

interface Node extends Hop {
  /** Its place among the hops, from 1; `undefined` when it was not asked or did not answer. */
  readonly step: number | undefined;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Band {
  readonly lane: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Band[];
  readonly nodes: readonly Node[];
}

const GAP = 12;
const BAND_GAP = 10;
const PADDING = 14;
const LABEL = 26;

export function drawGraph(hops: readonly Hop[], instances: readonly Instance[]): Html {
  const cells = arrange(hops, instances);
  return html`${draw(lying(cells), hops, "lying")}${draw(standing(cells), hops, "standing")}`;
}

type Place = Omit<Node, "x" | "y" | "width" | "height">;

/** Lanes, baseline first; in each its stages; in each of those its instances. */
type Cells = ReadonlyMap<string, readonly (readonly Place[])[]>;

function arrange(hops: readonly Hop[], instances: readonly Instance[]): Cells {
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
function lying(cells: Cells): Drawing {
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
function standing(cells: Cells): Drawing {
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

function draw({ width, height, bands, nodes }: Drawing, hops: readonly Hop[], way: "lying" | "standing"): Html {
  const taken = nodes.filter((each) => each.step !== undefined);
  const calls = taken.flatMap((from) =>
    taken.filter((to) => ASKS[from.service]?.includes(to.service)).map((to) => html`<path class="call" data-lane="${to.lane}" pathLength="1" d="${curve(from, to)}"/>`),
  );
  return html`<svg class="graph ${way}" viewBox="-1 -1 ${width + 2} ${height + 2}" role="img" aria-label="${describe(hops)}">
${bands.map((band) => html`<g data-lane="${band.lane}"><rect class="band" x="${band.x}" y="${band.y}" width="${band.width}" height="${band.height}" rx="12"/><text class="lane" x="${band.x + PADDING}" y="${band.y + 18}">${band.lane}</text></g>
`)}${calls}
${nodes.map(drawNode)}</svg>`;

  function curve(from: Node, to: Node): string {
    if (way === "lying") {
      const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
      const bend = (x2 - x1) / 2;
      return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    }
    const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y];
    const bend = (y2 - y1) / 2;
    return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
  }

  function drawNode({ lane, service, version, instance, step, x, y, width: w, height: h }: Node): Html {
    const text = way === "lying" ? { x: x + 20, second: instance } : { x: x + w / 2, second: version };
    const badge = way === "lying" ? { x, y: y + h / 2 } : { x: x + 4, y: y + 4 };
    return html`<g class="node ${step === undefined ? "idle" : "answered"}" data-lane="${lane}"><rect x="${x}" y="${y}" width="${w}" height="${h}" rx="9"/>
<text class="service" x="${text.x}" y="${y + h / 2 - 4}">${service}</text><text class="instance" x="${text.x}" y="${y + h / 2 + 14}">${text.second}</text>
${step === undefined ? undefined : html`<circle class="step" cx="${badge.x}" cy="${badge.y}" r="10"/><text class="digit" x="${badge.x}" y="${badge.y + 4}">${step}</text>`}</g>
`;
  }
}

function describe(hops: readonly Hop[]): string {
  return `The request was answered by ${hops.map((hop) => `${hop.service} ${hop.version} in lane ${hop.lane}`).join(", then ")}.`;
}
