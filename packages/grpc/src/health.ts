/**
 * Health checking (the document "GRPC Health Checking Protocol"): what balancers, Kubernetes and tools ask a server. Every
 * service that the server has is serving unless told otherwise, until the server closes.
 */
import { MessageQueue, RpcError } from "@kiteline/core";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
  type HealthCheckResponse,
  type HealthHandler,
} from "./gen/grpc/health/v1/health.ts";
import type { ServiceHost } from "./service-host.ts";

/** What can be said of a service. */
export type HealthStatus = "serving" | "not_serving" | "unknown";

const NUMBERS = { unknown: Status.UNKNOWN, serving: Status.SERVING, not_serving: Status.NOT_SERVING } as const;
/** Services that `List` tells of at most (the protocol's own advice is to refuse more). */
const MAX_LISTED = 100;

export interface HealthControl {
  /** Says how a service is, by its full name; the empty name is the server as a whole. While the server closes, none is serving. */
  set(service: string, status: HealthStatus): void;
}

/** Adds the service `grpc.health.v1.Health`: `Check`, `List` and `Watch`. */
export function addHealth(server: ServiceHost): HealthControl {
  const board = new HealthBoard(server);
  server.add(Health, board);
  server.onClosing(() => board.close());
  return board;
}

class HealthBoard implements HealthHandler, HealthControl {
  readonly #server: ServiceHost;
  readonly #statuses = new Map<string, HealthStatus>();
  readonly #watchers = new Set<Watcher>();
  #closing = false;

  constructor(server: ServiceHost) {
    this.#server = server;
  }

  set(service: string, status: HealthStatus): void {
    if (!(status in NUMBERS)) throw new TypeError(`a status is one of ${Object.keys(NUMBERS).join(", ")}, got ${String(status)}`);
    this.#statuses.set(service, status);
    this.#tell();
  }

  close(): void {
    this.#closing = true;
    this.#tell();
    // They would keep the server waiting.
    for (const watcher of this.#watchers) watcher.queue.end();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher.tell(this.#of(watcher.service) ?? Status.SERVICE_UNKNOWN);
  }

  /** `undefined` for a service that is not here. */
  #of(service: string): number | undefined {
    const status = this.#statuses.get(service);
    if (status === undefined && service !== "" && !this.#server.services.some(({ name }) => name === service)) return undefined;
    return this.#closing ? Status.NOT_SERVING : NUMBERS[status ?? "serving"];
  }

  check({ service }: { readonly service: string }): HealthCheckResponse {
    const status = this.#of(service);
    if (status === undefined) throw new RpcError("not_found", `this server has no service ${service}`, { executed: "yes" });
    return { status };
  }

  list(): { statuses: Map<string, HealthCheckResponse> } {
    const names = new Set(["", ...this.#server.services.map(({ name }) => name), ...this.#statuses.keys()]);
    if (names.size > MAX_LISTED)
      throw new RpcError("resource_exhausted", `this server has more than ${MAX_LISTED} services: check or watch each`);
    return { statuses: new Map([...names].map((name) => [name, { status: this.#of(name) ?? Status.UNKNOWN }])) };
  }

  watch({ service }: { readonly service: string }): AsyncIterable<HealthCheckResponse> {
    const watcher = new Watcher(service, this.#watchers);
    watcher.tell(this.#of(service) ?? Status.SERVICE_UNKNOWN);
    if (this.#closing) watcher.queue.end();
    return watcher.queue;
  }
}

/** Somebody who watches a service. */
class Watcher {
  readonly service: string;
  readonly queue: MessageQueue<HealthCheckResponse> = new MessageQueue<HealthCheckResponse>(this);
  readonly #all: Set<Watcher>;
  #last: number | undefined;

  constructor(service: string, all: Set<Watcher>) {
    this.service = service;
    this.#all = all;
    all.add(this);
  }

  tell(status: number): void {
    if (status === this.#last) return;
    this.#last = status;
    this.queue.push({ status }, 0);
  }

  taken(): void {}

  left(): void {
    this.#all.delete(this);
  }
}
