/**
 * Metrics in memory: of each its values by the second, later by the minute and by the hour, so that a runtime that runs
 * for days needs no more memory than one that runs for hours.
 */
import { addValue, type Distribution, distributionOf, merge } from "./distribution.ts";

export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One metric with one combination of dimensions, as CloudWatch counts and bills them. */
export interface Metric extends MetricId {
  /** As it was told last. */
  readonly unit: string | undefined;
  /** Epoch milliseconds of the newest value. */
  readonly lastAt: number;
  /** Adds a value that occurred `count` times. What CloudWatch refuses for its time is dropped. */
  record(value: number, atMs: number, count?: number): void;
  add(distribution: Distribution, atMs: number): void;
}

/** Periods one after the other, the first of which begins at `startSeconds`. */
interface Window {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly periodSeconds: number;
}

export interface Metrics {
  /** The metric, made when it is new. */
  of(id: MetricId, unit?: string): Metric;
  /** The metric, where it exists. */
  find(id: MetricId): Metric | undefined;
  /** All that have values. */
  all(): Iterable<Metric>;
  /** Of each period that has any its values, by the second that it begins at, oldest first. */
  read(metric: Metric, window: Window): ReadonlyMap<number, Distribution>;
  /** Folds older values together and drops the oldest. */
  compact(): void;
  size(): { readonly metrics: number; readonly entries: number };
}

export interface MetricsOptions {
  readonly now: () => number;
  /** Metrics at the most; values of further ones are dropped, and `onFull` is told once. */
  readonly maxMetrics?: number;
  /** Stretches of time with values, of all metrics together, after a compaction; no fewer than metrics. */
  readonly maxEntries?: number;
  readonly onFull?: (id: MetricId) => void;
}

/** How long values stay apart by the second and by the minute, and how long they stay at all. */
const keep = { secondsFor: 15 * 60, minutesFor: 24 * 3_600, for: 15 * 86_400 } as const;

/** Source: PutMetricData in the CloudWatch API Reference, `Timestamp`. */
const oldestMs = 14 * 86_400_000;
const newestMs = 2 * 3_600_000;

interface Kept extends Metric {
  unit: string | undefined;
  lastAt: number;
  /** By the epoch second that the stretch begins at. */
  readonly entries: Map<number, Distribution>;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const { now, maxMetrics = 10_000, maxEntries = 300_000, onFull } = options;
  const kept = new Map<string, Kept>();
  let isFull = false;

  function create(id: MetricId): Kept {
    const place = (atMs: number): number | undefined => {
      const age = now() - atMs;
      if (!(age <= oldestMs && age >= -newestMs)) return undefined;
      if (atMs > metric.lastAt) metric.lastAt = atMs;
      return Math.floor(atMs / 1_000);
    };
    const metric: Kept = {
      ...id,
      unit: undefined,
      lastAt: Number.NEGATIVE_INFINITY,
      entries: new Map(),
      record(value, atMs, count = 1) {
        const second = place(atMs);
        if (second === undefined) return;
        const entry = metric.entries.get(second);
        if (entry === undefined) metric.entries.set(second, distributionOf(value, count));
        else addValue(entry, value, count);
      },
      add(distribution, atMs) {
        const second = place(atMs);
        if (second !== undefined) put(metric.entries, second, distribution);
      },
    };
    return metric;
  }

  function of(id: MetricId, unit?: string): Metric {
    const key = keyOf(id);
    let metric = kept.get(key);
    if (metric === undefined) {
      metric = create(id);
      if (kept.size < maxMetrics) kept.set(key, metric);
      else if (!isFull) {
        isFull = true;
        onFull?.(id);
      }
    }
    if (unit !== undefined) metric.unit = unit;
    return metric;
  }

  const entries = () => [...kept.values()].reduce((sum, metric) => sum + metric.entries.size, 0);

  return {
    of,
    find: (id) => kept.get(keyOf(id)),
    *all() {
      for (const metric of kept.values()) if (metric.entries.size > 0) yield metric;
    },
    read: (metric, window) => readEntries((metric as Kept).entries, window),
    compact() {
      const nowSeconds = Math.floor(now() / 1_000);
      // Twice as tight each time, until it fits; in the end each metric has this second's values alone.
      for (let tightness = 1; tightness < 2 * keep.for; tightness *= 2) {
        for (const metric of kept.values()) fold(metric.entries, nowSeconds, tightness);
        if (entries() <= maxEntries) return;
      }
    },
    size: () => ({ metrics: kept.size, entries: entries() }),
  };
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let key = `${namespace}\n${name}`;
  for (const dimension of names) key += `\n${dimension}\n${dimensions[dimension]}`;
  return key;
}

/** Takes the distribution over where it is the first. */
function put(entries: Map<number, Distribution>, second: number, distribution: Distribution): void {
  const entry = entries.get(second);
  if (entry === undefined) entries.set(second, distribution);
  else merge(entry, distribution);
}

/**
 * In place: most entries stay where they are, and a minute's work must not delay what is answered meanwhile. What lies
 * ahead is folded as what is as far behind: somebody may tell of two hours that haven't come yet.
 */
function fold(entries: Map<number, Distribution>, nowSeconds: number, tightness: number): void {
  const bySecond = keep.secondsFor / tightness;
  const byMinute = keep.minutesFor / tightness;
  const farthest = keep.for / tightness;
  for (const [second, distribution] of entries) {
    const distance = second > nowSeconds ? second - nowSeconds : nowSeconds - second;
    const step = distance <= bySecond ? 1 : distance <= byMinute ? 60 : 3_600;
    const isTooFar = distance > farthest;
    if (!isTooFar && second % step === 0) continue;
    entries.delete(second);
    if (!isTooFar) put(entries, second - (second % step), distribution);
  }
}

/** Takes the time and the memory of what is there, however many periods the window has. */
function readEntries(entries: ReadonlyMap<number, Distribution>, window: Window): ReadonlyMap<number, Distribution> {
  const { startSeconds, endSeconds, periodSeconds } = window;
  const periods = new Map<number, Distribution>();
  for (const [second, distribution] of entries) {
    if (second < startSeconds || second >= endSeconds) continue;
    const begin = second - ((second - startSeconds) % periodSeconds);
    const period = periods.get(begin);
    if (period === undefined) periods.set(begin, copyOf(distribution));
    else merge(period, distribution);
  }
  return new Map([...periods].sort(([a], [b]) => a - b));
}

function copyOf(distribution: Distribution): Distribution {
  const { values } = distribution;
  return values instanceof Map ? { ...distribution, values: new Map(values) } : { ...distribution };
}
