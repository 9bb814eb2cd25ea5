/**
 * The way of a request through the lanes, drawn: every instance that there is, and the calls that were answered. Drawn
 * twice, lying for wide windows and standing for narrow ones.
 */
import type { Hop, Instance } from "../instance.ts";
import { html, type Html } from "./html.ts";
import { arrange, type Band, type Layout, lying, type Node, PADDING, standing } from "./layout.ts";

/** Who asks whom. */
const ASKS: Readonly<Record<string, readonly string[]>> = { productpage: ["details", "reviews"], reviews: ["ratings"] };

export function drawGraph(hops: readonly Hop[], instances: readonly Instance[]): Html {
  const cells = arrange(hops, instances);
  return html`${draw(lying(cells), hops, "lying")}${draw(standing(cells), hops, "standing")}`;
}

function draw({ width, height, bands, nodes }: Layout, hops: readonly Hop[], way: "lying" | "standing"): Html {
  const taken = nodes.filter((each) => each.step !== undefined);
  const calls = taken.flatMap((from) => taken.filter((to) => ASKS[from.service]?.includes(to.service)).map((to) => drawCall(from, to)));
  return html`<svg class="graph ${way}" viewBox="-1 -1 ${width + 2} ${height + 2}" role="img" aria-label="${describe(hops)}">
${bands.map(drawBand)}
${calls}
${nodes.map(drawNode)}
</svg>`;

  function drawBand({ lane, x, y, width: w, height: h }: Band): Html {
    return html`<g data-lane="${lane}"><rect class="band" x="${x}" y="${y}" width="${w}" height="${h}" rx="12"/>
<text class="lane" x="${x + PADDING}" y="${y + 18}">${lane}</text></g>`;
  }

  function drawCall(from: Node, to: Node): Html {
    return html`<path class="call" data-lane="${to.lane}" pathLength="1" d="${curve(from, to)}"/>`;
  }

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
    const state = step === undefined ? "idle" : "answered";
    return html`<g class="node ${state}" data-lane="${lane}"><rect x="${x}" y="${y}" width="${w}" height="${h}" rx="9"/>
<text class="service" x="${text.x}" y="${y + h / 2 - 4}">${service}</text>
<text class="instance" x="${text.x}" y="${y + h / 2 + 14}">${text.second}</text>
${step === undefined ? undefined : drawStep(step, badge)}</g>`;
  }

  function drawStep(step: number, { x, y }: { readonly x: number; readonly y: number }): Html {
    return html`<circle class="step" cx="${x}" cy="${y}" r="10"/><text class="digit" x="${x}" y="${y + 4}">${step}</text>`;
  }
}

function describe(hops: readonly Hop[]): string {
  return `The request was answered by ${hops.map((hop) => `${hop.service} ${hop.version} in lane ${hop.lane}`).join(", then ")}.`;
}
