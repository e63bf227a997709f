/** Statistics by the names that CloudWatch gives them. */
import { AwsError } from "../../aws/types.ts";
import { type Distribution, valuesOf } from "./distribution.ts";

/** Undefined where the values aren't known, since only statistics of them were told. */
export type Statistic = (distribution: Distribution) => number | undefined;

const simple: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
  IQM: (distribution) => trimmedMean(distribution, 25, 75),
};

/**
 * @throws AwsError ValidationException for what isn't covered: percentiles (`p99`), trimmed means (`tm99`, `TM(10%:90%)`) and
 *   the interquartile mean are, beside the plain ones.
 * Source: CloudWatch User Guide, "CloudWatch statistics definitions".
 */
export function compileStatistic(name: string): Statistic {
  const plain = Object.hasOwn(simple, name) ? simple[name] : undefined;
  if (plain !== undefined) return plain;
  const [, kind, digits] = /^(p|tm)(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name) ?? [];
  const percent = Number(digits);
  if (kind === "p") return (distribution) => percentile(distribution, percent);
  if (kind === "tm") return (distribution) => trimmedMean(distribution, 0, percent);
  const [, from, to] = /^TM\((\d+(?:\.\d+)?)?%?:(\d+(?:\.\d+)?)?%?\)$/.exec(name) ?? [];
  if (name.startsWith("TM(") && name.includes("%") && (from ?? to) !== undefined) {
    return (distribution) => trimmedMean(distribution, Number(from ?? 0), Number(to ?? 100));
  }
  throw new AwsError("ValidationException", `The value ${name} for parameter Stat is not supported locally.`);
}

/** The smallest value that so many per cent of the values don't exceed. */
function percentile(distribution: Distribution, percent: number): number | undefined {
  const values = valuesOf(distribution);
  if (values === undefined) return undefined;
  const rank = (percent / 100) * distribution.count;
  let passed = 0;
  for (const [value, count] of values) {
    passed += count;
    // A sum of counts may miss a whole number by a little.
    if (passed >= rank - 1e-9) return value;
  }
  return distribution.maximum;
}

/** Mean of the values between two percentiles. */
function trimmedMean(distribution: Distribution, from: number, to: number): number | undefined {
  const values = valuesOf(distribution);
  if (values === undefined) return undefined;
  const [first, last] = [(from / 100) * distribution.count, (to / 100) * distribution.count];
  let passed = 0;
  let [sum, count] = [0, 0];
  for (const [value, times] of values) {
    const inside = Math.min(last, passed + times) - Math.max(first, passed);
    if (inside > 0) {
      sum += value * inside;
      count += inside;
    }
    passed += times;
  }
  return count === 0 ? undefined : sum / count;
}
