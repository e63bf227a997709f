const hourMs = 60 * 60 * 1000;

/** Times of first receipt, `from` included and `to` not; epoch milliseconds. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** Its parts in each hour of the UTC clock, oldest first. */
  hours(): Iterable<HourRange>;
}

/** A range within one hour: an event is in one, and in no other. */
export interface HourRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** YYYY-MM-DD. */
  readonly day: string;
  /** "00" to "23". */
  readonly hour: string;
  includes(iso: string): boolean;
}

export function timeRange(fromMs: number, toMs: number): TimeRange {
  return {
    fromMs,
    toMs,
    *hours() {
      for (let startMs = fromMs - (fromMs % hourMs); startMs < toMs; startMs += hourMs) {
        yield hourRange(Math.max(fromMs, startMs), Math.min(toMs, startMs + hourMs));
      }
    },
  };
}

function hourRange(fromMs: number, toMs: number): HourRange {
  const iso = new Date(fromMs).toISOString();
  return {
    fromMs,
    toMs,
    day: iso.slice(0, "YYYY-MM-DD".length),
    hour: iso.slice("YYYY-MM-DDT".length, "YYYY-MM-DDTHH".length),
    includes: (time) => Date.parse(time) >= fromMs && Date.parse(time) < toMs,
  };
}
