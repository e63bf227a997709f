/**
 * Metrics that functions write into their logs, in CloudWatch's embedded metric format. What breaks the specification is
 * left out, as on AWS, where such a line stays a log line and no metric comes of it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import * as v from "valibot";
import { isInRange } from "./distribution.ts";
import type { MetricId } from "./metrics.ts";

export interface EmbeddedMetric extends MetricId {
  readonly unit: string;
  /** One or several, up to 100. */
  readonly values: readonly number[];
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** Characters of a name or of a dimension's value. */
const longestText = 1_024;
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(longestText));
const directive = v.object({
  Namespace: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  Dimensions: v.optional(v.array(v.pipe(v.array(name), v.maxLength(30))), []),
  Metrics: v.pipe(v.array(v.object({ Name: name, Unit: v.optional(v.string(), "None") })), v.maxLength(100)),
});
const line = v.looseObject({
  _aws: v.object({ Timestamp: v.number(), CloudWatchMetrics: v.array(directive) }),
});

const mostValues = 100;

/** The metrics of a log line; none for a line in another format. */
export function embeddedMetrics(message: string): EmbeddedMetric[] {
  // Nearly every line passes here, so a look for the member comes before the parser.
  if (!message.startsWith("{") || !message.includes('"_aws"')) return [];
  const parsed = v.safeParse(line, json(message));
  if (!parsed.success) return [];
  const { _aws: about, ...members } = parsed.output;
  return about.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) => {
    const sets = Dimensions.length === 0 ? [{}] : distinct(Dimensions).flatMap((names) => dimensionsOf(names, members));
    return Metrics.flatMap(({ Name: name, Unit: unit }) => {
      const values = valuesOf(members[name]);
      if (values === undefined) return [];
      return sets.map((dimensions) => ({ namespace, name, dimensions, unit, values, atMs: about.Timestamp }));
    });
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sets of names, each once whatever its order: a metric counts once for a set. */
function distinct(sets: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(sets.map((names) => [[...new Set(names)].sort().join("\n"), names])).values()];
}

/** Nothing where a dimension has no text, or one that is too long: the set isn't known then. */
function dimensionsOf(
  names: readonly string[],
  members: Readonly<Record<string, unknown>>,
): [Readonly<Record<string, string>>] | [] {
  const values = names.map((name) => members[name]);
  const isText = (value: unknown): value is string =>
    typeof value === "string" && value !== "" && value.length <= longestText;
  if (!values.every(isText)) return [];
  return [Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]))];
}

function valuesOf(told: unknown): readonly number[] | undefined {
  const values: unknown[] = Array.isArray(told) ? told : [told];
  const areValues = values.every((value): value is number => typeof value === "number" && isInRange(value));
  return areValues && values.length > 0 && values.length <= mostValues ? values : undefined;
}
