/** The functions of metric math, by name. Those that aren't here are refused by name. */
import {
  constantSeries,
  isList,
  isSeries,
  type MathContext,
  type MathValue,
  mapNumbers,
  mapPoints,
  mapSeries,
  mathError,
  periodsOf,
  type TimeSeries,
} from "./values.ts";

export type MathFunction = (args: readonly MathValue[], context: MathContext) => MathValue;

type Reduce = (values: readonly number[]) => number;

const sumOf: Reduce = (values) => values.reduce((sum, value) => sum + value, 0);
const meanOf: Reduce = (values) => sumOf(values) / values.length;
const deviationOf: Reduce = (values) => {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
};

/** Of one series the number over all its values; of several, a series of what they amount to at each time. */
function reducing(reduce: Reduce): MathFunction {
  return (args) => {
    const [only] = args;
    if (args.length === 1 && only !== undefined && isSeries(only)) {
      return only.points.size === 0 ? Number.NaN : reduce([...only.points.values()]);
    }
    const list = args.flatMap((arg) => (isList(arg) ? arg : isSeries(arg) ? [arg] : []));
    if (list.length === 0) {
      const numbers = args.filter((arg): arg is number => typeof arg === "number");
      return numbers.length === 0 ? [] : reduce(numbers);
    }
    return across(list, reduce);
  };
}

function across(list: readonly TimeSeries[], reduce: Reduce): TimeSeries {
  const times = [...new Set(list.flatMap(({ points }) => [...points.keys()]))].sort((a, b) => a - b);
  const points = times.map((second): [number, number] => {
    const values = list.flatMap((series) => series.points.get(second) ?? []);
    return [second, reduce(values)];
  });
  const periodSeconds = Math.max(...list.map((series) => series.periodSeconds));
  return { label: list[0]?.label ?? "", periodSeconds, points: new Map(points) };
}

const ofNumbers =
  (change: (value: number) => number): MathFunction =>
  ([value]) =>
    mapNumbers(needed(value), change);

const ofSeries =
  (change: (series: TimeSeries) => TimeSeries): MathFunction =>
  ([value]) =>
    mapSeries(needed(value), change);

const ofTime = (read: (time: Date) => number): MathFunction =>
  ofSeries((series) => mapPoints(series, (_value, second) => read(new Date(second * 1_000))));

function needed(value: MathValue | undefined): MathValue {
  if (value === undefined) throw mathError("a function lacks an argument");
  return value;
}

function neededSeries(value: MathValue | undefined): TimeSeries {
  const given = needed(value);
  if (isSeries(given)) return given;
  throw mathError("a single time series is needed");
}

/** Changes from one value to the next; the first has none. */
function differences(series: TimeSeries, change: (by: number, seconds: number) => number): TimeSeries {
  let before: readonly [number, number] | undefined;
  return mapPoints(series, (value, second) => {
    const last = before;
    before = [second, value];
    return last === undefined ? undefined : change(value - last[1], second - last[0]);
  });
}

function runningSum(series: TimeSeries): TimeSeries {
  let sum = 0;
  return mapPoints(series, (value) => {
    sum += value;
    return sum;
  });
}

/** Where the condition isn't 0 the one, elsewhere the other, each a number or a series. */
const choose: MathFunction = ([condition, whenTrue, whenFalse]) => {
  const [test, yes] = [needed(condition), needed(whenTrue)];
  if (typeof test === "number") return test !== 0 ? yes : needed(whenFalse);
  const at = (value: MathValue | undefined, second: number) => {
    if (value === undefined || typeof value === "number") return value;
    return neededSeries(value).points.get(second);
  };
  return mapSeries(test, (series) => mapPoints(series, (value, second) => at(value !== 0 ? yes : whenFalse, second)));
};

/** Periods without a value get this one. Its words REPEAT and LINEAR are dealt with before (see evaluate.ts). */
const fill: MathFunction = ([value, filling], context) => {
  const by = needed(filling);
  return mapSeries(needed(value), (series) =>
    fillPeriods(series, context, (second) => (typeof by === "number" ? by : neededSeries(by).points.get(second))),
  );
};

export function fillPeriods(
  series: TimeSeries,
  context: MathContext,
  valueAt: (second: number) => number | undefined,
): TimeSeries {
  const points = new Map<number, number>();
  for (const second of periodsOf(context, series.periodSeconds)) {
    const value = series.points.get(second) ?? valueAt(second);
    if (value !== undefined) points.set(second, value);
  }
  return { ...series, points };
}

/** A series that has this number in each period of the request. */
const timeSeries: MathFunction = ([value], context) => {
  if (typeof value !== "number") return needed(value);
  return constantSeries(value, context);
};

export const functions: Readonly<Record<string, MathFunction>> = {
  SUM: reducing(sumOf),
  AVG: reducing(meanOf),
  // One after the other: a call doesn't take as many arguments as a series may have values.
  MIN: reducing((values) => values.reduce((least, value) => Math.min(least, value))),
  MAX: reducing((values) => values.reduce((most, value) => Math.max(most, value))),
  STDDEV: reducing(deviationOf),
  ABS: ofNumbers(Math.abs),
  CEIL: ofNumbers(Math.ceil),
  FLOOR: ofNumbers(Math.floor),
  LOG: ofNumbers(Math.log),
  LOG10: ofNumbers(Math.log10),
  DIFF: ofSeries((series) => differences(series, (by) => by)),
  RATE: ofSeries((series) => differences(series, (by, seconds) => by / seconds)),
  DIFF_TIME: ofSeries((series) => differences(series, (_by, seconds) => seconds)),
  RUNNING_SUM: ofSeries(runningSum),
  PERIOD: ([value]) => neededSeries(value).periodSeconds,
  DATAPOINT_COUNT: ([value]) => neededSeries(value).points.size,
  IF: choose,
  FILL: fill,
  TIME_SERIES: timeSeries,
  REMOVE_EMPTY: ([value]) => {
    const given = needed(value);
    return isList(given) ? given.filter(({ points }) => points.size > 0) : given;
  },
  EPOCH: ofTime((time) => time.getTime() / 1_000),
  MINUTE: ofTime((time) => time.getUTCMinutes()),
  HOUR: ofTime((time) => time.getUTCHours()),
  // Monday is 1.
  DAY: ofTime((time) => time.getUTCDay() || 7),
  DATE: ofTime((time) => time.getUTCDate()),
  MONTH: ofTime((time) => time.getUTCMonth() + 1),
  YEAR: ofTime((time) => time.getUTCFullYear()),
};
