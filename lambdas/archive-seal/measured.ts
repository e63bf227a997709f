import type { Manifest } from "../../config/archive.ts";
import type { Measure } from "../shared/runtime/metrics.ts";

type Measures = readonly Measure<"archive-seal">[];

const hourMs = 60 * 60 * 1_000;

/** A new manifest as CloudWatch's metrics. An addendum is sealed whenever there is something late: that is no lag. */
export function measured({ kind, day, sealedAt }: Manifest): Measures {
  const lagHours = (Date.parse(sealedAt) - Date.parse(day)) / hourMs - 24;
  return [
    { name: "sealedDays", value: 1 },
    ...(kind === "day" ? [{ name: "sealedLagHours", value: lagHours } as const] : []),
  ];
}

/** When the money of a day is told, epoch milliseconds. */
export function noonMs(day: string): number {
  return Date.parse(day) + 12 * hourMs;
}

/** CloudWatch takes nothing that is older than two weeks when it comes. */
const oldestMs = 14 * 24 * hourMs - hourMs;

/** The money that a manifest seals, to be told at its day's noon; an addendum's adds up with that of its day. */
export function measuredMoney({ day, sealedAt, sums }: Manifest): Measures {
  if (Date.parse(sealedAt) - noonMs(day) > oldestMs) return [];
  return sums.map(({ type, currency, amountMinor }) => {
    return { name: "sealedMinor", value: Number(amountMinor), by: { type, currency } } as const;
  });
}
