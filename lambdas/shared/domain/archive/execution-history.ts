/**
 * How long the history of an execution of daily-archive becomes. AWS ends a STANDARD execution at 25,000 events, and its
 * state at 256 KiB, so a plan stays below both and leaves the rest to a next execution.
 * Source: Step Functions Developer Guide, "Service quotas".
 */

/** Events that AWS allows. */
export const historyLimit = 25_000;

/** An iteration begins and ends; within it a task is entered, scheduled, started, succeeded and exited. */
const eventsPerIteration = 2 + 5;
/** Of a day: its iteration, two maps that are entered, started, succeeded and exited, the task that seals, and a Pass. */
const eventsPerDay = 2 + 2 * 4 + 5 + 2;
/**
 * The execution's start and end, the plan, the maps of days and late days, what failed, two choices, the next start, and
 * Succeed.
 */
const eventsPerExecution = 2 + 5 + 2 * 4 + 2 + 2 * 2 + 5 + 2;

/**
 * Half of what AWS allows. Each attempt that fails takes three events of the other half: it has room for four thousand.
 * A plan of so many events has less than 900 slices, which are less than 160 KiB.
 */
const plannedEvents = historyLimit / 2;

/** Objects for whose release there is room besides one for each slice. */
const furtherReleases = 100;

/**
 * Objects that are released after the seal of a day, or an addendum, of so many slices. A slice comes to one object of
 * transactions for each 128 MB; where there are more, the plan of another day finds those that are left, since their
 * events are in the index still.
 */
export function releasesOf(slices: number): number {
  return slices + furtherReleases;
}

/** Events of an execution in which nothing fails, with these numbers of slices and objects of each day and late day. */
export function eventsOf(days: readonly { readonly slices: number; readonly objects: number }[]): number {
  const perDay = days.map(({ slices, objects }) => eventsPerDay + (slices + objects) * eventsPerIteration);
  return perDay.reduce((sum, events) => sum + events, eventsPerExecution);
}

/** Whether an execution has room for days of so many slices. A single one always has: it has 384 slices at the most. */
export function haveRoom(slicesOfDays: readonly number[]): boolean {
  if (slicesOfDays.length === 1) return true;
  return eventsOf(slicesOfDays.map((slices) => ({ slices, objects: releasesOf(slices) }))) <= plannedEvents;
}
