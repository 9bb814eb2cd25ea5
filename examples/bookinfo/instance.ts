/** What one process of Bookinfo is to the mesh, and how a hop that it answered is told. */

export interface Instance {
  /** Unique among all that run: `reviews-v2`. */
  readonly name: string;
  readonly service: string;
  readonly version: string;
  /** The lane whose change this is; `undefined` for what belongs to everybody. */
  readonly lane: string | undefined;
}

/** An instance that answered a call, as the page shows it. */
export interface Hop {
  readonly service: string;
  readonly version: string;
  /** The answering instance's lane, or `baseline`. */
  readonly lane: string;
  readonly instance: string;
}

export const BASELINE = "baseline";

export function hopOf(instance: Instance): Hop {
  const { name, service, version, lane } = instance;
  return { service, version, lane: lane ?? BASELINE, instance: name };
}
