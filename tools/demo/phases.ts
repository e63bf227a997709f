/** The plan taken apart by kind of event, for a demo that counts what each kind costs. */
import { type EventKind, eventKinds } from "../cost/recording.ts";
import type { Plan, PlannedEvent, PlannedWebhook, Step } from "./plan.ts";

export interface Phase {
  readonly kind: EventKind;
  /** One post each. Posts of one kind keep the plan's order. */
  readonly steps: readonly Step[];
}

/** The plan's webhooks, each in one phase; repeats and what depends on an earlier event come last. */
export function phasesOf(plan: Plan): readonly Phase[] {
  const seen = new Set<PlannedEvent>();
  const steps = new Map<EventKind, Step[]>(eventKinds.map((kind) => [kind, []]));
  for (const webhook of plan.steps.flat()) {
    steps.get(kindOf(webhook, seen))?.push([webhook]);
    if (webhook.event !== undefined) seen.add(webhook.event);
  }
  return [...steps].map(([kind, ofKind]) => ({ kind, steps: ofKind }));
}

function kindOf({ event, order, paddingBytes }: PlannedWebhook, seen: ReadonlySet<PlannedEvent>): EventKind {
  if (event === undefined) return "refused";
  if (seen.has(event)) return "duplicate";
  if (event.sameFactAs !== undefined) return "same-fact";
  if (paddingBytes !== undefined) return "claim-checked";
  return event.tier === "high" && order.riskScore !== undefined ? "reviewed" : event.tier;
}
