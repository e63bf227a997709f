/** What metric math computes with. */
import { AwsError } from "../../../aws/types.ts";

export interface TimeSeries {
  readonly label: string;
  readonly periodSeconds: number;
  /** Epoch second of a period's begin → value, oldest first. A period without a value isn't in it. */
  readonly points: ReadonlyMap<number, number>;
}

/** What a computation is about. */
export interface MathContext {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** A second that periods begin at: 0 for charts, the end for alarms, whose periods end with it. */
  readonly gridSeconds: number;
  /** For what is no time series by itself. */
  readonly periodSeconds: number;
  /** Told of values before they are made. Throws when they come to too many; without it there is no bound. */
  readonly reserve?: ((values: number) => void) | undefined;
}

/** The second that the first period begins at. */
export function gridStart(
  { startSeconds, gridSeconds }: Pick<MathContext, "startSeconds" | "gridSeconds">,
  periodSeconds: number,
): number {
  return gridSeconds + Math.floor((startSeconds - gridSeconds) / periodSeconds) * periodSeconds;
}

/** The seconds that the periods begin at. */
export function periodsOf(context: MathContext, periodSeconds: number): readonly number[] {
  const first = gridStart(context, periodSeconds);
  const length = Math.max(0, Math.ceil((context.endSeconds - first) / periodSeconds));
  context.reserve?.(length);
  return Array.from({ length }, (_none, index) => first + index * periodSeconds);
}

/** A number, a time series, or several of them. */
export type MathValue = number | TimeSeries | readonly TimeSeries[];

export function isSeries(value: MathValue): value is TimeSeries {
  return typeof value === "object" && "points" in value;
}

export function isList(value: MathValue): value is readonly TimeSeries[] {
  return Array.isArray(value);
}

export function mapPoints(
  series: TimeSeries,
  change: (value: number, second: number) => number | undefined,
): TimeSeries {
  const points = new Map<number, number>();
  for (const [second, value] of series.points) {
    const changed = change(value, second);
    if (changed !== undefined && Number.isFinite(changed)) points.set(second, changed);
  }
  return { ...series, points };
}

/** A series that has the number in each period. */
export function constantSeries(value: number, context: MathContext): TimeSeries {
  const { periodSeconds } = context;
  const seconds = Number.isFinite(value) ? periodsOf(context, periodSeconds) : [];
  return { label: String(value), periodSeconds, points: new Map(seconds.map((second) => [second, value])) };
}

/** A function of each series, also of a list's. */
export function mapSeries(value: MathValue, change: (series: TimeSeries) => TimeSeries): MathValue {
  if (isSeries(value)) return change(value);
  if (isList(value)) return value.map(change);
  throw mathError("a time series is needed where there is a number");
}

/** A function of numbers, over each value of a series and each series of a list. */
export function mapNumbers(value: MathValue, change: (value: number) => number): MathValue {
  return typeof value === "number" ? change(value) : mapSeries(value, (series) => mapPoints(series, change));
}

/**
 * Of two values; of series, at the times that both have a value for.
 * Source: CloudWatch User Guide, "Using metric math", "Metric math arithmetic functions".
 */
export function combine(left: MathValue, right: MathValue, compute: (a: number, b: number) => number): MathValue {
  if (typeof left === "number" && typeof right === "number") return compute(left, right);
  if (typeof right === "number") return mapNumbers(left, (value) => compute(value, right));
  if (typeof left === "number") return mapNumbers(right, (value) => compute(left, value));
  if (isList(left)) {
    if (!isList(right)) return left.map((series) => paired(series, right as TimeSeries, compute));
    if (left.length !== right.length) throw mathError("two lists of different lengths can't be computed with");
    return left.map((series, index) => paired(series, right[index] ?? series, compute));
  }
  if (isList(right)) return right.map((series) => paired(left as TimeSeries, series, compute));
  return paired(left as TimeSeries, right as TimeSeries, compute);
}

function paired(left: TimeSeries, right: TimeSeries, compute: (a: number, b: number) => number): TimeSeries {
  const periodSeconds = Math.max(left.periodSeconds, right.periodSeconds);
  const combined = mapPoints(left, (value, second) => {
    const other = right.points.get(second);
    return other === undefined ? undefined : compute(value, other);
  });
  return { ...combined, periodSeconds };
}

export function mathError(problem: string): AwsError {
  return new AwsError("ValidationException", `Error in expression: ${problem}`);
}
