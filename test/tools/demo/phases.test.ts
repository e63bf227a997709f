import { eventKinds } from "../../../tools/cost/recording.ts";
import { makePlan } from "../../../tools/demo/make-plan.ts";
import { phasesOf } from "../../../tools/demo/phases.ts";

describe("the phases of a demo that counts", () => {
  const plan = makePlan({ count: 1_000, seed: 1, startMs: Date.UTC(2026, 10, 20, 8, 0, 0) });
  const phases = phasesOf(plan);
  const webhooksOf = (kind: string) => phases.find((phase) => phase.kind === kind)?.steps.flat() ?? [];

  it("are one of each kind, in order, and together the whole plan", () => {
    expect(phases.map(({ kind }) => kind)).toEqual(eventKinds);
    expect(phases.flatMap(({ steps }) => steps.flat())).toHaveLength(plan.webhooks.length);
    for (const { kind, steps } of phases) expect({ kind, posts: steps.length > 0 }).toEqual({ kind, posts: true });
  });

  it.each(["low", "medium", "high", "unroutable", "unrouted"])(
    "%s are the first posts of events of that tier",
    (tier) => {
      const events = webhooksOf(tier).map(({ event }) => event);
      expect(new Set(events).size).toBe(events.length);
      for (const event of events) expect(event?.tier).toBe(tier);
    },
  );

  it("send a repeat after what it repeats", () => {
    const order = phases.flatMap(({ steps }) => steps.flat());
    for (const duplicate of webhooksOf("duplicate")) {
      expect(order.findIndex(({ event }) => event === duplicate.event)).toBeLessThan(order.lastIndexOf(duplicate));
    }
    for (const { event } of webhooksOf("same-fact")) {
      const first = order.findIndex((webhook) => webhook.event === event?.sameFactAs);
      expect(first).toBeLessThan(order.findIndex((webhook) => webhook.event === event));
    }
  });

  it("keep apart what is refused, what a person may decide and what is too large for a message", () => {
    for (const { status } of webhooksOf("refused")) expect(status).toBeGreaterThanOrEqual(400);
    for (const { order, event } of webhooksOf("reviewed"))
      expect([order.riskScore !== undefined, event?.tier]).toEqual([true, "high"]);
    for (const { paddingBytes } of webhooksOf("claim-checked")) expect(paddingBytes).toBeGreaterThan(64 * 1024);
  });
});
