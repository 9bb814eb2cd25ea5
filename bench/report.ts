/** What a run has found, as plain values: printed as tables, written as JSON, drawn by `picture.ts`. */

import type { Range } from "./rounds.ts";

export interface Report {
  readonly machine: Machine;
  readonly short: boolean;
  readonly cases: readonly CaseReport[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  readonly go: string | undefined;
  /** Where the ends of each pair ran, or why they could not be pinned. */
  readonly placement: string;
}

export interface CaseReport {
  readonly name: string;
  /** What was done, in one sentence. */
  readonly title: string;
  /** What the columns mean, by the name of a row's value. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
  readonly targets: readonly Target[];
}

export interface Row {
  readonly who: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A bound that Kiteline holds itself to. */
export interface Target {
  readonly what: string;
  readonly bound: "at least" | "at most";
  readonly wanted: number;
  /** Of one figure all three are the same. */
  readonly got: Range;
  /** Of `wanted` and `got`: `x`, `%`, `MB`. */
  readonly unit: string;
}

export function isMet(target: Target): boolean {
  return target.bound === "at least" ? target.got.middle >= target.wanted : target.got.middle <= target.wanted;
}

/** The report as text. */
export function formatReport(report: Report): string {
  const { machine } = report;
  const head = `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}${machine.go === undefined ? "" : `, ${machine.go}`}`;
  return [`${head}\n${machine.placement}`, ...report.cases.map(formatCase)].join("\n\n");
}

function formatCase(report: CaseReport): string {
  const names = Object.keys(report.columns);
  const table = [["", ...names.map((name) => report.columns[name] as string)]];
  for (const row of report.rows) table.push([row.who, ...names.map((name) => formatNumber(row.values[name]))]);
  const widths = (table[0] as string[]).map((_, column) => Math.max(...table.map((line) => (line[column] as string).length)));
  const lines = table.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number))).join("  "),
  );
  const targets = report.targets.map(
    (each) =>
      `${isMet(each) ? "ok  " : "MISS"} ${each.what}: ${formatRange(each.got)} ${each.unit}, wanted ${each.bound} ${each.wanted} ${each.unit}`,
  );
  return [`${report.name}: ${report.title}`, ...lines, ...targets].join("\n");
}

function formatRange({ least, middle, most }: Range): string {
  return least === most ? formatNumber(middle) : `${formatNumber(middle)} (${formatNumber(least)} to ${formatNumber(most)})`;
}

/** Three digits that mean something, or as many as the integer part has. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined) return "-";
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { minimumFractionDigits: Math.min(digits, 3), maximumFractionDigits: Math.min(digits, 3) });
}
