/** What a pipeline without fault leaves behind, derived from a plan; and how tests spoil it. */
import { environments } from "../../../../config/environments.ts";
import type { Decision, FraudScore } from "../../../../config/events.ts";
import { names } from "../../../../config/names.ts";
import { type ProviderName, providerNames } from "../../../../config/providers.ts";
import { scorecard } from "../../../../config/scorecard.ts";
import { sha256Hex } from "../../../../lambdas/shared/domain/raw-webhook.ts";
import { routingAmountOf } from "../../../../lambdas/shared/domain/routing.ts";
import { emptyHistory, type SubjectHistory, withPayment } from "../../../../lambdas/shared/domain/subject-history.ts";
import type { FindingCode } from "../../../../tools/audit/findings.ts";
import type { ArchiveSeen, TamperingSeen } from "../../../../tools/demo/archive.ts";
import type { EventSeen, Evidence, MessageSeen } from "../../../../tools/demo/evidence.ts";
import { hopelessQueues } from "../../../../tools/demo/hopeless.ts";
import { judge } from "../../../../tools/demo/judge.ts";
import type { Case } from "../../../../tools/demo/judging/findings.ts";
import { certainReasons } from "../../../../tools/demo/judging/reasons.ts";
import { makePlan } from "../../../../tools/demo/make-plan.ts";
import type { PlannedEvent } from "../../../../tools/demo/plan.ts";
import { reviewerName } from "../../../../tools/demo/reviewer.ts";
import { environment } from "../../../../tools/demo/runtime-arguments.ts";
import { type SentWebhook, signed } from "../../../../tools/demo/send.ts";
import type { SweepsSeen } from "../../../../tools/demo/sweeps.ts";
import { ofStandIn, reconciliation, reconciliationAlerts, standInSums } from "./stand-in.ts";

const startMs = Math.floor(Date.now() / 1_000) * 1_000;
const secret = { secrets: ["whsec_c2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXMhISEh"] };
const secrets = Object.fromEntries(providerNames.map((name) => [name, secret])) as Record<ProviderName, unknown>;
const plan = makePlan({ count: 400, seed: 5, startMs });

interface Post extends SentWebhook {
  readonly body: Uint8Array;
}

const sent = plan.webhooks.map((planned): Post => {
  const { headers, body, deliveryId } = signed(planned, secrets);
  const topic = planned.provider === "shopify" ? `:${headers["x-shopify-topic"]}` : "";
  return {
    planned,
    status: planned.status,
    ...(planned.event === undefined ? {} : { eventId: `${planned.provider}:${deliveryId}${topic}` }),
    headers,
    deliveryId,
    body,
    sha256: sha256Hex(body),
    bodyBytes: body.length,
    attempts: 1,
    ms: 1,
  };
});

function postOf(event: PlannedEvent): Post {
  const found = sent.find(({ planned }) => planned.event === event);
  if (found === undefined) throw new Error("A planned event is in no webhook");
  return found;
}

export const idOf = (event: PlannedEvent): string => postOf(event).eventId ?? "";

const booked = plan.events.filter(({ reuses }) => reuses === undefined);
const own = booked.filter(({ sameFactAs }) => sameFactAs === undefined);
const inTiers = (...tiers: string[]) => own.filter(({ tier }) => tiers.includes(tier));
const seen = (event: PlannedEvent): EventSeen => ({ eventId: idOf(event), ...event.money });

function scores(): FraudScore[] {
  const known = new Set<string>();
  return inTiers("low", "medium", "high").map((event) => {
    const customer = `${event.provider} ${event.order.customerId}`;
    const isNew = event.type === "payment.succeeded" && event.order.customerId !== undefined && !known.has(customer);
    if (isNew) known.add(customer);
    const found = [...certainReasons(event), ["new-customer", isNew ? 0.05 : 0] as const];
    const reasons = found.flatMap(([code, weight]) => (weight > 0 ? [{ code, weight, detail: "" }] : []));
    const score = Math.min(1, Math.round(reasons.reduce((sum, { weight }) => sum + weight, 0) * 100) / 100);
    const decision = score >= 0.8 ? "BLOCK" : score >= 0.5 ? "REVIEW" : "APPROVE";
    return { eventId: idOf(event), score, decision, reasons, modelVersion: scorecard.modelVersion };
  });
}

/** By the pipeline's own arithmetic, which the judge doesn't use. */
function histories(): Evidence["histories"] {
  const kept = new Map<string, SubjectHistory>();
  for (const { provider, type, money, order } of inTiers("low", "medium", "high")) {
    if (type !== "payment.succeeded" || money === undefined) continue;
    const { customerId, cardFingerprint } = order;
    const event = {
      occurredAt: new Date(order.occurredAtMs).toISOString(),
      currency: money.currency,
      ...routingAmountOf(money.amountMinor, money.currency, environments[environment].routingThresholdsUsd),
    };
    for (const key of [
      ...(customerId === undefined ? [] : [`customer#${provider}#${customerId}`]),
      ...(cardFingerprint === undefined ? [] : [`card#${provider}#${cardFingerprint}`]),
    ]) {
      kept.set(key, withPayment(kept.get(key) ?? emptyHistory, event as Parameters<typeof withPayment>[1], startMs));
    }
  }
  return new Map([...kept].map(([key, history]) => [key, numbersIn(history)]));
}

function numbersIn(value: object, place: readonly string[] = []): Map<string, bigint> {
  return new Map(
    Object.entries(value).flatMap(([name, inner]) =>
      typeof inner === "object"
        ? [...numbersIn(inner, [...place, name])]
        : [[[...place, name].join("."), BigInt(inner)]],
    ),
  );
}

