import { ValueError } from "@kiteline/net";

/** Does something to a part of a value. An error says that the part is found by `step`. */
export function within<T>(step: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ValueError ? error.within(step) : error;
  }
}
