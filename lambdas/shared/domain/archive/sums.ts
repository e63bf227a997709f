/** Exact sums per currency, type and provider, which auditors compare with those of the rows. */
import type { ArchiveSum } from "../../../../config/archive.ts";
import type { PaymentEventType } from "../../../../config/events.ts";

interface Summand {
  readonly currency: string;
  readonly type: PaymentEventType;
  readonly provider: string;
  readonly rows: number;
  readonly amountMinor: bigint;
}

/** Adds up amounts as they come; holds one number per kind of money, however many amounts there are. */
export interface SumTally {
  add(summand: Summand): void;
  /** Ordered by currency, type, provider. */
  sums(): ArchiveSum[];
}

export function createSumTally(): SumTally {
  const totals = new Map<string, Summand>();
  return {
    add(summand) {
      const key = JSON.stringify([summand.currency, summand.type, summand.provider]);
      const before = totals.get(key);
      const rows = (before?.rows ?? 0) + summand.rows;
      totals.set(key, { ...summand, rows, amountMinor: (before?.amountMinor ?? 0n) + summand.amountMinor });
    },
    sums: () =>
      [...totals]
        .toSorted(([a], [b]) => compareText(a, b))
        .map(([, { currency, type, provider, rows, amountMinor }]) => {
          return { currency, type, provider, rows, amountMinor: amountMinor.toString() };
        }),
  };
}

/** The sums of several lists together. */
export function addedUp(lists: readonly (readonly ArchiveSum[])[]): ArchiveSum[] {
  const tally = createSumTally();
  for (const sum of lists.flat()) tally.add({ ...sum, amountMinor: BigInt(sum.amountMinor) });
  return tally.sums();
}

/** Orders by code units, so that no locale has a say. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
