/** The function as handler.ts wires it, over fakes in memory. */
import * as v from "valibot";
import { type WebhookMessage, webhookMessageSchema } from "../../../config/events.ts";
import { type ReconciliationReport, reportSchema } from "../../../config/reconciliation.ts";
import type { FactRecord } from "../../../lambdas/shared/domain/archive/records.ts";
import { discrepancyOf } from "../../../lambdas/shared/domain/reconciliation/discrepancy.ts";
import type { EventClaim, OpenedLedger } from "../../../lambdas/shared/domain/reconciliation/ports.ts";
import type { RunRequest } from "../../../lambdas/shared/domain/reconciliation/run-state.ts";
import type { Alert } from "../../../lambdas/webhook-reconciliation/alerts.ts";
import { createComparison } from "../../../lambdas/webhook-reconciliation/compare-run.ts";
import { measured } from "../../../lambdas/webhook-reconciliation/measured.ts";
import { createSettlement } from "../../../lambdas/webhook-reconciliation/settle-run.ts";
import {
  aFactRecord,
  aRawRecord,
  createMemoryArchiveLedger,
  createMemoryArchiveObjects,
  keyOfFact,
} from "../../support/memory-archive.ts";
import { createMemoryDiscrepancyStore, createMemoryProgress } from "../../support/memory-reconciliation.ts";
import { routingThresholdsUsd } from "../../support/routing.ts";
import { aLedger, type Books, type ListedEvent, someBooks } from "./books.ts";

export const scheduledAt = "2026-11-20T02:00:00.000Z";
export const runId = "20261120T020000Z";
export const aRequest: RunRequest = { scheduledAt, providers: ["stripe"] };

/** A day with a provider's books, our claims and facts. Everything may be changed between the phases. */
export function aWorkplace(books: Books = someBooks()) {
  const clock = { nowMs: Date.parse(scheduledAt) };
  const now = () => clock.nowMs;
  const claims = new Map<string, EventClaim>();
  const facts: FactRecord[] = [];
  const archive = createMemoryArchiveLedger();
  const objects = createMemoryArchiveObjects(now);
  const discrepancies = createMemoryDiscrepancyStore();
  const progress = createMemoryProgress();
  const sent: string[] = [];
  const alerts: Alert[] = [];
  const measures: Readonly<Record<string, number>>[] = [];
  const opened: { answer: OpenedLedger } = { answer: { kind: "opened", ledger: aLedger(books) } };

  const ports = {
    objects,
    discrepancies,
    checkpoints: progress,
    checked: progress,
    archive,
    claims: {
      claimsOf: async (ids: readonly string[]) =>
        new Map(ids.flatMap((id) => [claims.get(id) ?? []].flat().map((claim) => [id, claim] as const))),
    },
    facts: {
      factsAt: async (keys: readonly { readonly transactionId: string; readonly entry: string }[]) => {
        const wanted = new Set(keys.map((key) => JSON.stringify(key)));
        const its = facts.filter((fact) => wanted.has(JSON.stringify(keyOfFact(fact))));
        return new Map(its.map((fact) => [fact.eventId, fact]));
      },
      factsOf: async (ids: readonly string[]) =>
        new Map(ids.map((id) => [id, facts.filter(({ transactionId }) => transactionId === id)])),
    },
    payloads: { put: async (key: string) => ({ bucket: "payloads", key }) },
    queue: { send: async (messages: readonly string[]) => void sent.push(...messages) },
    alerts: {
      publish: async (topic: Alert["topic"], alert: { subject: string; text: string }) =>
        void alerts.push({ topic, ...alert }),
    },
    openLedger: async () => opened.answer,
    now,
    routingThresholdsUsd,
  };

  /** The phases over these ports, or over others that a test has put in their place. */
  function phases(its: typeof ports = ports, options: Parameters<typeof createComparison>[1] = {}) {
    const { compare, journal } = createComparison(its, options);
    const measure = (report: ReconciliationReport) => void measures.push(measured(report));
    return { compare, settle: createSettlement({ ...its, journal, measure }, "test") };
  }

  function reportAt(key: string): ReconciliationReport {
    const text = Buffer.from(objects.stored.get(key)?.bytes ?? Buffer.of()).toString();
    return v.parse(reportSchema, JSON.parse(text));
  }

  /** Both phases to their end. */
  async function run(request: RunRequest = aRequest): Promise<ReconciliationReport> {
    const { compare, settle } = phases();
    const { runId: id, done } = await compare(request, () => false);
    if (!done) throw new Error("The comparison has not come to its end");
    return reportAt((await settle(id)).report);
  }

  /** An event that we took as the provider tells it, or otherwise. */
  function recorded(event: ListedEvent, change: Partial<FactRecord> = {}, claim: Partial<EventClaim> = {}): FactRecord {
    const eventId = `stripe:${event.id}`;
    const { occurredAt } = event;
    const fact = aFactRecord({
      eventId,
      transactionId: `stripe:pi_${event.id}`,
      amountMinor: 5000n,
      occurredAt,
      receivedAt: occurredAt,
      ...change,
    });
    claimed(event, { status: "COMPLETED", firstOccurredAt: fact.occurredAt, ...claim });
    facts.push(fact);
    archive.recordFact(fact);
    archive.recordRaw(keyOfFact(fact), aRawRecord({ body: Buffer.from(event.body) }));
    return fact;
  }

  function claimed({ id }: ListedEvent, claim: Partial<EventClaim>): void {
    const eventId = `stripe:${id}`;
    claims.set(eventId, { eventId, status: "COMPLETED", ...claim });
  }

  /** One that failed, and that earlier runs have sent so often. */
  function failedBefore({ id, occurredAt }: ListedEvent, retries: number): void {
    const eventId = `stripe:${id}`;
    claimed({ id, occurredAt, body: "" }, { status: "FAILED" });
    const trouble = { kind: "failed-event", provider: "stripe", eventId, occurredAt, retries } as const;
    const mark = { runId: "20261119T020000Z", at: "2026-11-19T02:00:00.000Z" };
    void discrepancies.record([discrepancyOf(trouble, mark)]);
  }

  /** What webhook-dedup makes of the messages: each event is taken, with a fact. */
  function deliver(): void {
    for (const { event } of messages()) {
      if (claims.get(event.eventId)?.status === "COMPLETED") continue;
      const { eventId, transactionId, type, providerType, amountMinor, currency, occurredAt, receivedAt } = event;
      const about = { eventId, transactionId, type, providerType, occurredAt, receivedAt };
      const fact = aFactRecord({ ...about, ...moneyOf(amountMinor, currency) });
      claims.set(eventId, { eventId, status: "COMPLETED" });
      facts.push(fact);
      archive.recordFact(fact);
    }
  }

  const messages = (): WebhookMessage[] => sent.map((text) => v.parse(webhookMessageSchema, JSON.parse(text)));
  return {
    books,
    clock,
    claims,
    facts,
    objects,
    discrepancies,
    progress,
    alerts,
    measures,
    opened,
    ports,
    phases,
    run,
    reportAt,
    recorded,
    claimed,
    failedBefore,
    deliver,
    messages,
  };
}

/** What a fact has of money, and nothing of the usual fact's where the event has none. */
export function moneyOf(amountMinor: string | undefined, currency: string | undefined): Partial<FactRecord> {
  const known = amountMinor !== undefined && currency !== undefined;
  const money = known
    ? { amountMinor: BigInt(amountMinor), currency }
    : { amountMinor: undefined, currency: undefined };
  return money as Partial<FactRecord>;
}
