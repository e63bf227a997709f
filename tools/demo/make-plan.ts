/** Makes the plan: a fixed mix of good, repeated, late, odd and bad webhooks, in an order that the seed decides. */
import { makers } from "./kinds.ts";
import { kindCounts, leastCount, mix } from "./mix.ts";
import type { Plan, Step } from "./plan.ts";
import { Planner } from "./planner.ts";
import { createRandom, type Random } from "./random.ts";

/**
 * @param count webhooks, at least `leastCount`
 * @param startMs when the demo begins: events happened in the hour before it
 */
export function makePlan(options: { readonly count: number; readonly seed: number; readonly startMs: number }): Plan {
  const { count, seed, startMs } = options;
  if (count < leastCount) throw new Error(`A plan has at least ${leastCount} webhooks, or some kind would be missing.`);
  const planner = new Planner(createRandom(seed), startMs);
  const steps: (readonly Step[])[] = [];
  let left = count;
  for (const [kind, times] of kindCounts(count)) {
    for (let time = 0; time < times; time++) steps.push(makers[kind](planner));
    left -= times * mix[kind].size;
  }
  for (; left > 0; left--) steps.push([[planner.payment()]]);
  // Steps of one kind keep their order; kinds are shuffled among each other, and a step's successors come later.
  const interleaved = interleave(planner.random.shuffled(steps), planner.random);
  const ordered = [...interleaved.filter((step) => !isLate(step)), ...interleaved.filter(isLate)];
  return {
    steps: ordered,
    webhooks: ordered.flat(),
    events: planner.events,
    transactions: planner.transactions,
  };
}

/** Whether a step waits until all others have been worked off. */
export function isLate(step: Step): boolean {
  return step.some((webhook) => webhook.isLate === true);
}

/** Puts the later steps of a sequence some way behind its first one. */
function interleave(sequences: readonly (readonly Step[])[], random: Random): Step[] {
  const slots: { readonly at: number; readonly step: Step }[] = [];
  for (const [index, sequence] of sequences.entries()) {
    let at = index;
    for (const step of sequence) {
      slots.push({ at, step });
      at += random.integer(40, 200);
    }
  }
  return slots.sort((a, b) => a.at - b.at).map(({ step }) => step);
}
