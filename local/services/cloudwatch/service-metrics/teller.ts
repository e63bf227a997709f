/** How the runtime's own services tell their metrics, under AWS's names and dimensions. */
import type { Metric, Metrics } from "../metrics.ts";

export interface Book {
  readonly metrics: Metrics;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Tells one value of a resource's metric. */
export type Tell = (name: string, value: number, unit?: string) => void;

/** Of one namespace: what a resource tells by its dimensions. Each metric is looked up once. */
export function tellerOf(
  { metrics, now }: Book,
  namespace: string,
): (...dimensions: readonly [string, string][]) => Tell {
  const tellers = new Map<string, Tell>();
  return (...dimensions) => {
    const key = dimensions.map(([, value]) => value).join("\n");
    const known = tellers.get(key);
    if (known !== undefined) return known;
    const id = { namespace, dimensions: Object.fromEntries(dimensions) };
    const ofResource = new Map<string, Metric>();
    const tell: Tell = (name, value, unit = "Count") => {
      let metric = ofResource.get(name);
      if (metric === undefined) {
        metric = metrics.of({ ...id, name }, unit);
        ofResource.set(name, metric);
      }
      metric.record(value, now());
    };
    tellers.set(key, tell);
    return tell;
  };
}

/** The last part of a name, URL or ARN. */
export function lastPart(text: string): string {
  return text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf(":")) + 1);
}
