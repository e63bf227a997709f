import type { DecisionSeen, Evidence } from "../../../../tools/demo/evidence.ts";
import { failing, flawless, idOf, twice, withEvidence, without } from "./flawless.ts";

const { decisions, scores, facts } = flawless.evidence;
const calledFor = "every decision is what its score calls for";
const founded = "every score is the sum of its reasons, and has those that the event gives";
const low = new Set(facts.filter(({ tier }) => tier === "low").map(({ eventId }) => eventId));
const [someReview] = flawless.reviewed;

const changed = (change: (one: DecisionSeen) => Partial<DecisionSeen>) =>
  decisions.map((one) => ({ ...one, ...change(one) }));

describe("decisions", () => {
  it.each<[string, string, Partial<Evidence>]>([
    ["a missing decision", "every routed event has a decision", { decisions: without(decisions) }],
    ["a second decision", "no event is decided twice", { decisions: twice(decisions) }],
    [
      "a decision of nothing",
      "nothing else is decided",
      { decisions: decisions.map((one, place) => (place === 0 ? { ...one, eventId: "stripe:nobody" } : one)) },
    ],
    [
      "a low tier in which everything is approved",
      calledFor,
      { decisions: changed(({ eventId }) => (low.has(eventId) ? { decision: "APPROVE" } : {})) },
    ],
    ["cut-offs that were ignored", calledFor, { decisions: changed(() => ({ decision: "BLOCK" })) }],
    ["another score than the one that was given", calledFor, { decisions: changed(() => ({ score: 0.01 })) }],
    [
      "an answer that no person gave",
      calledFor,
      {
        decisions: changed(({ eventId }) =>
          flawless.reviewed.has(eventId) ? { decidedBy: "fraud-detector", decision: "REVIEW" } : {},
        ),
      },
    ],
    ["another person", calledFor, { decisions: changed(() => ({ decidedBy: "somebody" })) }],
    ["a missing score", founded, { scores: without(scores) }],
    ["a score that nothing gave", founded, { scores: scores.map((one) => ({ ...one, score: 0.03 })) }],
    ["scores without reasons", founded, { scores: scores.map((one) => ({ ...one, score: 0, reasons: [] })) }],
    ["scores by another card", founded, { scores: scores.map((one) => ({ ...one, modelVersion: "other" })) }],
    [
      "risky events that pass",
      "what was planned as risky is reviewed or blocked",
      { scores: scores.map((one) => ({ ...one, decision: "APPROVE" as const })) },
    ],
    [
      "customers without a history",
      "every customer was new once",
      { scores: scores.map((one) => ({ ...one, reasons: [{ code: "new-customer", weight: 0.05, detail: "" }] })) },
    ],
  ])("notices %s", (_what, name, change) => {
    expect(failing(withEvidence(change))).toContain(name);
  });

  it("notices an answer of a person that became another decision", () => {
    const [eventId = "", answer] = someReview ?? [];
    const reviewed = new Map([...flawless.reviewed, [eventId, answer === "BLOCK" ? "APPROVE" : "BLOCK"] as const]);
    expect(failing({ ...flawless, reviewed })).toContain(calledFor);
  });

  it("has risky events in every tier that is decided", () => {
    const risky = flawless.plan.events.filter(({ verdicts }) => verdicts !== undefined);
    expect(new Set(risky.map(({ tier }) => tier))).toEqual(new Set(["low", "medium", "high"]));
    expect(risky.every((event) => idOf(event) !== "")).toBe(true);
  });
});