const given = scores();
const isForPerson = new Set(inTiers("high").map(idOf));
const reviewed = new Map(
  given
    .filter(({ eventId, decision }) => decision === "REVIEW" && isForPerson.has(eventId))
    .map(({ eventId, score }): [string, Decision] => [eventId, score >= 0.7 ? "BLOCK" : "APPROVE"]),
);

export const turnedAway = plan.events.filter(({ reuses }) => reuses !== undefined);

export const hopeless = hopelessQueues(names(environment)).map((queueName, place) => ({
  queueName,
  token: `hopeless${place}`,
}));
const letters = hopeless.map(({ queueName, token }): [string, readonly MessageSeen[]] => [
  queueName,
  [{ event: { eventId: "" }, body: `This is no JSON: ${token}` }],
]);
const turnedAwayLetters = turnedAway.map((event) => ({
  event: seen(event),
  body: postOf(event).sha256,
  reason: "event-id-reused",
}));

const evidence: Evidence = {
  facts: booked.map((event) => ({
    ...seen(event),
    transactionId: event.order.transactionId ?? idOf(event),
    type: event.type,
    tier: event.tier,
    occurredAt: new Date(event.order.occurredAtMs).toISOString(),
    ...(event.sameFactAs === undefined ? {} : { sameFactAs: idOf(event.sameFactAs) }),
  })),
  raws: booked.map((event) => {
    const { headers, body, sha256, planned } = postOf(event);
    const receivedAt = new Date(startMs).toISOString();
    const isInline = planned.paddingBytes === undefined;
    return { eventId: idOf(event), receivedAt, headers, bytes: body, sha256, isInline };
  }),
  decisions: given.map(({ eventId, score, decision, reasons, modelVersion }) => ({
    ...{ eventId, score, reasons, modelVersion },
    decision: reviewed.get(eventId) ?? decision,
    decidedBy: reviewed.has(eventId) ? reviewerName : "fraud-detector",
  })),
  claims: new Map(booked.map((event) => [idOf(event), event.sameFactAs === undefined ? "COMPLETED" : "SKIPPED"])),
  histories: histories(),
  scores: given,
  queues: new Map([
    ["webhook-events-dev", []],
    ["unroutable-dev", inTiers("unroutable").map((event) => ({ event: seen(event), body: "" }))],
    ...letters.map(([queueName, messages]): [string, readonly MessageSeen[]] => [
      queueName,
      queueName === "webhook-events-dlq-dev" ? [...turnedAwayLetters, ...messages] : messages,
    ]),
  ]),
  unreadable: new Map(),
  alerts: inTiers("medium", "high").map(seen),
  lowTierLog: inTiers("low").map(seen),
  reconciliationAlerts,
  reviews: inTiers("high").map((event) => ({ ...seen(event), status: "SUCCEEDED" })),
  workflows: inTiers("medium").map((event) => ({ ...seen(event), status: "SUCCEEDED" })),
};

/** One sum for each event, which is as many days as anybody could seal. */
const archive: ArchiveSeen = {
  endings: ["SUCCEEDED"],
  days: [new Date(startMs).toISOString().slice(0, 10)],
  facts: [...booked.map(idOf), ...reconciliation.eventIds],
  sums: [
    ...own.flatMap(({ money, type, provider }) => (money === undefined ? [] : [{ ...money, type, provider, rows: 1 }])),
    ...standInSums,
  ],
  findings: [],
  tamperings: [
    tampered("flipped byte", "transactions/part-000.parquet", "object-hash"),
    tampered("deleted object", "raw/part-000.parquet", "object-missing"),
    tampered("edited manifest", "manifests/day.json", "signature-invalid"),
  ],
};

function tampered(name: string, object: string, code: FindingCode): TamperingSeen {
  return { name, object, code, findings: [{ code, object, message: "" }] };
}

const sweptUp = ({ queues }: Evidence): SweepsSeen => ({
  undone: given.slice(0, 1).map(({ eventId }) => eventId),
  copies: new Map(
    [...queues]
      .filter(([name]) => /-dlq-|^unroutable-|^workflow-failed-/.test(name))
      .map(([name, messages]) => [name, messages.length]),
  ),
});

export const flawless: Case = {
  ...{ plan, sent, evidence, archive, reconciliation, ofStandIn, secrets, reviewed, hopeless },
  sweeps: sweptUp(evidence),
  calls: 1,
  deniedCalls: [],
};

/** With copies of whatever letters there are then. */
export const withEvidence = (change: Partial<Evidence>): Case => {
  const changed = { ...flawless.evidence, ...change };
  return { ...flawless, evidence: changed, sweeps: sweptUp(changed) };
};
/** The answers to webhooks that were accepted, changed one by one. */
export const withAnswers = (change: (answer: SentWebhook, place: number) => Partial<SentWebhook> | undefined): Case => {
  let place = 0;
  return {
    ...flawless,
    sent: flawless.sent.map((answer) => {
      const changed = answer.status === 200 ? change(answer, place++) : {};
      const { eventId: _id, ...rest } = answer;
      return changed === undefined ? rest : { ...answer, ...changed };
    }),
  };
};
export const without = <T>(list: readonly T[]): readonly T[] => list.slice(1);
export const twice = <T>(list: readonly T[]): readonly T[] => [...list, ...list.slice(0, 1)];
/** The first of a list, changed. */
export const firstChanged = <T>(list: readonly T[], change: (one: T) => Partial<T>): readonly T[] =>
  list.map((one, place) => (place === 0 ? { ...one, ...change(one) } : one));

export function failing(subject: Case): string[] {
  return judge(subject)
    .invariants.filter(({ ok }) => !ok)
    .map(({ name }) => name);
}

export function detailOf(subject: Case, name: string): string | undefined {
  return judge(subject).invariants.find((invariant) => invariant.name === name)?.detail;
}
