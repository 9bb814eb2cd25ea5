/**
 * A log that peers cannot fill: of each kind of event it tells so many a second, and then how many more there were. A line for each
 * attack would cost more than the attack, and hide whatever else is said.
 */
import type { Clock } from "./clock.ts";
import type { Log, LogEvent } from "./log.ts";

/** Of one kind, which is what events of the same level and message are. */
const EVENTS_PER_PERIOD = 10;
const PERIOD_MS = 1000;
/** Messages may name what a peer made up; all kinds beyond so many in a period are one. */
const MAX_KINDS = 1000;
const OTHERS = "something else happened";

interface Kind {
  told: number;
  leftOut: number;
}

/** Periods are measured by `clock`. A count of what was left out comes at the end of its period, without peer or error. */
export function limitedLog(log: Log, clock: Clock): Log {
  const kinds = new Map<string, Kind>();
  const begin = (key: string, { level }: LogEvent, message: string): Kind => {
    const kind = { told: 0, leftOut: 0 };
    kinds.set(key, kind);
    clock.after(PERIOD_MS, () => {
      kinds.delete(key);
      if (kind.leftOut > 0) log({ level, message: `${message} (${kind.leftOut} more times within a second, not told one by one)` });
    });
    return kind;
  };
  return (event) => {
    const own = `${event.level} ${event.message}`;
    const known = kinds.has(own) || kinds.size < MAX_KINDS;
    const key = known ? own : OTHERS;
    const kind = kinds.get(key) ?? begin(key, event, known ? event.message : OTHERS);
    if (kind.told < EVENTS_PER_PERIOD) {
      kind.told++;
      log(event);
    } else {
      kind.leftOut++;
    }
  };
}
