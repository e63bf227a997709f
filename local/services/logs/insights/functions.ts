/** Functions of one row, by their names in lower case. Those that aren't here are refused by name. */
import type { Value } from "./syntax.ts";
import { compared, numberOf, textOf } from "./values.ts";

export interface RowFunction {
  /** Fewest and most arguments. */
  readonly takes: readonly [least: number, most: number];
  /** Undefined: it has no result for these. Periods come as milliseconds. */
  readonly result: (args: readonly Value[]) => Value;
}

const many = Number.POSITIVE_INFINITY;

export const functions: Readonly<Record<string, RowFunction>> = {
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  sqrt: numeric(Math.sqrt),
  log: numeric(Math.log),
  greatest: { takes: [1, many], result: (args) => extreme(args, 1) },
  least: { takes: [1, many], result: (args) => extreme(args, -1) },

  bin: { takes: [1, 2], result: floored },
  datefloor: { takes: [2, 2], result: floored },
  dateceil: { takes: [2, 2], result: ([time, period]) => rounded(time, period, Math.ceil) },
  frommillis: { takes: [1, 1], result: ([value]) => dateOf(numberOf(value)) },
  tomillis: { takes: [1, 1], result: ([value]) => (value instanceof Date ? value.getTime() : undefined) },

  ispresent: { takes: [1, 1], result: ([value]) => value !== undefined },
  coalesce: { takes: [1, many], result: (args) => args.find((value) => value !== undefined) },

  isempty: { takes: [1, 1], result: ([value]) => value === undefined || value === "" },
  isblank: { takes: [1, 1], result: ([value]) => value === undefined || textOf(value).trim() === "" },
  concat: {
    takes: [1, many],
    result: (args) => args.map((value) => (value === undefined ? "" : textOf(value))).join(""),
  },
  ltrim: text((value) => value.trimStart()),
  rtrim: text((value) => value.trimEnd()),
  trim: text((value) => value.trim()),
  strlen: text((value) => [...value].length),
  toupper: text((value) => value.toUpperCase()),
  tolower: text((value) => value.toLowerCase()),
  substr: {
    takes: [2, 3],
    result: ([value, start, length]) => {
      if (value === undefined) return undefined;
      const from = numberOf(start);
      return textOf(value).slice(from, length === undefined ? undefined : from + numberOf(length));
    },
  },
  replace: {
    takes: [3, 3],
    result: ([value, old = "", fresh = ""]) =>
      value === undefined ? undefined : textOf(value).replaceAll(textOf(old), textOf(fresh)),
  },
  strcontains: {
    takes: [2, 2],
    result: ([value, part = ""]) => (value !== undefined && textOf(value).includes(textOf(part)) ? 1 : 0),
  },
};

function numeric(work: (value: number) => number): RowFunction {
  return { takes: [1, 1], result: ([value]) => known(work(numberOf(value))) };
}

function text(work: (value: string) => Value): RowFunction {
  return { takes: [1, 1], result: ([value]) => (value === undefined ? undefined : work(textOf(value))) };
}

/** A number that is one. */
export function known(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function dateOf(milliseconds: number): Date | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function floored([time, period]: readonly Value[]): Value {
  return rounded(time, period, Math.floor);
}

function rounded(time: Value, period: Value, round: (value: number) => number): Value {
  const length = numberOf(period);
  return dateOf(round(numberOf(time) / length) * length);
}

function extreme(args: readonly Value[], sign: 1 | -1): Value {
  return args.reduce((best, value) => (sign * (compared(value, best) ?? -sign) > 0 ? value : best));
}
