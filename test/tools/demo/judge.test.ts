import type { Evidence } from "../../../tools/demo/evidence.ts";
import { type Case, judge } from "../../../tools/demo/judge.ts";
import { makePlan } from "../../../tools/demo/make-plan.ts";
import type { PlannedEvent } from "../../../tools/demo/plan.ts";

/** What a pipeline without fault leaves behind, derived from the plan alone. */
function flawless(): Case {
  const plan = makePlan({ count: 400, seed: 5, startMs: Date.UTC(2026, 10, 20, 8, 0, 0) });
  const idOf = ({ index, provider }: PlannedEvent) => `${provider}:${index}`;
  const sent = plan.webhooks.map((planned) => ({
    planned,
    status: planned.status,
    ...(planned.event === undefined ? {} : { eventId: idOf(planned.event) }),
    sha256: `hash of ${planned.order.token}`,
    bodyBytes: 400,
    attempts: 1,
    ms: 1,
  }));
  const firstPost = (event: PlannedEvent) => plan.webhooks.find((webhook) => webhook.event === event);
  const own = plan.events.filter(({ sameFactAs }) => sameFactAs === undefined);
  const ids = (...tiers: string[]) => own.filter(({ tier }) => tiers.includes(tier)).map(idOf);
  const evidence: Evidence = {
    facts: plan.events.map((event) => {
      const order = firstPost(event)?.order;
      return {
        eventId: idOf(event),
        transactionId: order?.transactionId ?? idOf(event),
        type: event.type,
        tier: event.tier,
        occurredAt: new Date(order?.occurredAtMs ?? 0).toISOString(),
        ...order?.money,
        ...(event.sameFactAs === undefined ? {} : { sameFactAs: idOf(event.sameFactAs) }),
      };
    }),
    raws: plan.events.map((event) => ({
      eventId: idOf(event),
      sha256: `hash of ${firstPost(event)?.order.token}`,
      isInline: true,
    })),
    decisions: ids("high", "medium", "low").map((eventId) => ({
      eventId,
      decision: "APPROVE",
      decidedBy: "fraud-detector",
    })),
    claims: new Map(
      plan.events.map((event) => [idOf(event), event.sameFactAs === undefined ? "COMPLETED" : "SKIPPED"]),
    ),
    countedPayments: own.reduce((counts, { tier, provider, customerId, type }) => {
      const counted =
        ["high", "medium", "low"].includes(tier) && customerId !== undefined && type === "payment.succeeded";
      const customer = `${provider}#${customerId}`;
      return counted ? counts.set(customer, (counts.get(customer) ?? 0) + 1) : counts;
    }, new Map<string, number>()),
    scoredEvents: ids("high", "medium", "low").length,
    queued: new Map([
      ["webhook-events-dev", 0],
      ["unroutable-dev", ids("unroutable").length],
      ["workflow-failed-dev", 1],
    ]),
    unroutable: ids("unroutable"),
    alerts: ids("medium", "high"),
    lowTierLog: ids("low"),
    deadLetters: new Map([["workflow-failed-dev", ['{"event":{"eventId":"hopeless"}}']]]),
    reviews: ids("high").map((eventId) => ({ eventId, status: "SUCCEEDED" })),
    workflows: ids("medium").map((eventId) => ({ eventId, status: "SUCCEEDED" })),
  };
  const hopeless = [{ queueName: "workflow-failed-dev", token: "hopeless" }];
  return { plan, sent, evidence, hopeless, reviewed: new Set(), deniedCalls: [], permissionProblems: [] };
}

function failing(subject: Case): string[] {
  return judge(subject)
    .invariants.filter(({ ok }) => !ok)
    .map(({ name }) => name);
}

