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
import { inParallel } from "../shared/domain/archive/in-parallel.ts";
import type { ArchiveLedger, ArchiveObjects } from "../shared/domain/archive/ports.ts";
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
}

interface PlannedDay {
  readonly day: string;
  readonly slices: readonly SlicePlace[];
}

export interface Plan {
  /** To be sealed, in this order, one after the other. */
  readonly days: readonly PlannedDay[];
  /** To be looked through again, one after the other, after the days. */
  readonly lateDays: readonly (PlannedDay & { readonly addendum: number })[];
  /** Whether there is more to do than a state machine may carry at once: another execution does it. */
  readonly more: boolean;
}

/** A day is sealed on the second day after it, so that its last record is a day old. */
const sealedAfterDays = 2;
const queriesAtATime = 32;
/** Beyond the window of duplicates hardly anything comes. Each older day is looked at once in so many days. */
const olderDaysTurn = 30;
/** A state machine carries 256 KiB: the plan, and beside it what the days came to. */
const planBytes = 128 * 1024;

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
    const unsealed = await unsealedDays(sealed, window, through);
    const days = unsealed.map((day) => ({ day, slices: slicesOfDay(day, slicesPerHour) }));
    const lateDays = await lateDaysAmong(sealed, window, (await lastSequence(objects)) + days.length);
    return fitting(days, lateDays);
  };

  /** Days that have a manifest of their own, ascending. */
  async function sealedDays(): Promise<readonly string[]> {
    const keys = (await objects.list("manifests/")).map(({ key }) => key);
    return keys.flatMap((key) => /^manifests\/dt=(\d{4}-\d\d-\d\d)\.json$/.exec(key)?.[1] ?? []).toSorted();
  }

  /**
   * From the day after the last sealed one, or the first of the window that has entries, without a gap. A day before the
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

  async function firstWithEntries(days: readonly string[]): Promise<string | undefined> {
    for (const day of days) {
      if ((await entriesOf(day)).length > 0) return day;
    }
    return undefined;
  }

  /** Sealed days that have entries in the index: what is late, not released yet, or waits for its decision. */
  async function lateDaysAmong(
    sealed: readonly string[],
    window: readonly string[],
    last: number,
  ): Promise<Plan["lateDays"]> {
    const [start = ""] = window;
    const turn = dayNumber(dayOf(now())) % olderDaysTurn;
    const looked = sealed.filter((day) => day >= start || dayNumber(day) % olderDaysTurn === turn);
    const found: (PlannedDay & { addendum: number })[] = [];
    for (const day of looked) {
      const places = await entriesOf(day);
      const addendum = last + found.length + 1;
      const slices = slicesWith(day, places).map((slice) => ({ ...slice, addendum }));
      if (slices.length > 0) found.push({ day, addendum, slices });
    }
    return found;
  }

  /** Hours and shards of a day that have entries in the index. */
  async function entriesOf(day: string): Promise<readonly ShardPlace[]> {
    const places = hoursOfDay.flatMap((hour) => Array.from({ length: archiveShards }, (_, shard) => ({ hour, shard })));
    const pages = await inParallel(places, queriesAtATime, ({ hour, shard }) =>
      ledger.page(partitionName(day, hour, shard), { limit: 1 }),
    );
    return places.filter((_, index) => (pages[index]?.keys.length ?? 0) > 0);
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

/** As many days as a state machine may carry, at least one; late days only when all days are among them. */
function fitting(days: readonly PlannedDay[], lateDays: Plan["lateDays"]): Plan {
  let bytes = 0;
  const fits = (day: PlannedDay) => {
    bytes += JSON.stringify(day).length;
    return bytes <= planBytes;
  };
  const kept = days.filter((day, index) => fits(day) || index === 0);
  const isAll = kept.length === days.length;
  const keptLate = isAll ? lateDays.filter((day, index) => fits(day) || (index === 0 && days.length === 0)) : [];
  return { days: kept, lateDays: keptLate, more: !isAll || keptLate.length < lateDays.length };
}
