const hourMs = 60 * 60 * 1000;

/** Times of first receipt, `from` included and `to` not; epoch milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
  includes(iso: string): boolean;
  /** UTC hours that it touches, `YYYY-MM-DDTHH`, oldest first. */
  hours(): readonly string[];
  /** First and last UTC day that it touches. */
  readonly days: { readonly from: string; readonly to: string };
}

export function timeRange(fromMs: number, toMs: number): TimeRange {
  const first = Math.floor(fromMs / hourMs);
  const last = Math.floor((toMs - 1) / hourMs);
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    fromMs,
    toMs,
    includes: (time) => Date.parse(time) >= fromMs && Date.parse(time) < toMs,
    hours: () => Array.from({ length: last - first + 1 }, (_, at) => iso((first + at) * hourMs).slice(0, 13)),
    days: { from: iso(fromMs).slice(0, 10), to: iso(toMs - 1).slice(0, 10) },
  };
}
