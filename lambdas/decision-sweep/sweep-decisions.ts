/**
 * Looks for events that were recorded, routed and never decided, and puts them on the bus again. Whatever got lost behind
 * the bus is made up for; every stage there is idempotent by event id, so an event that was under way all the same takes
 * effect once.
 *
 * An event that is found undecided is kept, and looked at by every sweep until it is decided. It is swept three times at
 * the most: what isn't decided then has a cause that repeating doesn't mend, and is told of until a person has seen to it.
 */
import { archiveShards } from "../../config/events.ts";
import type { ArchiveLedger } from "../shared/domain/archive/ports.ts";
import { type FactKey, isUndecided } from "../shared/domain/archive/records.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";
import { type BusEntry, type PublishingPorts, publishAll } from "../shared/domain/publishing.ts";
import type { RecordedFact, SweepRecords, SweepState } from "../shared/domain/sweep.ts";
import { busTraceHeader } from "../shared/domain/trace-header.ts";
import { dueHours, youngestMs } from "./due-hours.ts";
import { createLook, type Found, idOf, type LookPorts, only } from "./look-at-facts.ts";

const mostSweeps = 3;
/** Sweeps are an hour apart, and a little less where one begins late. */
const pauseMs = 30 * 60 * 1000;
const partitionsAtATime = 4;
/** Events that were kept are looked at so many at a time. */
const keptAtATime = 100;