const base = flawless();
const withEvidence = (change: Partial<Evidence>): Case => ({ ...base, evidence: { ...base.evidence, ...change } });
const without = <T>(list: readonly T[]) => list.slice(1);
const twice = <T>(list: readonly T[]) => [...list, ...list.slice(0, 1)];
/** One customer's count raised, and another's lowered by one: sums alone wouldn't show it. */
function moved(by: number): Map<string, number> {
  const [[first, count] = ["", 0], [second, other] = ["", 0], ...rest] = [...base.evidence.countedPayments];
  return new Map([[first, count + by], [second, other - 1], ...rest]);
}
const firstHigh = base.evidence.reviews[0]?.eventId ?? "";

describe("judge", () => {
  it("finds nothing wrong with a flawless run", () => {
    expect(failing(base)).toEqual([]);
    expect(judge(base)).toMatchObject({ lost: 0, doubled: 0 });
  });

  it("counts an event without a record, or without a decision, as lost", () => {
    expect(judge(withEvidence({ facts: without(base.evidence.facts) })).lost).toBe(1);
    expect(judge(withEvidence({ decisions: without(base.evidence.decisions) })).lost).toBe(1);
  });

  it("counts a second record, decision or count as doubled", () => {
    expect(judge(withEvidence({ facts: twice(base.evidence.facts) })).doubled).toBe(1);
    expect(judge(withEvidence({ decisions: twice(base.evidence.decisions) })).doubled).toBe(1);
    expect(judge(withEvidence({ countedPayments: moved(2) })).doubled).toBe(2);
  });

  it.each<[string, Case]>([
    [
      "every webhook got the answer that it deserves",
      { ...base, sent: base.sent.map((one, index) => (index === 0 ? { ...one, status: 500 } : one)) },
    ],
    ["every accepted event is recorded", withEvidence({ facts: without(base.evidence.facts) })],
    ["no event is recorded twice", withEvidence({ facts: twice(base.evidence.facts) })],
    [
      "the exact bytes of every webhook are kept, once",
      withEvidence({ raws: base.evidence.raws.map((raw) => ({ ...raw, sha256: "other" })) }),
    ],
    ["the exact bytes of every webhook are kept, once", withEvidence({ raws: twice(base.evidence.raws) })],
    [
      "every accepted event is completed",
      withEvidence({ claims: new Map([...base.evidence.claims].map(([id]) => [id, "PROCESSING"])) }),
    ],
    [
      "every accepted event is completed",
      withEvidence({ claims: new Map([...base.evidence.claims, [`workflow#${firstHigh}`, "FAILED"]]) }),
    ],
    [
      "every event went the way of its amount",
      withEvidence({ facts: base.evidence.facts.map((fact) => ({ ...fact, tier: "low" })) }),
    ],
    ["every routed event has a decision", withEvidence({ decisions: without(base.evidence.decisions) })],
    ["no event is decided twice", withEvidence({ decisions: twice(base.evidence.decisions) })],
    [
      "nothing else is decided",
      withEvidence({
        decisions: [...base.evidence.decisions, { eventId: "stripe:nobody", decision: "APPROVE", decidedBy: "x" }],
      }),
    ],
    ["every payment is counted once", withEvidence({ scoredEvents: base.evidence.scoredEvents - 1 })],
    ["every payment is counted once", withEvidence({ countedPayments: moved(1) })],
    [
      "every amount is exact",
      withEvidence({ facts: base.evidence.facts.map((fact) => ({ ...fact, amountMinor: `${fact.amountMinor}0` })) }),
    ],
    [
      "nothing that was refused left a trace",
      withEvidence({ claims: new Map([...base.evidence.claims, ["workflow#stripe:refused", "COMPLETED"]]) }),
    ],
    [
      "one fact under two ids takes effect once",
      withEvidence({ facts: base.evidence.facts.map(({ sameFactAs: _dropped, ...fact }) => fact) }),
    ],
    [
      "late events never roll a state back",
      withEvidence({ facts: base.evidence.facts.filter(({ type }) => type !== "refund.created") }),
    ],
    ["unroutable money waits on its queue", withEvidence({ unroutable: without(base.evidence.unroutable) })],
    ["the low tier is logged", withEvidence({ lowTierLog: without(base.evidence.lowTierLog) })],
    ["medium events ran through transaction-workflow", withEvidence({ workflows: without(base.evidence.workflows) })],
    [
      "high events ran through high-value-review",
      withEvidence({ reviews: base.evidence.reviews.map((one) => ({ ...one, status: "FAILED" })) }),
    ],
    ["people were alerted of medium and high events", withEvidence({ alerts: without(base.evidence.alerts) })],
    [
      "every review was decided by a person",
      withEvidence({ reviews: [...base.evidence.reviews, { eventId: firstHigh, status: "RUNNING" }] }),
    ],
    ["every review was decided by a person", { ...base, reviewed: new Set([firstHigh]) }],
    ["no message is left over", withEvidence({ queued: new Map([["webhook-events-dlq-dev", 1]]) })],
    ["no message is left over", withEvidence({ queued: new Map([["unroutable-to-unroutable-dlq-dev", 1]]) })],
    [
      "what can never succeed is a dead letter, and nothing else is",
      withEvidence({ deadLetters: new Map([["workflow-failed-dev", []]]) }),
    ],
    [
      "what can never succeed is a dead letter, and nothing else is",
      withEvidence({ deadLetters: new Map([["workflow-failed-dev", ["hopeless", "a payment"]]]) }),
    ],
    [
      "every permission was used, or is listed with its reason",
      { ...base, permissionProblems: ["webhook-dedup-dev: dynamodb:Scan on * was not used"] },
    ],
    ["no permission was missing", { ...base, deniedCalls: ["webhook-dedup-dev is not allowed dynamodb:PutItem"] }],
  ])("notices: %s", (name, subject) => {
    expect(failing(subject)).toContain(name);
  });

  it("doesn't judge permissions after a run that was too short to use them", () => {
    const { permissionProblems: _, ...short } = base;
    expect(judge(short).invariants.map(({ name }) => name)).not.toContain(
      "every permission was used, or is listed with its reason",
    );
  });

  it("notices a record of a webhook that was refused", () => {
    const refused = base.evidence.facts.map((fact, index) =>
      index === 0 ? { ...fact, eventId: "stripe:tampered" } : fact,
    );
    expect(failing(withEvidence({ facts: refused }))).toContain("nothing that was refused left a trace");
  });

  it("lets either of two ids hold the fact that they share", () => {
    const pair = base.plan.events.find(({ sameFactAs }) => sameFactAs !== undefined);
    const [second, first] = [`stripe:${pair?.index}`, `stripe:${pair?.sameFactAs?.index}`];
    const swap = (id: string) => (id === first ? second : id === second ? first : id);
    const swapped = <T extends { readonly eventId: string }>(list: readonly T[]) =>
      list.map((one) => ({ ...one, eventId: swap(one.eventId) }));
    const { evidence } = base;
    const subject = withEvidence({
      facts: evidence.facts.map(({ sameFactAs, ...fact }) => {
        const repeated = fact.eventId === first ? second : fact.eventId === second ? undefined : sameFactAs;
        return repeated === undefined ? fact : { ...fact, sameFactAs: repeated };
      }),
      decisions: swapped(evidence.decisions),
      claims: new Map([...evidence.claims].map(([id, status]) => [swap(id), status])),
      alerts: evidence.alerts.map(swap),
      lowTierLog: evidence.lowTierLog.map(swap),
      workflows: swapped(evidence.workflows),
      reviews: swapped(evidence.reviews),
    });
    expect(failing(subject)).toEqual([]);
  });

  it("allows a delivery that is repeated, as at-least-once does", () => {
    const { alerts, lowTierLog, workflows } = base.evidence;
    expect(
      failing(withEvidence({ alerts: twice(alerts), lowTierLog: twice(lowTierLog), workflows: twice(workflows) })),
    ).toEqual([]);
  });
});
