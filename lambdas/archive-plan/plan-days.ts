/**
 * Says what is to be archived: days that aren't sealed yet, all of them up to a day, and sealed days for which something
 * came late. Reads only; planning twice says the same, or what is new.
 */
import type { Hour, SlicePlace } from "../../config/archive.ts";
import { archiveShards } from "../../config/events.ts";
import { limits } from "../../config/limits.ts";
import { lastSequence } from "../shared/domain/archive/chain.ts";
import {
  addDays,
  dayNumber,
  dayOf,
  daysThrough,
  hoursOfDay,
  partitionName,
  slicesOf,
  slicesOfDay,
} from "../shared/domain/archive/days.ts";
import { haveRoom } from "../shared/domain/archive/execution-history.ts";
import type { ArchiveLedger, ArchiveObjects } from "../shared/domain/archive/ports.ts";
import { chunksOf } from "../shared/domain/chunks-of.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";
import { PermanentError } from "../shared/domain/retryable-error.ts";

export interface PlanPorts {
  readonly ledger: Pick<ArchiveLedger, "page">;
  readonly objects: Pick<ArchiveObjects, "list">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface PlanRequest {
  /** When the execution was to begin, ISO 8601; now when absent. */
  readonly scheduledAt?: string | undefined;
  /** The last day to seal; the day two days before when absent. */
  readonly through?: string | undefined;
  /** What the execution before this one began with; it ended with the day `after`. All of it when absent. */
  readonly work?: Work | undefined;
  readonly after?: string | undefined;
}

/** Days that aren't sealed come first, then late days. */
type Work = "days" | "late-days";

interface PlannedDay {
  readonly day: string;
  readonly slices: readonly SlicePlace[];
}

interface LateDay extends PlannedDay {
  readonly addendum: number;
}

export interface Plan {
  /** To be sealed, in this order, one after the other. */
  readonly days: readonly PlannedDay[];
  /** To be looked through again, one after the other, after the days. */
  readonly lateDays: readonly LateDay[];
  /**
   * What a next execution is to begin with, where there is more to do than one has room for; null where there isn't. It
   * begins after the last day of this plan, so each comes closer to the end, also when a day stays as it is.
   */
  readonly next: Required<Pick<PlanRequest, "through" | "work" | "after">> | null;
}

/** A day is sealed on the second day after it, so that its last record is a day old. */
const sealedAfterDays = 2;
const queriesAtATime = 32;
/** Beyond the window of duplicates hardly anything comes. Each older day is looked at once in so many days. */
const olderDaysTurn = 30;
const daysOfWeek = 7;

/** @param slicesPerHour 1, 2, 4, 8 or 16 */
export function createPlanning({ ledger, objects, now }: PlanPorts, slicesPerHour: number) {
  /** @throws PermanentError for a day in the future: it would get all its records in addenda. */
  return async function plan(options: PlanRequest): Promise<Plan> {
    const scheduledMs = options.scheduledAt === undefined ? now() : Date.parse(options.scheduledAt);
    const through = options.through ?? addDays(dayOf(scheduledMs), -sealedAfterDays);
    if (through > dayOf(now())) {
      throw new PermanentError("day-to-come", `${through} has not begun: the last day that can be sealed is today`);
    }
    const sealed = await sealedDays();
    const window = daysThrough(addDays(through, 1 - limits.dedupWindowDays), through);
    const { work = "days", after = "" } = options;
    const unsealed = work === "days" ? await unsealedDays(sealed, window, through) : [];
    const due = unsealed.filter((day) => day > after);
    const days = fitting(due.map((day) => ({ day, slices: slicesOfDay(day, slicesPerHour) })));
    const last = days.at(-1)?.day;
    if (last !== undefined && days.length < due.length) {
      return { days, lateDays: [], next: { through, work: "days", after: last } };
    }
    const late = await lateDaysAmong(
      lookedAt(sealed, window).filter((day) => work === "days" || day > after),
      { days, firstAddendum: (await lastSequence(objects)) + days.length + 1 },
    );
    return { days, lateDays: late.found, next: late.isAll ? null : { through, ...nextOf(days, late.found, after) } };
  };

  /** Days that have a manifest of their own, ascending. */
  async function sealedDays(): Promise<readonly string[]> {
    const keys = (await objects.list("manifests/")).map(({ key }) => key);
    return keys.flatMap((key) => /^manifests\/dt=(\d{4}-\d\d-\d\d)\.json$/.exec(key)?.[1] ?? []).toSorted();
  }

  /**
   * From the day after the last sealed one, or the first that has entries, without a gap. A day before the
   * archive's first one may get a record, too: then it is sealed, and so are those between.
   */
  async function unsealedDays(
    sealed: readonly string[],
    window: readonly string[],
    through: string,
  ): Promise<readonly string[]> {
    const [first] = sealed;
    const last = sealed.at(-1);
    const early = window.filter((day) => first === undefined || day < first);
    const earliest = (await firstWithEntries(early)) ?? first ?? through;
    const end = last !== undefined && last > through ? last : through;
    return daysThrough(earliest, end).filter((day) => !sealed.includes(day));
  }

  /** Entries in the first week mean that there may be earlier ones: then the week before is looked at, and so on. */
  async function firstWithEntries(days: readonly string[]): Promise<string | undefined> {
    for (const [index, week] of chunksOf(days, daysOfWeek).entries()) {
      const entries = await entriesOf(week);
      const day = week.find((_, at) => entries[at]?.length !== 0);
      if (day === undefined) continue;
      const weekBefore = index === 0 ? daysThrough(addDays(day, -daysOfWeek), addDays(day, -1)) : [];
      return (await firstWithEntries(weekBefore)) ?? day;
    }
    return undefined;
  }

  /** Those of the days that have entries in the index, as long as there is room for them beside the days to be sealed. */
  async function lateDaysAmong(
    candidates: readonly string[],
    { days, firstAddendum }: { readonly days: readonly PlannedDay[]; readonly firstAddendum: number },
  ): Promise<{ readonly found: readonly LateDay[]; readonly isAll: boolean }> {
    const found: LateDay[] = [];
    const plannedAt = new Date(now()).toISOString();
    for (const week of chunksOf(candidates, daysOfWeek)) {
      const entries = await entriesOf(week);
      for (const [at, day] of week.entries()) {
        const addendum = firstAddendum + found.length;
        const slices = slicesWith(day, entries[at] ?? []).map((slice) => ({ ...slice, addendum, plannedAt }));
        if (slices.length === 0) continue;
        if (!haveRoomFor([...days, ...found, { day, slices }])) return { found, isAll: false };
        found.push({ day, addendum, slices });
      }
    }
    return { found, isAll: true };
  }

  /** Sealed days for which something may have come: what is late, not released yet, or waits for its decision. */
  function lookedAt(sealed: readonly string[], [start = ""]: readonly string[]): readonly string[] {
    const turn = dayNumber(dayOf(now())) % olderDaysTurn;
    return sealed.filter((day) => day >= start || dayNumber(day) % olderDaysTurn === turn);
  }

  /**
   * Hours and shards that have entries in the index, for each of the days. They are asked for together: day by day,
   * one throttled query would hold up all that come after its day.
   */
  async function entriesOf(days: readonly string[]): Promise<readonly (readonly ShardPlace[])[]> {
    const places = days.flatMap((day) =>
      hoursOfDay.flatMap((hour) => Array.from({ length: archiveShards }, (_, shard) => ({ day, hour, shard }))),
    );
    const pages = await inParallel(places, queriesAtATime, ({ day, hour, shard }) =>
      ledger.page(partitionName(day, hour, shard), { limit: 1 }),
    );
    const taken = places.filter((_, index) => (pages[index]?.keys.length ?? 0) > 0);
    return days.map((day) => taken.filter((place) => place.day === day));
  }

  function slicesWith(day: string, places: readonly ShardPlace[]): readonly SlicePlace[] {
    return hoursOfDay.flatMap((hour) => {
      const shards = new Set(places.filter((place) => place.hour === hour).map(({ shard }) => shard));
      return slicesOf({ day, hour, shards: [...shards] }, slicesPerHour);
    });
  }
}

interface ShardPlace {
  readonly hour: Hour;
  readonly shard: number;
}

/** The first days, as many as an execution has room for: at least one. */
function fitting(days: readonly PlannedDay[]): readonly PlannedDay[] {
  const tooMany = days.findIndex((_, index) => !haveRoomFor(days.slice(0, index + 1)));
  return tooMany < 0 ? days : days.slice(0, tooMany);
}

function haveRoomFor(days: readonly PlannedDay[]): boolean {
  return haveRoom(days.map(({ slices }) => slices.length));
}

/** Late days are begun where there is room for one at least; until then the next execution has no day left to seal. */
function nextOf(days: readonly PlannedDay[], lateDays: readonly LateDay[], after: string) {
  const late = lateDays.at(-1)?.day;
  if (late !== undefined) return { work: "late-days", after: late } as const;
  return { work: "days", after: days.at(-1)?.day ?? after } as const;
}
