/** What it takes to look for undecided events: mostly reading each event's decision, as often as its hour is looked at. */
import { archiveShards } from "../../config/events.ts";
import { looksAfterHours } from "../../lambdas/decision-sweep/due-hours.ts";
import type { Calls, Demand } from "./demand.ts";
import { Exact } from "./exact.ts";
import type { Shape } from "./shape.ts";

/** An item of up to 4 KB, eventually consistent. A query that finds nothing is billed as much. */
const unitsPerRead = 0.5;
/** Of the index of facts, keys only, with what DynamoDB keeps beside them: as many of these share 4 KB as fit. */
const indexEntryBytes = 250;
const readUnitBytes = 4096;

/**
 * Each look reads an event's key in the index and looks for its decision; an event without one is read as well.
 *
 * Held against DynamoDB's emulator, which answers with the units of each call: sweeps over 9,600 events, of which 3 % have
 * no decision, took 3.09 units an event in batch reads, as this says, and 48 a sweep in queries of next to empty hours.
 */
export function sweepDemandOf({
  events,
  hours,
  shape,
}: {
  readonly events: Exact;
  readonly hours: Exact;
  readonly shape: Shape;
}): readonly Calls[] {
  const looks = looksAfterHours.length;
  const { unroutable, unrouted } = shape.tiers;
  const reads = events.times(looks).times(unitsPerRead);
  const queries = hours.times(looks).times(archiveShards);
  const inIndex = reads.times(indexEntryBytes).over(readUnitBytes);
  const none = {
    count: Exact.zero,
    entries: Exact.zero,
    bytes: Exact.zero,
    readUnits: Exact.zero,
    writeUnits: Exact.zero,
  };
  const by = "decision-sweep";
  return [
    {
      ...none,
      by,
      call: "dynamodb:Query",
      on: "transactions",
      count: queries,
      readUnits: queries.times(unitsPerRead).plus(inIndex),
    },
    {
      ...none,
      by,
      call: "dynamodb:BatchGetItem",
      on: "transactions",
      readUnits: reads.plus(reads.times(unroutable)).plus(reads.times(unrouted)),
    },
    { ...none, by: "scheduler.amazonaws.com", call: "lambda:Invoke", on: by, count: hours, entries: hours },
  ];
}

/** The calls of sweeps beside all others. */
export function withSweeps(demand: Demand, sweeps: readonly Calls[]): Demand {
  return { ...demand, calls: [...demand.calls, ...sweeps] };
}
