/**
 * Functions of a group of rows, by their names in lower case. Source: "stats",
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
 */
import { known } from "./functions.ts";
import type { Value } from "./syntax.ts";
import { inOrder, numberOf, textOf } from "./values.ts";

export interface Aggregate {
  /** Fewest and most arguments. */
  readonly takes: readonly [least: number, most: number];
  /**
   * @param values of the first argument, of the rows that have it, the earliest row first
   * @param option value of the second argument
   */
  readonly result: (values: readonly Value[], option: Value) => Value;
}

export const aggregates: Readonly<Record<string, Aggregate>> = {
  count: { takes: [0, 1], result: (values) => values.length },
  count_distinct: one((values) => new Set(values.map((value) => textOf(value ?? ""))).size),
  sum: numeric((numbers) => numbers.reduce((sum, value) => sum + value, 0)),
  avg: numeric((numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length),
  min: numeric((numbers) => numbers.reduce((least, value) => Math.min(least, value))),
  max: numeric((numbers) => numbers.reduce((most, value) => Math.max(most, value))),
  median: numeric((numbers) => percentile(numbers, 50)),
  stddev: numeric(deviation),
  pct: {
    takes: [2, 2],
    result: (values, option) => {
      const numbers = numbersOf(values);
      return numbers.length === 0 ? undefined : known(percentile(numbers, numberOf(option)));
    },
  },
  earliest: one((values) => values[0]),
  latest: one((values) => values.at(-1)),
  sortsfirst: one((values) => values.toSorted(inOrder)[0]),
  sortslast: one((values) => values.toSorted(inOrder).at(-1)),
};

function one(result: (values: readonly Value[]) => Value): Aggregate {
  return { takes: [1, 1], result };
}

function numeric(work: (numbers: readonly number[]) => number): Aggregate {
  return one((values) => {
    const numbers = numbersOf(values);
    return numbers.length === 0 ? undefined : known(work(numbers));
  });
}

function numbersOf(values: readonly Value[]): readonly number[] {
  return values.map(numberOf).filter((value) => !Number.isNaN(value));
}

/** The nearest rank. AWS estimates percentiles of large groups, so that the two may differ by a little. */
function percentile(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** Of a sample. */
function deviation(numbers: readonly number[]): number {
  if (numbers.length < 2) return 0;
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1));
}
