/**
 * A server's load as it tells its callers (ORCA, gRFC A51): with a call, in a trailer, or to whoever has asked for it, again and
 * again. Here the suite says what the load is.
 */
import { setTimeout as delay } from "node:timers/promises";
import { encode } from "@kiteline/protobuf";
import { OrcaLoadReportCodec, type OrcaLoadReportInit } from "./gen/orca_data.ts";
import type { OpenRcaServiceHandler } from "./gen/orca_service.ts";
import type { TestOrcaReport } from "./gen/testing.ts";
import type { SuiteCall } from "./test-service.ts";

/** Where a call's own report travels. */
export const REPORT_KEY = "endpoint-load-metrics-bin";
/** When the caller does not say how often. */
const DEFAULT_INTERVAL_MS = 1000;

export class LoadReports {
  #current: OrcaLoadReportInit = {};

  /** Reports this with one call. */
  attach(call: SuiteCall, report: TestOrcaReport): void {
    call.trailers.set(REPORT_KEY, encode(OrcaLoadReportCodec, reportOf(report)));
  }

  /** Reports this to everybody from now on. */
  announce(report: TestOrcaReport): void {
    this.#current = reportOf(report);
  }

  /** What serves those who ask. */
  handler(): OpenRcaServiceHandler {
    const current = (): OrcaLoadReportInit => this.#current;
    return {
      async *streamCoreMetrics({ reportInterval }, call) {
        const { seconds = 0n, nanos = 0 } = reportInterval ?? {};
        const intervalMs = Number(seconds) * 1000 + nanos / 1e6 || DEFAULT_INTERVAL_MS;
        for (;;) {
          yield current();
          await delay(intervalMs, undefined, { signal: call.signal });
        }
      },
    };
  }
}

function reportOf({ cpuUtilization, memoryUtilization, requestCost, utilization }: TestOrcaReport): OrcaLoadReportInit {
  return { cpuUtilization, memUtilization: memoryUtilization, requestCost, utilization };
}
