/**
 * The fields of AWS's cron expressions: minutes, hours, day of the month, month, day of the week, year, in UTC. Source:
 * EventBridge Scheduler User Guide, "Schedule types". `W`, `#` and `L` of a day of the week are refused, as nobody here
 * needs them.
 */

/** Numbers that a field takes. */
interface FieldKind {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** From `from` on; for months and days of the week. */
  readonly words?: readonly string[];
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const kinds = {
  minutes: { name: "minutes", from: 0, to: 59 },
  hours: { name: "hours", from: 0, to: 23 },
  dayOfMonth: { name: "day of the month", from: 1, to: 31 },
  month: { name: "month", from: 1, to: 12, words: months },
  dayOfWeek: { name: "day of the week", from: 1, to: 7, words: weekdays },
  year: { name: "year", from: 1970, to: 2199 },
} as const satisfies Record<string, FieldKind>;

/** Whether a moment's part fits. */
type Fits = (value: number) => boolean;

const dayMs = 24 * 60 * 60 * 1_000;
/** A 29 February on a given day of the week comes once in 28 years, or in 40 around 2100. */
const searchedDays = 41 * 366;

/**
 * @returns the first moment after `after` that fits, or undefined when there is none any more; epoch milliseconds
 * @throws Error that names the field which isn't covered
 */
export function compileCron(text: string): (after: number) => number | undefined {
  const fields = text.trim().split(/\s+/);
  const [minutes = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = fields;
  if (fields.length !== 6) throw new Error(`cron(${text}) has ${fields.length} fields, not six`);
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw new Error(`cron(${text}) needs a ? for exactly one of the two kinds of day`);
  }
  const isLast = dayOfMonth === "L";
  const fits = {
    minute: compileField(minutes, kinds.minutes),
    hour: compileField(hours, kinds.hours),
    dayOfMonth: isLast ? () => false : compileField(dayOfMonth, kinds.dayOfMonth),
    month: compileField(month, kinds.month),
    dayOfWeek: compileField(dayOfWeek, kinds.dayOfWeek),
    year: compileField(year, kinds.year),
  };
  const isDay = (date: Date) => {
    const inMonth = isLast ? new Date(date.getTime() + dayMs).getUTCDate() === 1 : fits.dayOfMonth(date.getUTCDate());
    const isWeekday = fits.dayOfWeek(date.getUTCDay() + 1);
    return inMonth && isWeekday && fits.month(date.getUTCMonth() + 1) && fits.year(date.getUTCFullYear());
  };
  const minutesOfDay = Array.from({ length: 24 * 60 }, (_, minute) => minute).filter((minute) => {
    return fits.hour(Math.floor(minute / 60)) && fits.minute(minute % 60);
  });
  return (after) => {
    const firstDay = Math.floor(after / dayMs) * dayMs;
    for (let day = 0; day < searchedDays; day++) {
      const midnight = firstDay + day * dayMs;
      if (!isDay(new Date(midnight))) continue;
      const found = minutesOfDay.map((minute) => midnight + minute * 60_000).find((moment) => moment > after);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** `*`, `?`, and lists of numbers, words, ranges and steps: `1,5-7,10/15`. */
function compileField(text: string, kind: FieldKind): Fits {
  if (text === "*" || text === "?") return () => true;
  const parts = text.split(",").map((part) => compilePart(part, kind));
  return (value) => parts.some((fits) => fits(value));
}

function compilePart(part: string, kind: FieldKind): Fits {
  const [, start = "", end, step] = /^(\w+|\*)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  const first = start === "*" ? kind.from : numberOf(start, kind);
  const openEnd = start === "*" || step !== undefined ? kind.to : first;
  const last = end === undefined ? openEnd : numberOf(end, kind);
  const by = step === undefined ? 1 : Number(step);
  if (first === undefined || last === undefined || last < first || by < 1) {
    throw new Error(`cron: "${part}" isn't covered locally as ${kind.name} (${kind.from} to ${kind.to})`);
  }
  return (value) => value >= first && value <= last && (value - first) % by === 0;
}

function numberOf(text: string, { from, to, words = [] }: FieldKind): number | undefined {
  const word = words.indexOf(text.toUpperCase());
  const value = word < 0 ? Number(text || Number.NaN) : from + word;
  return Number.isInteger(value) && value >= from && value <= to ? value : undefined;
}
