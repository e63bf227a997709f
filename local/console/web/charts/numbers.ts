/** Numbers as charts write them. */

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const fine = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** Short enough for an axis: 1.2K, 0.05. */
export function shortNumber(value: number): string {
  if (Math.abs(value) >= 10_000) return compact.format(value);
  return Math.abs(value) < 1 ? fine.format(value) : plain.format(value);
}

/** All that a reader wants of it: 12,345.68. */
export function fullNumber(value: number): string {
  return Math.abs(value) < 1 ? fine.format(value) : plain.format(value);
}

/** A time of a chart whose points are so far apart: with the day where a point is one, or where days lie between. */
export function timeLabel(epochSeconds: number, spanSeconds: number): string {
  const time = new Date(epochSeconds * 1_000);
  const clock = time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (spanSeconds <= daySeconds) return clock;
  const day = time.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return spanSeconds <= 7 * daySeconds ? `${day} ${clock}` : day;
}

const daySeconds = 24 * 60 * 60;
