/** How often a second of one core does something, measured in turn with what it is compared with. */
import type { Work } from "./subjects.ts";

export interface Rate {
  /** Of the rounds, times a processor second. */
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Before it is measured, a subject runs as long as so many measurements of it. */
const warmUps = 6;

export interface MeasureOptions {
  readonly rounds: number;
  /** Of each subject in each round. */
  readonly milliseconds: number;
}

/**
 * A round is each subject once, one after the other: what disturbs the machine for a while disturbs them all. Time is the
 * processor's, of all threads, so that who has others work for it isn't faster by that.
 */
export async function measureInTurn(
  subjects: Readonly<Record<string, Work>>,
  { rounds, milliseconds }: MeasureOptions,
): Promise<Readonly<Record<string, Rate>>> {
  const prepared: { name: string; work: Work; times: number; rates: number[] }[] = [];
  for (const [name, work] of Object.entries(subjects)) {
    const rate = await warmRateOf(work, milliseconds * warmUps);
    prepared.push({ name, work, times: Math.max(10, Math.round((rate * milliseconds) / 1_000)), rates: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { work, times, rates } of prepared) rates.push(await rateOf(work, times));
  }
  return Object.fromEntries(prepared.map(({ name, rates }) => [name, summary(rates)]));
}

/** Until it is compiled as it stays, and its rate so: a function that takes webhooks is warm after its first thousands. */
async function warmRateOf(work: Work, warmUpMs: number): Promise<number> {
  const until = performance.now() + warmUpMs;
  let rate = await rateOf(work, 10);
  while (performance.now() < until) rate = await rateOf(work, Math.max(10, Math.round(rate / 50)));
  return rate;
}

/** Times a processor second. */
async function rateOf(work: Work, times: number): Promise<number> {
  const first = work();
  const isPromise = first instanceof Promise;
  await first;
  const before = process.cpuUsage();
  if (isPromise) for (let done = 0; done < times; done++) await work();
  else for (let done = 0; done < times; done++) work();
  const { user, system } = process.cpuUsage(before);
  return times / ((user + system) / 1e6);
}

function summary(rates: readonly number[]): Rate {
  const sorted = rates.toSorted((a, b) => a - b);
  const at = (place: number) => sorted[Math.floor(place)] ?? Number.NaN;
  return { median: at(sorted.length / 2), lowest: at(0), highest: at(sorted.length - 1) };
}
