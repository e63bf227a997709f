/**
 * How an invocation's measures become as few lines of CloudWatch's embedded metric format as they can, since every line
 * is paid for by its bytes. A line has one value of each dimension and each metric, so what differs in either goes into
 * another line; metrics with other dimensions fit in beside each other.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import {
  dimensionValues,
  type MetricDimension,
  type MetricName,
  type MetricSpec,
  metrics,
} from "../../../config/metrics.ts";
import { chunksOf } from "../domain/chunks-of.ts";

/** A measure of whichever metric. */
export interface Told {
  readonly name: MetricName;
  readonly value: number;
  readonly by?: Dimensions;
}

type Dimensions = { readonly [dimension in MetricDimension]?: string | undefined };

export interface Line {
  readonly dimensions: Dimensions;
  readonly parts: readonly Part[];
}

/** Metrics that are looked at by the same sets of dimensions. */
interface Part {
  readonly sets: readonly (readonly MetricDimension[])[];
  readonly metrics: readonly { readonly name: MetricName; readonly values: readonly number[] }[];
}

/** All values of a metric with the same dimensions. */
interface Entry {
  readonly name: MetricName;
  readonly dimensions: Dimensions;
  readonly sets: readonly (readonly MetricDimension[])[];
  readonly values: readonly number[];
}

/** The format takes a hundred in a list, at which Powertools writes a line of its own accord. */
const valuesPerLine = 50;

export function asLines(measures: readonly Told[]): readonly Line[] {
  const lines: Entry[][] = [];
  for (const entry of entriesOf(measures)) {
    const line = lines.find((one) => one.every((other) => fitsBeside(entry, other)));
    if (line === undefined) lines.push([entry]);
    else line.push(entry);
  }
  return lines.map((entries) => ({
    dimensions: Object.assign({}, ...entries.map(({ dimensions }) => dimensions)),
    parts: [...Map.groupBy(entries, ({ sets }) => JSON.stringify(sets)).values()].map((alike) => ({
      sets: alike[0]?.sets ?? [],
      metrics: alike.map(({ name, values }) => ({ name, values })),
    })),
  }));
}

function entriesOf(measures: readonly Told[]): readonly Entry[] {
  const known = measures.map(({ name, value, by = {} }) => ({ name, value, ...knownDimensions(name, by) }));
  const groups = Map.groupBy(known, ({ name, dimensions }) => JSON.stringify([name, dimensions]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || first.sets.length === 0) return [];
    const { name, dimensions, sets } = first;
    const values = group.map(({ value }) => value);
    if (!values.every(Number.isFinite)) throw new Error(`${name} was measured as something else than a number`);
    const isAdded = metrics[name].unit !== "Milliseconds";
    const lists = isAdded ? [[values.reduce((sum, value) => sum + value, 0)]] : [...chunksOf(values, valuesPerLine)];
    return lists.map((list) => ({ name, dimensions, sets, values: list }));
  });
}

/** Sets of dimensions without one that isn't known, or whose value is none of those that there are. */
function knownDimensions(name: MetricName, by: Dimensions): Pick<Entry, "dimensions" | "sets"> {
  const { also, isSummed }: MetricSpec = metrics[name];
  const isKnown = (dimension: MetricDimension) => {
    const value = by[dimension];
    return value !== undefined && (dimensionValues[dimension] as readonly string[]).includes(value);
  };
  const known = also.filter((set) => set.every(isKnown));
  const dimensions = Object.fromEntries(known.flat().map((dimension) => [dimension, by[dimension]]));
  return { dimensions, sets: isSummed === false ? known : [[], ...known] };
}

function fitsBeside(entry: Entry, other: Entry): boolean {
  const shared = Object.entries(entry.dimensions).filter(([dimension]) => dimension in other.dimensions);
  return (
    entry.name !== other.name &&
    shared.every(([dimension, value]) => other.dimensions[dimension as MetricDimension] === value)
  );
}
