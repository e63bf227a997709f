import type { Evidence } from "../../../../tools/demo/evidence.ts";
import { failing, flawless, twice, withEvidence, without } from "./flawless.ts";

const { alerts, lowTierLog, workflows, reviews, queues, decisions } = flawless.evidence;
const onUnroutable = (
  change: (messages: Evidence["queues"] extends ReadonlyMap<string, infer M> ? M : never) => typeof messages,
) => new Map([...queues, ["unroutable-dev", change(queues.get("unroutable-dev") ?? [])]]);

describe("deliveries", () => {
  it.each<[string, string, Partial<Evidence>]>([
    ["unroutable money that is gone", "unroutable money waits on its queue", { queues: onUnroutable(without) }],
    ["a low event that isn't logged", "the low tier is logged", { lowTierLog: without(lowTierLog) }],
    ["a high event in the low tier's log", "the low tier is logged", { lowTierLog: [...lowTierLog, ...reviews] }],
    ["a missing workflow", "medium events ran through transaction-workflow", { workflows: without(workflows) }],
    [
      "a review that failed",
      "high events ran through high-value-review",
      { reviews: reviews.map((one) => ({ ...one, status: "FAILED" })) },
    ],
    ["a missing alert", "people were alerted of medium and high events", { alerts: without(alerts) }],
    [
      "a review that still waits",
      "every review was decided by a person",
      { reviews: reviews.map((one) => ({ ...one, status: "RUNNING" })) },
    ],
    [
      "an answer that isn't recorded",
      "every review was decided by a person",
      { decisions: decisions.filter(({ eventId }) => !flawless.reviewed.has(eventId)) },
    ],
  ])("notices %s", (_what, name, change) => {
    expect(failing(withEvidence(change))).toContain(name);
  });

  it("allows a delivery that is repeated, as at-least-once does", () => {
    const again = { alerts: twice(alerts), lowTierLog: twice(lowTierLog), workflows: twice(workflows) };
    expect(failing(withEvidence({ ...again, queues: onUnroutable(twice) }))).toEqual([]);
  });
});
