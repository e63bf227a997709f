/** What the processes that write rows have in common: the records in chunks, and a meter that leaves their making out. */
import { hoursOfDay } from "../../lambdas/shared/domain/archive/days.ts";
import { type TransactionRow, transactionRow } from "../../lambdas/shared/domain/archive/rows.ts";
import { type BenchRecord, recordAt } from "./records.ts";

/** What such a process prints, as JSON. */
export interface Written extends Effort {
  readonly rows: number;
  readonly bytes: number;
}

/** Of the work itself: neither the process's start nor the making of its records is in it. */
interface Effort {
  readonly seconds: number;
  /** Of all threads. On a busy machine this is the steadier one. */
  readonly cpuSeconds: number;
}

export interface Meter {
  time<T>(work: () => T | Promise<T>): Promise<T>;
  effort(): Effort;
}

export function createMeter(): Meter {
  let seconds = 0;
  let cpuSeconds = 0;
  return {
    async time(work) {
      const began = performance.now();
      const before = process.cpuUsage();
      const result = await work();
      const { user, system } = process.cpuUsage(before);
      seconds += (performance.now() - began) / 1e3;
      cpuSeconds += (user + system) / 1e6;
      return result;
    },
    effort: () => ({ seconds, cpuSeconds }),
  };
}

/** The day's hours, and which of so many records each has. */
export function hourRanges(
  rows: number,
): readonly { readonly hour: string; readonly from: number; readonly to: number }[] {
  const bound = (at: number) => Math.ceil((at * rows) / hoursOfDay.length);
  return hoursOfDay.map((hour, at) => ({ hour, from: bound(at), to: bound(at + 1) }));
}

/** Records that are there at a time: like the archiver, which reads some hundreds, none holds the day's. */
const recordsAtOnce = 500;

/** Records from one number up to another, of so many, some at a time. */
export function* recordsOf(
  range: { readonly from: number; readonly to: number },
  of: number,
): Generator<readonly BenchRecord[]> {
  for (let at = range.from; at < range.to; at += recordsAtOnce) {
    const length = Math.min(recordsAtOnce, range.to - at);
    yield Array.from({ length }, (_, index) => recordAt(at + index, of));
  }
}

export function rowOf({ record, rawSha256 }: BenchRecord): TransactionRow {
  return transactionRow("fact", record, rawSha256);
}
