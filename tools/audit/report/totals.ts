/** Sums put together for people: over days, over providers. Exact all the way. */
import type { Agreement, AuditReport, DaySum } from "../report.ts";
import { worstOf } from "../report-of.ts";

export interface Total {
  readonly currency: string;
  readonly type: string;
  /** Absent where providers are put together. */
  readonly provider?: string;
  readonly rows: number;
  /** Decimal text, minor units. */
  readonly amountMinor: string;
  readonly agrees: Agreement;
}

/** Over all days, per currency, type and provider, in this order. */
export function totalsOf({ sums }: Pick<AuditReport, "sums">): readonly Total[] {
  return groups(sums, ({ currency, type, provider }) => `${currency} ${type} ${provider}`).map((group) => {
    const { currency = "", type = "", provider = "" } = group[0] ?? {};
    return { currency, type, provider, ...addedUp(group) };
  });
}

/** One day's money of one currency and type. */
export interface DayAmount extends Total {
  readonly day: string;
}

/** Of one currency, per day and type. */
export function dayAmounts(sums: readonly DaySum[], currency: string): readonly DayAmount[] {
  const ofCurrency = sums.filter((sum) => sum.currency === currency);
  return groups(ofCurrency, ({ day, type }) => `${day} ${type}`).map((group) => {
    const { day = "", type = "" } = group[0] ?? {};
    return { day, currency, type, ...addedUp(group) };
  });
}

export function currenciesOf({ sums }: Pick<AuditReport, "sums">): readonly string[] {
  return [...new Set(sums.map(({ currency }) => currency))].sort();
}

function groups(sums: readonly DaySum[], nameOf: (sum: DaySum) => string): readonly (readonly DaySum[])[] {
  return [...Map.groupBy(sums, nameOf)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function addedUp(group: readonly DaySum[]): Pick<Total, "rows" | "amountMinor" | "agrees"> {
  return {
    rows: group.reduce((rows, sum) => rows + sum.rows, 0),
    amountMinor: group.reduce((amount, sum) => amount + BigInt(sum.amountMinor), 0n).toString(),
    agrees: worstOf(group.map(({ agrees }) => agrees)),
  };
}
