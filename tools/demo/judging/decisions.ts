/** Decisions: one for each event that is due one, and each the one that its score calls for. */
import type { Decision, FraudScore } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { reviewerName } from "../reviewer.ts";
import type { Findings } from "./findings.ts";
import { type Check, missing, repeated } from "./invariant.ts";
import { certainReasons } from "./reasons.ts";

export const decisionChecks: readonly Check[] = [
  {
    name: "every routed event has a decision",
    look: (findings) => ({ seen: { decisions: findings.due.length }, problems: undecided(findings) }),
  },
  {
    name: "no event is decided twice",
    look: ({ evidence: { decisions } }) => ({
      seen: { decisions: decisions.length },
      problems: repeated(decisions.map(({ eventId }) => eventId)),
    }),
  },
  {
    name: "nothing else is decided",
    look: ({ due, evidence: { decisions } }) => {
      const ids = new Set(due.map(({ eventId }) => eventId));
      const problems = decisions.map(({ eventId }) => eventId).filter((eventId) => !ids.has(eventId));
      return { seen: { decisions: decisions.length }, problems };
    },
  },
  {
    name: "every score is the sum of its reasons, and has those that the event gives",
    look: (findings) => ({
      seen: { scores: findings.evidence.scores.length },
      problems: [...unscored(findings), ...findings.evidence.scores.flatMap((score) => unfounded(findings, score))],
    }),
  },
  {
    name: "every decision is what its score calls for",
    look: (findings) => ({
      seen: { decisions: findings.evidence.decisions.length },
      problems: findings.evidence.decisions.flatMap((decision) => uncalledFor(findings, decision)),
    }),
  },
  {
    name: "what was planned as risky is reviewed or blocked",
    look: ({ due, evidence: { scores } }) => {
      const planned = due.flatMap(({ eventId, planned: { verdicts } }) => (verdicts ? [{ eventId, verdicts }] : []));
      const said = new Map(scores.map(({ eventId, decision }) => [eventId, decision]));
      const wrong = planned.filter(({ eventId, verdicts }) => !verdicts.some((one) => one === said.get(eventId)));
      const problems = wrong.map(
        ({ eventId, verdicts }) =>
          `${eventId} is ${said.get(eventId) ?? "not scored"} instead of ${verdicts.join(" or ")}`,
      );
      return { seen: { "risky events": planned.length }, problems };
    },
  },
  {
    name: "every customer was new once",
    look: ({ routed, evidence: { scores } }) => {
      const isNew = new Set(
        scores
          .filter(({ reasons }) => reasons.some(({ code }) => code === "new-customer"))
          .map(({ eventId }) => eventId),
      );
      const payments = routed.filter(({ planned }) => planned.tier !== "unroutable" && isPaymentOfCustomer(planned));
      const customers = Map.groupBy(payments, ({ planned }) => `${planned.provider}#${planned.order.customerId}`);
      const counts = [...customers].map(([customer, own]) => ({
        customer,
        count: own.filter(({ eventId }) => isNew.has(eventId)).length,
      }));
      const problems = counts
        .filter(({ count }) => count !== 1)
        .map(({ customer, count }) => `${customer} was new ${count} times`);
      return { seen: { customers: customers.size }, problems };
    },
  },
];

/** Due events without a decision. */
export function undecided({ due, evidence }: Findings): string[] {
  return missing(
    due.map(({ eventId }) => eventId),
    evidence.decisions.map(({ eventId }) => eventId),
  );
}

function isPaymentOfCustomer({ type, order }: Findings["routed"][number]["planned"]): boolean {
  return order.customerId !== undefined && (scorecard.paymentTypes as readonly string[]).includes(type);
}

function unscored({ due, evidence }: Findings): string[] {
  const scored = evidence.scores.map(({ eventId }) => eventId);
  const ids = due.map(({ eventId }) => eventId);
  return [
    ...missing(ids, scored).map((eventId) => `${eventId} has no score`),
    ...missing(scored, ids).map((eventId) => `${eventId} has a score without a cause`),
  ];
}

function unfounded({ accepted }: Findings, { eventId, score, reasons, modelVersion }: FraudScore): string[] {
  const sum = Math.min(1, Math.round(reasons.reduce((total, { weight }) => total + weight, 0) * 100) / 100);
  const planned = accepted.get(eventId)?.planned;
  const expected = planned === undefined ? new Map<string, number>() : certainReasons(planned);
  const found = new Map(reasons.map(({ code, weight }) => [code, weight]));
  const wrong = [...expected].filter(([code, weight]) => (found.get(code) ?? 0) !== weight);
  return [
    ...(sum === score ? [] : [`${eventId}: ${score} isn't the sum of its reasons, ${sum}`]),
    ...(modelVersion === scorecard.modelVersion ? [] : [`${eventId} was scored by ${modelVersion}`]),
    ...wrong.map(([code, weight]) => `${eventId}: ${code} weighs ${found.get(code) ?? 0} instead of ${weight}`),
  ];
}

/** A machine's decision follows the cut-offs; a person decides what is to be reviewed in the high tier, and only that. */
function uncalledFor(findings: Findings, decided: Findings["evidence"]["decisions"][number]): string[] {
  const { eventId, score, decision, decidedBy, reasons, modelVersion } = decided;
  const called = calledFor(score);
  const isForPerson = called === "REVIEW" && findings.accepted.get(eventId)?.planned.tier === "high";
  const expected = isForPerson ? findings.reviewed.get(eventId) : called;
  const by = isForPerson ? reviewerName : "fraud-detector";
  const remembered = findings.evidence.scores.find((one) => one.eventId === eventId);
  const isRemembered =
    remembered?.score === score &&
    remembered.decision === called &&
    remembered.modelVersion === modelVersion &&
    JSON.stringify(remembered.reasons) === JSON.stringify(reasons);
  return [
    ...(decision === expected
      ? []
      : [`${eventId} is ${decision} at ${score} instead of ${expected ?? "a person's answer"}`]),
    ...(decidedBy === by ? [] : [`${eventId} was decided by ${decidedBy} instead of ${by}`]),
    ...(isRemembered ? [] : [`${eventId} was decided by another score than the one that was given`]),
  ];
}

function calledFor(score: number): Decision {
  if (score >= scorecard.cutOffs.block) return "BLOCK";
  return score >= scorecard.cutOffs.review ? "REVIEW" : "APPROVE";
}
