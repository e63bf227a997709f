/** Days, hours and slices of the archive. A day is a UTC day, "2026-11-20"; an hour two digits, "00" to "23". */
import type { Hour, SlicePlace } from "../../../../config/archive.ts";
import { archiveShards } from "../../../../config/events.ts";

const dayMs = 24 * 60 * 60 * 1000;

export const hoursOfDay: readonly Hour[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

const allShards: readonly number[] = Array.from({ length: archiveShards }, (_, shard) => shard);

/** The UTC day of a time, epoch milliseconds. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, "YYYY-MM-DD".length);
}

/** The day so many days later; earlier where that is negative. Calendars are left to Date: leap days are days. */
export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * dayMs);
}

/** Number of a day, counted from 1970-01-01. */
export function dayNumber(day: string): number {
  return Date.parse(day) / dayMs;
}

/** All days from the first to the last, both included; none where the last comes before the first. */
export function daysThrough(first: string, last: string): readonly string[] {
  const count = Math.max(0, dayNumber(last) - dayNumber(first) + 1);
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

/** The slices of a whole day: each hour's shards in `slicesPerHour` ranges, in the order of hour and shard. */
export function slicesOfDay(day: string, slicesPerHour: number): readonly SlicePlace[] {
  return hoursOfDay.flatMap((hour) => slicesOf({ day, hour, shards: allShards }, slicesPerHour));
}

/** The slices that some of an hour's shards are in, with those shards alone. */
export function slicesOf(
  { shards, ...place }: { readonly day: string; readonly hour: Hour; readonly shards: readonly number[] },
  slicesPerHour: number,
): readonly SlicePlace[] {
  const shardsPerSlice = archiveShards / slicesPerHour;
  const bySlice = Map.groupBy(shards, (shard) => Math.floor(shard / shardsPerSlice));
  return [...bySlice].map(([slice, its]) => ({ ...place, slice, shards: its.toSorted((a, b) => a - b) }));
}

/** The partition of ArchiveIndex that holds an hour's shard: what `archivePartitionOf` gives its events. */
export function partitionName(day: string, hour: Hour, shard: number): string {
  return `${day}T${hour}#${String(shard).padStart(2, "0")}`;
}
