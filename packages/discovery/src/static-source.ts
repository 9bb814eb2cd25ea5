/** A source whose snapshot somebody else makes: once and for all, or anew with `set`. */
import { share, type Snapshot, type Source } from "@kiteline/policy";
import { Publisher } from "./publisher.ts";

export interface StaticSource extends Source {
  /** Delivers another snapshot. */
  set(snapshot: Snapshot): void;
}

export function staticSource(snapshot: Snapshot): StaticSource {
  return new Static(snapshot);
}

class Static extends Publisher implements StaticSource {
  constructor(snapshot: Snapshot) {
    super();
    this.publish(snapshot);
  }

  set(snapshot: Snapshot): void {
    this.publish(share(this.current, snapshot));
  }
}
