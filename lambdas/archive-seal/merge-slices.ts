import type { ArchiveObject, SliceResult } from "../../config/archive.ts";
import { archiveShards } from "../../config/events.ts";
import { hoursOfDay } from "../shared/domain/archive/days.ts";
import { addedUp, compareText } from "../shared/domain/archive/sums.ts";
import { PermanentError } from "../shared/domain/retryable-error.ts";

/** What the slices of a day, or of an addendum, came to together. */
export interface Merged {
  readonly objects: ArchiveObject[];
  readonly facts: number;
  readonly lateDecisions: number;
  readonly sums: SliceResult["sums"];
  readonly firstReceivedAt?: string;
  readonly lastReceivedAt?: string;
  readonly undecided: number;
  readonly missingBodies: number;
  readonly unreleased: readonly string[];
}

export function mergeSlices(slices: readonly SliceResult[]): Merged {
  const inOrder = slices.toSorted((a, b) => compareText(a.hour, b.hour) || a.slice - b.slice);
  const first = inOrder.flatMap(({ firstReceivedAt }) => firstReceivedAt ?? []).toSorted()[0];
  const last = inOrder
    .flatMap(({ lastReceivedAt }) => lastReceivedAt ?? [])
    .toSorted()
    .at(-1);
  return {
    objects: inOrder.flatMap(({ objects }) => objects).toSorted((a, b) => compareText(a.key, b.key)),
    facts: inOrder.reduce((sum, { facts }) => sum + facts, 0),
    lateDecisions: inOrder.reduce((sum, { lateDecisions }) => sum + lateDecisions, 0),
    sums: addedUp(inOrder.map(({ sums }) => sums)),
    ...(first !== undefined && { firstReceivedAt: first }),
    ...(last !== undefined && { lastReceivedAt: last }),
    undecided: inOrder.reduce((sum, { undecided }) => sum + undecided, 0),
    missingBodies: inOrder.reduce((sum, { missingBodies }) => sum + missingBodies, 0),
    unreleased: [...new Set(inOrder.flatMap(({ unreleased }) => unreleased))].toSorted(),
  };
}

/**
 * Makes sure that the slices are of this day, that no shard of an hour is in two of them, and, for a whole day, that each
 * is in one. The plan makes them so; a seal says it for years.
 *
 * @throws PermanentError that names what is wrong.
 */
export function assertComplete(day: string, slices: readonly SliceResult[], isWholeDay: boolean): void {
  const covered = slices.flatMap(({ hour, shards }) => shards.map((shard) => `${hour}#${shard}`));
  const strange = slices.find((slice) => slice.day !== day);
  if (strange !== undefined) throw wrongSlices(`a slice of ${strange.day} is among those of ${day}`);
  const twice = covered.find((place, index) => covered.indexOf(place) !== index);
  if (twice !== undefined) throw wrongSlices(`two slices of ${day} cover hour and shard ${twice}`);
  const expected = hoursOfDay.length * archiveShards;
  if (isWholeDay && covered.length !== expected) {
    throw wrongSlices(`the slices of ${day} cover ${covered.length} of ${expected} shards`);
  }
}

function wrongSlices(what: string): PermanentError {
  return new PermanentError("wrong-slices", `Not sealed: ${what}. Start daily-archive again, so that it plans anew`);
}
