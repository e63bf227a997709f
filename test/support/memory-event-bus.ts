import type { PaymentEvent } from "../../config/events.ts";
import type { BusEntry, EntryRefusal, EventBus } from "../../lambdas/shared/domain/publishing.ts";

export interface MemoryEventBus extends EventBus {
  /** Entries per call, refused ones included. */
  readonly calls: readonly (readonly BusEntry[])[];
  /** What the bus has taken, repeats included. */
  readonly published: readonly BusEntry[];
  /** The events in `published`. */
  readonly events: () => readonly PaymentEvent[];
}

/** A bus in memory. `refuse` says of an entry, given the number of the call from 0, why it isn't taken. */
export function createMemoryEventBus(
  refuse: (entry: BusEntry, call: number) => EntryRefusal = () => undefined,
): MemoryEventBus {
  const calls: (readonly BusEntry[])[] = [];
  const published: BusEntry[] = [];
  return {
    calls,
    published,
    events: () => published.map(({ detail }) => JSON.parse(detail) as PaymentEvent),
    async put(entries) {
      const call = calls.push(entries) - 1;
      const refusals = entries.map((entry) => refuse(entry, call));
      published.push(...entries.filter((_, index) => refusals[index] === undefined));
      return refusals;
    },
  };
}
