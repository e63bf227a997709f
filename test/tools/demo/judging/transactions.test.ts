import type { Evidence } from "../../../../tools/demo/evidence.ts";
import { failing, flawless, idOf, withEvidence } from "./flawless.ts";

const { evidence, plan } = flawless;
const { facts } = evidence;
const once = "one fact under two ids takes effect once";
const refunds = "refunds count, early ones and equal ones, and never roll a state back";
const partial = plan.transactions.find(({ status }) => status === "partially-refunded");
const secondRefund = partial?.events[2];

describe("transactions", () => {
  it.each<[string, string, Partial<Evidence>]>([
    ["a fact that took effect twice", once, { facts: facts.map(({ sameFactAs: _dropped, ...fact }) => fact) }],
    [
      "a payment that was taken for a repeat",
      once,
      { facts: facts.map((fact) => ({ ...fact, sameFactAs: fact.sameFactAs ?? "stripe:other" })) },
    ],
    ["refunds that were forgotten", refunds, { facts: facts.filter(({ type }) => type !== "refund.created") }],
    [
      "the second of two equal refunds, dropped",
      refunds,
      { facts: facts.filter(({ eventId }) => secondRefund === undefined || eventId !== idOf(secondRefund)) },
    ],
    [
      "a refund that was taken for a contradiction",
      refunds,
      {
        facts: facts.map((fact) =>
          fact.type === "refund.created" ? { ...fact, amountProblem: "status_contradicts" } : fact,
        ),
      },
    ],
    [
      "facts of one payment apart from each other",
      refunds,
      { facts: facts.map((fact) => ({ ...fact, transactionId: fact.eventId })) },
    ],
  ])("notices %s", (_what, name, change) => {
    expect(failing(withEvidence(change))).toContain(name);
  });

  it("lets either of two ids hold the fact that they share", () => {
    const pair = plan.events.find(({ sameFactAs }) => sameFactAs !== undefined);
    if (pair?.sameFactAs === undefined) throw new Error("There is no such pair");
    const [second, first] = [idOf(pair), idOf(pair.sameFactAs)];
    const swap = (id: string) => (id === first ? second : id === second ? first : id);
    const swapped = <T extends { readonly eventId: string }>(list: readonly T[]) =>
      list.map((one) => ({ ...one, eventId: swap(one.eventId) }));
    const subject = withEvidence({
      facts: facts.map(({ sameFactAs, ...fact }) => {
        const repeated = fact.eventId === first ? second : fact.eventId === second ? undefined : sameFactAs;
        return repeated === undefined ? fact : { ...fact, sameFactAs: repeated };
      }),
      decisions: swapped(evidence.decisions),
      scores: swapped(evidence.scores),
      claims: new Map([...evidence.claims].map(([id, status]) => [swap(id), status])),
      alerts: swapped(evidence.alerts),
      lowTierLog: swapped(evidence.lowTierLog),
      workflows: swapped(evidence.workflows),
      reviews: swapped(evidence.reviews),
    });
    expect(failing(subject)).toEqual([]);
  });
});
