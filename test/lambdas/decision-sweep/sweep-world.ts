import { randomUUID } from "node:crypto";
import type { PaymentEvent, Tier } from "../../../config/events.ts";
import { createSweep } from "../../../lambdas/decision-sweep/sweep-decisions.ts";
import type { FactKey } from "../../../lambdas/shared/domain/archive/records.ts";
import { archivePartitionOf } from "../../../lambdas/shared/domain/archive-partition.ts";
import type { EntryRefusal } from "../../../lambdas/shared/domain/publishing.ts";
import type { RecordedFact, SweepProgress, SweepRecords, SweepState } from "../../../lambdas/shared/domain/sweep.ts";
import { createMemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aPaymentEvent } from "../../support/payment-events.ts";
import type { WorkerLife } from "../../support/worker-life.ts";

export const hourMs = 60 * 60 * 1000;
export const startMs = Date.UTC(2026, 10, 20, 12, 30);

/** An event of the ledger. */
export interface Booked {
  readonly id: string;
  /** Since the first receipt. */
  readonly ageMs: number;
  readonly tier?: Tier;
  readonly sameFactAs?: string;
  readonly workflow?: SweepState["workflow"];
  readonly status?: "COMPLETED" | "FAILED" | "PROCESSING";
  readonly isUnreadable?: boolean;
}

/** A ledger, claims, a bus and a clock, and the sweep over them. */
export function aWorld(booked: readonly Booked[], refuse?: () => EntryRefusal) {
  const world = { nowMs: startMs };
  const [transactions, bus] = [createMemoryTransactionStore(), createMemoryEventBus(refuse)];
  const sweeps = new Map<string, { count: number; atMs: number }>();
  const kept = new Map<string, { readonly key: FactKey; status: "open" | "closed"; isForGood: boolean }>();
  const progress: SweepProgress[] = [];
  const pagesRead: string[] = [];
  const gone = new Set<string>();
  const told: string[] = [];
  const factOf = (one: Booked): RecordedFact & Booked => {
    const at = new Date(startMs - one.ageMs).toISOString();
    const eventId = `stripe:${one.id}`;
    const event = aPaymentEvent({ eventId, customerId: "cus_1", receivedAt: at, occurredAt: at });
    return { ...one, event, tier: one.tier ?? "low" };
  };
  const facts = booked.map(factOf);
  const keyOf = ({ transactionId, occurredAt, eventId }: PaymentEvent): FactKey => {
    return { transactionId, entry: `${occurredAt}#${eventId}` };
  };
  const idOf = ({ entry }: FactKey) => entry.slice(entry.indexOf("#") + 1);
  const factAt = (key: FactKey) => facts.find(({ event }) => keyOf(event).entry === key.entry);
  const records: SweepRecords = {
    async states(ids) {
      const states = ids.map((id): readonly [string, SweepState] => {
        const { workflow, status = "COMPLETED" } = facts.find(({ event }) => event.eventId === id) ?? {};
        const [swept, mark] = [sweeps.get(id)?.count ?? 0, kept.get(id)?.status];
        return [id, { event: { status }, ...(workflow && { workflow }), sweeps: swept, kept: mark ?? "none" }];
      });
      return new Map(states);
    },
    async count(id, { nowMs, pauseMs, isLast }) {
      const before = sweeps.get(id);
      if (before !== undefined && before.atMs > nowMs - pauseMs) return;
      sweeps.set(id, { count: (before?.count ?? 0) + 1, atMs: nowMs });
      const mark = kept.get(id);
      if (isLast && mark !== undefined) mark.isForGood = true;
    },
    async keep(key, { isForGood }) {
      if (!kept.has(idOf(key))) kept.set(idOf(key), { key, status: "open", isForGood });
    },
    async close(id) {
      const mark = kept.get(id);
      if (mark !== undefined) mark.status = "closed";
    },
    async page({ limit, after = "0" }) {
      const open = [...kept.values()].filter(({ status }) => status === "open").map(({ key }) => key);
      const end = Number(after) + Math.min(limit, 2);
      return { keys: open.slice(Number(after), end), ...(open.length > end && { next: String(end) }) };
    },
    progress: async () => progress.at(-1),
    async saveProgress(saved) {
      progress.push(saved);
    },
  };
  const ledger = {
    async page(partition: string, { after }: { readonly after?: string } = {}) {
      pagesRead.push(partition);
      const keys = facts
        .filter(({ event }) => archivePartitionOf(event.eventId, event.receivedAt) === partition)
        .map(({ event }) => keyOf(event))
        .toSorted((a, b) => (a.entry < b.entry ? -1 : 1))
        .filter(({ entry }) => after === undefined || entry > after);
      const [first] = keys;
      return { keys: keys.slice(0, 1), ...(keys.length > 1 && first && { next: first.entry }) };
    },
    async decided(keys: readonly FactKey[]) {
      const done = new Set(transactions.decisions().map(({ score }) => score.eventId));
      return keys.filter((key) => done.has(factAt(key)?.event.eventId ?? ""));
    },
  };
  const reader = {
    async facts(keys: readonly FactKey[]) {
      const found = keys.flatMap((key) => factAt(key) ?? []).filter(({ event }) => !gone.has(event.eventId));
      return {
        facts: found.filter(({ isUnreadable }) => isUnreadable !== true),
        unreadable: found.filter(({ isUnreadable }) => isUnreadable).map(({ event }) => keyOf(event)),
      };
    },
  };
  function sweep({
    life,
    asOfMs = world.nowMs,
    untilMs = Number.POSITIVE_INFINITY,
  }: {
    life?: WorkerLife;
    asOfMs?: number;
    untilMs?: number;
  } = {}) {
    const guard = <T extends object>(port: T): T => life?.endangered(port) ?? port;
    return createSweep({
      ledger: guard(ledger),
      ...guard(reader),
      records: guard(records),
      bus: guard(bus),
      now: () => world.nowMs,
      newToken: randomUUID,
      sleep: async () => {},
      random: () => 0.5,
      tell: ({ eventId }, outcome) => void told.push(`${eventId} ${outcome}`),
      tellUnreadable: ({ transactionId }) => void told.push(`${transactionId} unreadable`),
    })({ asOfMs, untilMs });
  }
  const book = (one: Booked) => void facts.push(factOf(one));
  const decide = ({ transactionId, occurredAt, eventId }: PaymentEvent) => {
    const decision = "APPROVE" as const;
    const score = { eventId, score: 0.1, decision, reasons: [], modelVersion: "1" };
    const by = { decidedAt: occurredAt, decidedBy: "fraud-detector" };
    return transactions.recordDecision({ transactionId, occurredAt, tier: "low", score, decision, ...by });
  };
  return { world, transactions, bus, sweeps, kept, progress, pagesRead, gone, told, sweep, book, decide, facts };
}
