/**
 * Looks for events that were recorded, routed and never decided, and puts them on the bus again. Whatever got lost behind
 * the bus is made up for; every stage there is idempotent by event id, so an event that was under way all the same takes
 * effect once.
 *
 * An event is swept three times at the most: what isn't decided then has a cause that repeating doesn't mend.
 */
import { archiveShards } from "../../config/events.ts";
import type { ArchiveLedger } from "../shared/domain/archive/ports.ts";
import { type FactKey, isUndecided } from "../shared/domain/archive/records.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";
import { type BusEntry, type PublishingPorts, publishAll } from "../shared/domain/publishing.ts";
import type { RecordedEventReader, RecordedFact, SweepRecords, SweepState } from "../shared/domain/sweep.ts";
import { busTraceHeader } from "../shared/domain/trace-header.ts";

const hourMs = 60 * 60 * 1000;
/** A decision takes seconds; what has waited an hour has got lost, or waits for a person. */
const youngestMs = hourMs;
const oldestMs = 72 * hourMs;
const mostSweeps = 3;
/** Sweeps are an hour apart, and a little less where one begins late. */
const pauseMs = 30 * 60 * 1000;
const partitionsAtATime = 4;

export interface SweepPorts extends RecordedEventReader, PublishingPorts {
  readonly ledger: Pick<ArchiveLedger, "page" | "decided">;
  readonly records: SweepRecords;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A UUID that was never given before. */
  readonly newToken: () => string;
  /** Told of each event that is put on the bus again, of each that the bus refuses, and of each that stays. */
  readonly tell: (event: RecordedFact["event"], outcome: "resent" | "refused" | "left-undecided") => void;
  /** Told of each fact that can't be read: somebody else has written it, or another version. */
  readonly tellUnreadable: (key: FactKey) => void;
}

/** What came of a sweep, in events. */
export interface Sweep {
  /** Put on the bus again. */
  readonly resent: number;
  /** Not taken by the bus: the next sweep tries them again. */
  readonly refused: number;
  /** Swept three times before, or unreadable, so a person has to look. */
  readonly leftUndecided: number;
  /** Hours of first receipt that there was no time for. Hours are taken oldest first, so none is left out for ever. */
  readonly hoursLeft: number;
}

/** Epoch milliseconds. */
export interface SweepTimes {
  /** Events are so old as they are then: the scheduled time, by which a late start looks at the same events. */
  readonly asOfMs: number;
  /** No hour is begun after this. */
  readonly untilMs: number;
}

/**
 * Sweeps until all is looked at, or until `untilMs`.
 *
 * @throws RetryableError when a store can't answer: what was not counted is swept again
 */
export function createSweep(ports: SweepPorts) {
  const { ledger, records, now, tell } = ports;

  return async function sweepDecisions({ asOfMs, untilMs }: SweepTimes): Promise<Sweep> {
    const window = { fromMs: asOfMs - oldestMs, toMs: asOfMs - youngestMs };
    const hours = hoursOf(window);
    const total = nothing();
    for (const [at, hour] of hours.entries()) {
      if (now() >= untilMs) return { ...total, hoursLeft: hours.length - at };
      const partitions = Array.from(
        { length: archiveShards },
        (_, shard) => `${hour}#${String(shard).padStart(2, "0")}`,
      );
      const results = await inParallel(partitions, partitionsAtATime, (partition) => sweepPartition(partition, window));
      for (const result of results) add(total, result);
    }
    return { ...total, hoursLeft: 0 };
  };

  async function sweepPartition(partition: string, window: Window) {
    const total = nothing();
    let after: string | undefined;
    do {
      const page = await ledger.page(partition, after === undefined ? {} : { after });
      const { waiting, unreadable } = await undecidedOf(page.keys, window);
      const open = waiting.filter(({ sweeps }) => sweeps < mostSweeps);
      const left = waiting.filter(({ sweeps }) => sweeps >= mostSweeps);
      for (const { fact } of left) tell(fact.event, "left-undecided");
      for (const key of unreadable) ports.tellUnreadable(key);
      const sent = await resend(open.map(({ fact }) => fact));
      add(total, { ...sent, leftUndecided: left.length + unreadable.length });
      after = page.next;
    } while (after !== undefined);
    return total;
  }

  /** Facts of these keys that somebody should have decided and nobody is at work on. */
  async function undecidedOf(keys: readonly FactKey[], { fromMs, toMs }: Window) {
    const decided = new Set((await ledger.decided(keys)).map(placeOf));
    const { facts, unreadable } = await ports.facts(keys.filter((key) => !decided.has(placeOf(key))));
    const routed = facts.filter((fact) => {
      const receivedMs = Date.parse(fact.event.receivedAt);
      return isUndecided(fact) && receivedMs >= fromMs && receivedMs <= toMs;
    });
    const states = await records.states(routed.map(({ event }) => event.eventId));
    const waiting = routed.flatMap((fact) => {
      const state = states.get(fact.event.eventId);
      return state !== undefined && isNobodys(state, now()) ? [{ fact, sweeps: state.sweeps }] : [];
    });
    return { waiting, unreadable };
  }

  /** A sweep counts once the bus has the event: what a crash undoes is done again, and harms nobody. */
  async function resend(facts: readonly RecordedFact[]) {
    const failures = await publishAll(facts.map(busEntryOf), ports);
    const taken = facts.filter((_, at) => failures[at] === undefined);
    await Promise.all(taken.map(({ event }) => records.count(event.eventId, { nowMs: now(), pauseMs })));
    for (const [at, { event }] of facts.entries()) tell(event, failures[at] === undefined ? "resent" : "refused");
    return { resent: taken.length, refused: facts.length - taken.length };
  }

  function busEntryOf({ event, tier }: RecordedFact): BusEntry {
    const traceHeader = busTraceHeader(tier, undefined, { nowMs: now(), uuid: ports.newToken() });
    const entry = { detailType: event.type, detail: JSON.stringify(event) };
    return traceHeader === undefined ? entry : { ...entry, traceHeader };
  }
}

type Counts = { -readonly [name in Exclude<keyof Sweep, "hoursLeft">]: number };

function nothing(): Counts {
  return { resent: 0, refused: 0, leftUndecided: 0 };
}

function add(total: Counts, more: Counts): void {
  total.resent += more.resent;
  total.refused += more.refused;
  total.leftUndecided += more.leftUndecided;
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Hours of the archive's partitions that a window touches, `YYYY-MM-DDTHH`, oldest first. */
function hoursOf({ fromMs, toMs }: Window): readonly string[] {
  const first = Math.floor(fromMs / hourMs);
  const count = Math.floor(toMs / hourMs) - first + 1;
  return Array.from({ length: count }, (_, at) => new Date((first + at) * hourMs).toISOString().slice(0, 13));
}

/**
 * Whether the event was recorded to its end and nobody works on it. Before its deduplication is COMPLETED its message is
 * in a queue. A workflow that is PROCESSING without a lease waits for a person; one whose claim is COMPLETED should have
 * left a decision, and is looked at as well.
 */
function isNobodys({ event, workflow }: SweepState, nowMs: number): boolean {
  if (event?.status !== "COMPLETED") return false;
  if (workflow?.status !== "PROCESSING") return true;
  return workflow.leaseExpiresAt !== undefined && workflow.leaseExpiresAt <= nowMs;
}

function placeOf({ transactionId, entry }: FactKey): string {
  return JSON.stringify([transactionId, entry]);
}
