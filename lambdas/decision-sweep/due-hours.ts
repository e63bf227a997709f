import type { SweepProgress } from "../shared/domain/sweep.ts";

const hourMs = 60 * 60 * 1000;
/** A decision takes seconds; what has waited an hour has got lost, or waits for a person. */
export const youngestMs = hourMs;
const oldestMs = 72 * hourMs;
/**
 * An hour of first receipt is looked at when its first events are an hour old, when all are, and so many hours after
 * that first look: an event may be recorded long after it was received, when its message waited in a queue or was
 * redriven. What is found undecided is kept and looked at by every sweep, so an hour itself needn't be.
 */
export const looksAfterHours = [0, 1, 3, 8, 24, 71] as const;

/**
 * Hours of first receipt that are to be looked at, `YYYY-MM-DDTHH`, oldest first: those that were left, and those of which
 * a look has become due since the last sweep, whenever that was. The first sweep of all looks at the last three days.
 */
export function dueHours(asOfMs: number, progress: SweepProgress | undefined): readonly string[] {
  const last = hourOf(asOfMs - youngestMs);
  const before = progress === undefined ? Number.NEGATIVE_INFINITY : hourOf(progress.asOfMs - youngestMs);
  const first = hourOf(asOfMs - oldestMs);
  const hours = Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((hour) =>
    looksAfterHours.some((after) => hour + after > before && hour + after <= last),
  );
  const due = hours.map((hour) => new Date(hour * hourMs).toISOString().slice(0, "YYYY-MM-DDTHH".length));
  return [...new Set([...(progress?.hoursLeft ?? []), ...due])].sort();
}

function hourOf(ms: number): number {
  return Math.floor(ms / hourMs);
}
