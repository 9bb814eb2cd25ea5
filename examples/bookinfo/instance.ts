/** What one process of Bookinfo is: to the mesh, to the page that shows who answered, and to the starter. */

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

/** Where an instance finds the others, and they it. */
export interface Place {
  /** The folder of Istio YAML. */
  readonly mesh: string;
  /** The folder of WorkloadEntries, laid over it. */
  readonly run: string;
  /** A free one when left out. */
  readonly port: number | undefined;
}

export interface Running {
  readonly address: string;
  /** Ends what goes on, calls in flight first. */
  close(): Promise<void>;
}

/** What an instance tells the starter. */
export type Report = { readonly kind: "ready"; readonly address: string } | { readonly kind: "failed"; readonly reason: string };
