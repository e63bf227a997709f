/** What became of the events of a replay: sums over all, and as many single ones as a person or a script looks through. */
import type { RecordedEvent } from "./recorded.ts";
import type { ReplayOutcome } from "./replay.ts";

type OutcomeKind = ReplayOutcome["kind"];

/** What is told of one event. */
export interface Told extends Partial<Pick<RecordedEvent, "tier" | "amountMinor" | "currency">> {
  readonly eventId: string;
  readonly outcome: OutcomeKind;
  readonly why: string;
}

/** So many of those that were left alone, and so many of the others: a range may have millions. */
const mostListed = 1_000;

export interface Tally {
  add(told: Told): void;
  count(kind: OutcomeKind): number;
  readonly counts: ReadonlyMap<OutcomeKind, number>;
  /** All together. */
  readonly total: number;
  /** In the order in which they came: the first of those that were left alone, and the first of the others. */
  listed(): readonly Told[];
}

export function createTally(): Tally {
  const counts = new Map<OutcomeKind, number>();
  const listed: Told[] = [];
  const room = { alone: mostListed, others: mostListed };
  let total = 0;
  return {
    add(told) {
      total += 1;
      counts.set(told.outcome, (counts.get(told.outcome) ?? 0) + 1);
      const kind = told.outcome === "nothing" ? "alone" : "others";
      if (room[kind] === 0) return;
      room[kind] -= 1;
      listed.push(told);
    },
    count: (kind) => counts.get(kind) ?? 0,
    counts,
    get total() {
      return total;
    },
    listed: () => listed,
  };
}