export interface SweepPorts extends LookPorts, PublishingPorts {
  readonly ledger: LookPorts["ledger"] & Pick<ArchiveLedger, "page">;
  readonly records: SweepRecords;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A UUID that was never given before. */
  readonly newToken: () => string;
  /** Told of each event that is put on the bus again, of each that the bus refuses, and of each that stays. */
  readonly tell: (event: RecordedFact["event"], outcome: "resent" | "refused" | "left-undecided") => void;
  /** Told of each fact that can't be read: it is gone, or somebody else has written it, or another version. */
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
  /** Hours of first receipt that there was no time for: the next sweep begins with them. */
  readonly hoursLeft: number;
  /** Whether all that was due, and every event that is kept, was looked at. */
  readonly isComplete: boolean;
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
 * @throws RetryableError when a store can't answer: the next sweep looks at the same hours
 */
export function createSweep(ports: SweepPorts) {
  const { ledger, records, now, tell } = ports;
  const look = createLook(ports);

  return async function sweepDecisions({ asOfMs, untilMs }: SweepTimes): Promise<Sweep> {
    const hours = dueHours(asOfMs, await records.progress());
    const total = nothing();
    const fresh = new Set<string>();
    let looked = 0;
    for (; looked < hours.length && now() < untilMs; looked += 1) {
      for (const counts of await sweepHour(hours[looked] ?? "", asOfMs - youngestMs, fresh)) add(total, counts);
    }
    const hoursLeft = hours.slice(looked);
    await records.saveProgress({ asOfMs, hoursLeft });
    const isEveryKeptSeen = await sweepKept(total, fresh, untilMs);
    return { ...total, hoursLeft: hoursLeft.length, isComplete: isEveryKeptSeen && hoursLeft.length === 0 };
  };

  /** @param fresh takes the ids of the events that it comes upon and keeps */
  function sweepHour(hour: string, newestMs: number, fresh: Set<string>): Promise<readonly Counts[]> {
    const shards = Array.from({ length: archiveShards }, (_, shard) => String(shard).padStart(2, "0"));
    return inParallel(shards, partitionsAtATime, async (shard) => {
      const total = nothing();
      let after: string | undefined;
      do {
        const page = await ledger.page(`${hour}#${shard}`, after === undefined ? {} : { after });
        const found = await look(page.keys, (fact) => {
          return isUndecided(fact) && Date.parse(fact.event.receivedAt) <= newestMs;
        });
        const those = only(found, "none");
        for (const key of those.unreadable) await records.keep(key, { nowMs: now(), isForGood: true });
        await Promise.all(those.facts.map(({ key }) => records.keep(key, { nowMs: now(), isForGood: false })));
        for (const key of [...those.unreadable, ...those.facts.map((each) => each.key)]) fresh.add(idOf(key));
        add(total, await deal(those));
        after = page.next;
      } while (after !== undefined);
      return total;
    });
  }

  /**
   * Looks at the events that are kept, but for those that this sweep has just come upon.
   *
   * @returns whether all of them were looked at
   */
  async function sweepKept(total: Counts, fresh: ReadonlySet<string>, untilMs: number): Promise<boolean> {
    let after: string | undefined;
    do {
      if (now() >= untilMs) return false;
      const page = await records.page({ limit: keptAtATime, ...(after !== undefined && { after }) });
      const found = await look(page.keys.filter((key) => !fresh.has(idOf(key))));
      await Promise.all(found.decided.map((key) => records.close(idOf(key), now())));
      // A fact that is gone can't be decided any more: it is a person's as much as one that can't be read.
      const those = only(found, "open");
      add(total, await deal({ ...those, unreadable: [...those.unreadable, ...those.gone] }));
      after = page.next;
    } while (after !== undefined);
    return true;
  }

  /** Puts those on the bus again that may be, and tells of those that only a person can do something about. */
  async function deal({ facts, unreadable, states }: Pick<Found, "facts" | "unreadable" | "states">): Promise<Counts> {
    const idle = facts.flatMap(({ fact }) => {
      const state = states.get(fact.event.eventId);
      return state === undefined || isUnderWay(state, now()) ? [] : [{ fact, state }];
    });
    const left = idle.filter(({ state }) => state.sweeps >= mostSweeps);
    for (const { fact } of left) tell(fact.event, "left-undecided");
    for (const key of unreadable) ports.tellUnreadable(key);
    // Before its deduplication is COMPLETED an event's message is in a queue.
    const lost = idle.filter(({ state }) => state.sweeps < mostSweeps && state.event?.status === "COMPLETED");
    return { ...(await resend(lost)), leftUndecided: left.length + unreadable.length };
  }

  /** A sweep counts once the bus has the event: what a crash undoes is done again, and harms nobody. */
  async function resend(lost: readonly { readonly fact: RecordedFact; readonly state: SweepState }[]) {
    const failures = await publishAll(
      lost.map(({ fact }) => busEntryOf(fact)),
      ports,
    );
    const taken = lost.filter((_, at) => failures[at] === undefined);
    await Promise.all(
      taken.map(({ fact, state }) => {
        const isLast = state.sweeps + 1 >= mostSweeps;
        return records.count(fact.event.eventId, { nowMs: now(), pauseMs, isLast });
      }),
    );
    for (const [at, { fact }] of lost.entries()) tell(fact.event, failures[at] === undefined ? "resent" : "refused");
    return { resent: taken.length, refused: lost.length - taken.length };
  }

  function busEntryOf({ event, tier }: RecordedFact): BusEntry {
    const traceHeader = busTraceHeader(tier, undefined, { nowMs: now(), uuid: ports.newToken() });
    const entry = { detailType: event.type, detail: JSON.stringify(event) };
    return traceHeader === undefined ? entry : { ...entry, traceHeader };
  }
}

type Counts = { -readonly [name in "resent" | "refused" | "leftUndecided"]: number };

function nothing(): Counts {
  return { resent: 0, refused: 0, leftUndecided: 0 };
}

function add(total: Counts, more: Counts): void {
  total.resent += more.resent;
  total.refused += more.refused;
  total.leftUndecided += more.leftUndecided;
}

/** A workflow that is PROCESSING without a lease waits for a person; one whose claim is COMPLETED should have decided. */
function isUnderWay({ workflow }: SweepState, nowMs: number): boolean {
  if (workflow?.status !== "PROCESSING") return false;
  return workflow.leaseExpiresAt === undefined || workflow.leaseExpiresAt > nowMs;
}
