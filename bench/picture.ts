/**
 * The picture in the README: `node bench/picture.ts REPORT.json PICTURE.svg` draws the calls per second of everybody in a report
 * that `npm run bench -- --out REPORT.json` wrote. Follows the reader's light or dark theme by itself.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type CaseReport, formatNumber, type Report, type Row } from "./report.ts";

const CASE = "echo-100";
/** In the order they are drawn. Of several rows the fastest is taken. */
const BARS: readonly { readonly label: string; readonly rows: readonly string[]; readonly kind: "ours" | "limit" | "peer" }[] = [
  { label: "raw frames (the limit)", rows: ["raw"], kind: "limit" },
  { label: "Kiteline", rows: ["kiteline"], kind: "ours" },
  { label: "Kitex (Go)", rows: ["kitex mux", "kitex pooled"], kind: "peer" },
  { label: "Apache Thrift (Node)", rows: ["apache-thrift"], kind: "peer" },
  { label: "grpc-js", rows: ["grpc-js"], kind: "peer" },
];

const WIDTH = 760;
const LEFT = 178;
const RIGHT = 178;
const TOP = 62;
const ROW = 36;
const BAR = 20;

const STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.quiet { fill: #656d76; font-size: 12px; }
.label { text-anchor: end; }
.right { text-anchor: end; }
.strong { font-weight: 600; }
.ours { fill: #0969da; }
.peer { fill: #9aa4af; }
.limit { fill: #d7dde3; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .quiet { fill: #8d96a0; }
  .ours { fill: #58a6ff; }
  .peer { fill: #6e7681; }
  .limit { fill: #30363d; }
}
`;

if (import.meta.main) {
  const [from, to] = process.argv.slice(2);
  if (from === undefined || to === undefined) {
    console.error("picture: say REPORT.json and PICTURE.svg");
    process.exit(2);
  }
  writeFileSync(to, drawReport(JSON.parse(readFileSync(from, "utf8")) as Report));
}

/** Throws when the report lacks the case that is drawn. */
export function drawReport(report: Report): string {
  const measured = report.cases.find((each) => each.name === CASE);
  if (measured === undefined) throw new Error(`the report has no case ${CASE}: run the bench with --case echo`);
  const bars = BARS.flatMap((bar) => {
    const row = fastest(measured, bar.rows);
    return row === undefined ? [] : [{ ...bar, values: row.values }];
  });
  const most = Math.max(...bars.map((bar) => bar.values["callsPerSecond"] ?? 0));
  const height = TOP + bars.length * ROW + 34;
  const { machine } = report;
  const caption = `${machine.cpu}, ${machine.cores} cores; Node ${machine.node}${machine.go === undefined ? "" : `; ${machine.go}`}; ${machine.placement}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t">`,
    `<title id="t">Calls per second: ${bars.map((bar) => `${bar.label} ${speed(bar.values)}`).join(", ")}</title>`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="0" y="18">Echo of 1 KB, calls per second</text>`,
    `<text class="quiet" x="0" y="38">100 callers, one connection, one client and one server process on the same machine; p50 and p99 in ms</text>`,
    ...bars.map((bar, at) => drawBar(bar, at, most)),
    `<text class="quiet" x="0" y="${height - 8}">${escapeXml(caption)}</text>`,
    "</svg>\n",
  ].join("\n");
}

function drawBar(bar: { label: string; kind: string; values: Row["values"] }, at: number, most: number): string {
  const y = TOP + at * ROW;
  const middle = y + BAR / 2 + 4.5;
  const width = Math.max(2, ((WIDTH - LEFT - RIGHT) * (bar.values["callsPerSecond"] ?? 0)) / most);
  const end = LEFT + width + 8;
  return [
    `<text class="label${bar.kind === "ours" ? " strong" : ""}" x="${LEFT - 10}" y="${middle}">${escapeXml(bar.label)}</text>`,
    `<rect class="${bar.kind}" x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3"/>`,
    `<text class="value${bar.kind === "ours" ? " strong" : ""}" x="${end.toFixed(1)}" y="${middle}">${speed(bar.values)}</text>`,
    `<text class="quiet right" x="${WIDTH}" y="${middle}">${formatNumber(bar.values["p50Ms"])} / ${formatNumber(bar.values["p99Ms"])}</text>`,
  ].join("\n");
}

function fastest(report: CaseReport, names: readonly string[]): Row | undefined {
  const rows = report.rows.filter((row) => names.includes(row.who));
  return rows.toSorted((a, b) => (b.values["callsPerSecond"] ?? 0) - (a.values["callsPerSecond"] ?? 0))[0];
}

function speed(values: Row["values"]): string {
  return Math.round((values["callsPerSecond"] ?? 0) / 1000).toLocaleString("en") + " k";
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
