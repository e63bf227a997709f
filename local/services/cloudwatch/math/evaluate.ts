/** Computes metric math over the series that a request's other queries gave. */

import { isPeriod, notAPeriod } from "../period.ts";
import { fillPeriods, functions } from "./functions.ts";
import { type BinaryOperator, type Expression, parseExpression } from "./parse.ts";
import {
  combine,
  constantSeries,
  isSeries,
  type MathContext,
  type MathValue,
  mapNumbers,
  mapSeries,
  mathError,
  type TimeSeries,
} from "./values.ts";

export interface MathSources extends MathContext {
  /** The value of another query. @throws AwsError where there is none */
  readQuery(id: string): MathValue;
  /** The request's metrics by id, for METRICS(): those alone that are no expressions. */
  metrics(): readonly (readonly [id: string, series: TimeSeries])[];
  /** `SEARCH('<what>', '<stat>', <period>)` */
  search(what: string, statistic: string, periodSeconds: number | undefined): readonly TimeSeries[];
  /** What is usual for a metric, so many deviations around: the lower and the upper bound. */
  band(id: string, deviations: number): readonly TimeSeries[];
}

const truth = (is: boolean) => (is ? 1 : 0);

const operators: Readonly<Record<BinaryOperator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  // What is divided by nothing has no value.
  "/": (a, b) => (b === 0 ? Number.NaN : a / b),
  "^": (a, b) => a ** b,
  "%": (a, b) => a % b,
  "<": (a, b) => truth(a < b),
  "<=": (a, b) => truth(a <= b),
  ">": (a, b) => truth(a > b),
  ">=": (a, b) => truth(a >= b),
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  AND: (a, b) => truth(a !== 0 && b !== 0),
  OR: (a, b) => truth(a !== 0 || b !== 0),
};

/** @throws AwsError ValidationException for what is wrong or not covered */
export function evaluateExpression(text: string, sources: MathSources): MathValue {
  return evaluate(parseExpression(text), sources);
}

function evaluate(expression: Expression, sources: MathSources): MathValue {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "text":
      throw mathError(`the text '${expression.value}' stands where a value is needed`);
    case "name":
      return sources.readQuery(expression.name);
    case "list":
      return expression.items.flatMap((item) => {
        const value = evaluate(item, sources);
        if (typeof value === "number") throw mathError("a list holds time series, no numbers");
        return value;
      });
    case "negative":
      return mapNumbers(evaluate(expression.of, sources), (value) => -value);
    case "binary": {
      const { left, right, operator } = expression;
      return combine(evaluate(left, sources), evaluate(right, sources), operators[operator]);
    }
    case "call":
      return call(expression.name, expression.args, sources);
  }
}

function call(name: string, args: readonly Expression[], sources: MathSources): MathValue {
  if (name === "METRICS") return metricsWith(args[0], sources);
  if (name === "SEARCH") return search(args, sources);
  if (name === "ANOMALY_DETECTION_BAND") return band(args, sources);
  const word = args[1]?.kind === "name" ? args[1].name : undefined;
  if (name === "FILL" && args[0] !== undefined && (word === "REPEAT" || word === "LINEAR")) {
    const fillGaps = word === "REPEAT" ? repeated : interpolated;
    return mapSeries(evaluate(args[0], sources), (series) => fillGaps(series, sources));
  }
  const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (run === undefined) throw mathError(`the function ${name} is not covered locally`);
  return run(
    args.map((arg) => evaluate(arg, sources)),
    sources,
  );
}

/** All metrics of the request, or those whose id contains the text. */
function metricsWith(filter: Expression | undefined, { metrics }: MathSources): MathValue {
  const text = filter?.kind === "text" ? filter.value : "";
  return metrics().flatMap(([id, series]) => (id.includes(text) ? [series] : []));
}

function search([what, statistic, period]: readonly Expression[], sources: MathSources): MathValue {
  if (what?.kind !== "text" || statistic?.kind !== "text") throw mathError("SEARCH takes two texts and a period");
  const periodSeconds = period?.kind === "number" ? period.value : undefined;
  if (periodSeconds !== undefined && !isPeriod(periodSeconds))
    throw mathError(`SEARCH has a period that is ${notAPeriod}`);
  return sources.search(what.value, statistic.value, periodSeconds);
}

function band([metric, deviations]: readonly Expression[], sources: MathSources): MathValue {
  if (metric?.kind !== "name") throw mathError("ANOMALY_DETECTION_BAND takes the id of a metric");
  const width = deviations === undefined ? 2 : evaluate(deviations, sources);
  if (typeof width !== "number") throw mathError("the width of ANOMALY_DETECTION_BAND is a number");
  return sources.band(metric.name, width);
}

function repeated(series: TimeSeries, context: MathContext): TimeSeries {
  let last: number | undefined;
  return fillPeriods(series, context, (second) => {
    last = series.points.get(second - series.periodSeconds) ?? last;
    return last;
  });
}

function interpolated(series: TimeSeries, context: MathContext): TimeSeries {
  const known = [...series.points];
  let after = 0;
  return fillPeriods(series, context, (second) => {
    while ((known[after]?.[0] ?? second) < second) after += 1;
    const [from, to] = [known[after - 1], known[after]];
    if (from === undefined || to === undefined) return undefined;
    return from[1] + ((to[1] - from[1]) * (second - from[0])) / (to[0] - from[0]);
  });
}

/** The series that a value is, for answers. */
export function seriesOf(value: MathValue, context: MathContext): readonly TimeSeries[] {
  if (typeof value === "number") return [constantSeries(value, context)];
  return isSeries(value) ? [value] : value;
}
