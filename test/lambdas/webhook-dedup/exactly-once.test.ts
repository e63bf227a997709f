import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { PaymentEvent, WebhookMessage } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import { archivePartitionOf } from "../../../lambdas/shared/domain/archive-partition.ts";
import { createDeduplication } from "../../../lambdas/webhook-dedup/deduplicate.ts";
import { createMemoryClaimStore } from "../../support/memory-claim-store.ts";
import { createMemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aWebhookMessage, withoutAmount } from "../../support/payment-events.ts";
import { drain, type World } from "../../support/queue-of-faults.ts";
import { tierOf } from "../../support/routing.ts";
import { seeded } from "../../support/seeded.ts";

const leaseSeconds = 30;

/** Deliveries of a few events; repeats of one come with other times, as from a provider whose body has none. */
const deliveriesArbitrary = fc.array(
  fc.record({
    event: fc.nat(5),
    delayMinutes: fc.nat(180),
    source: fc.constantFrom("webhook", "webhook", "reconciliation", "replay"),
  }),
  { minLength: 1, maxLength: 14 },
);

/** Six events: 0 and 1 are one fact under two ids, as are 2 and 3; 4 has no version; 5 has no money in it. */
const events: readonly Partial<PaymentEvent>[] = [
  { objectVersion: "v1", transactionId: "stripe:pi_1" },
  { objectVersion: "v1", transactionId: "stripe:pi_1" },
  { objectVersion: "v2", transactionId: "stripe:pi_1" },
  { objectVersion: "v2", transactionId: "stripe:pi_1" },
  { transactionId: "stripe:pi_2" },
  { transactionId: "stripe:acct_1", type: "account.updated" },
];

function messageOf(choice: { event: number; delayMinutes: number; source: WebhookMessage["source"] }): WebhookMessage {
  const receivedAt = new Date(Date.UTC(2026, 10, 20, 10, choice.delayMinutes)).toISOString();
  const message = aWebhookMessage(
    {
      ...events[choice.event],
      eventId: `stripe:evt_${choice.event}`,
      customerId: "cus_1",
      signals: { cardFingerprint: "card_1" },
      occurredAt: receivedAt,
      receivedAt,
    },
    { source: choice.source },
  );
  return message.event.type === "account.updated" ? { ...message, event: withoutAmount(message.event) } : message;
}

async function play(seed: number, choices: readonly Parameters<typeof messageOf>[0][]) {
  const world: World = { random: seeded(seed), nowMs: Date.UTC(2026, 10, 20, 14), longestCallMs: leaseSeconds * 1000 };
  const now = () => world.nowMs;
  const sleep = async () => {};
  const [claims, transactions, bus] = [
    createMemoryClaimStore(),
    createMemoryTransactionStore(),
    createMemoryEventBus(),
  ];
  const counters = createMemoryFraudCounterStore(transactions);
  const deliveries = choices.map((choice, index) => ({ messageId: `m${index}`, message: messageOf(choice) }));
  await drain(world, deliveries, (life) => {
    const ports = {
      claims: life.endangered(claims),
      transactions: life.endangered(transactions),
      bus: life.endangered(bus),
      newToken: randomUUID,
      random: world.random,
      now,
      sleep,
      tierOf,
    };
    return createDeduplication(ports, leaseSeconds);
  });
  // EventBridge delivers at least once: every event comes twice.
  const routed = [...bus.events(), ...bus.events()].map((message, index) => ({ messageId: `b${index}`, message }));
  await drain(world, routed, (life) => {
    const stores = { counters: life.endangered(counters), transactions: life.endangered(transactions) };
    return createBatchDecision({ ...stores, random: world.random, now, sleep, tierOf }, scorecard);
  });
  return { deliveries, claims, transactions, bus, counters };
}

const worlds = fc.asyncProperty(fc.nat(), deliveriesArbitrary, async (seed, choices) => {
  const { deliveries, claims, transactions, bus, counters } = await play(seed, choices);
  const accepted = [...new Set(deliveries.map(({ message }) => message.event.eventId))].sort();
  const facts = transactions.facts();
  const idsOf = (entries: readonly { eventId: string }[]) => entries.map(({ eventId }) => eventId).sort();

  // One fact and one raw entry for each event that was accepted, the raw one under its fact's key, and in the partition of one of its receipts.
  expect(idsOf(facts.map(({ event }) => event))).toEqual(accepted);
  expect(idsOf(transactions.raws())).toEqual(accepted);
  for (const { event, archivePartition } of facts) {
    expect(archivePartition).toBe(archivePartitionOf(event.eventId, event.receivedAt));
    const { transactionId, occurredAt } = event;
    const raw = transactions.raws().find(({ eventId }) => eventId === event.eventId);
    expect(raw).toMatchObject({ transactionId, occurredAt });
  }
  // Every claim is closed, and what is a fact under two ids is routed under one of them.
  expect([...claims.records.keys()].sort()).toEqual(accepted);
  for (const { status } of claims.records.values()) expect(["COMPLETED", "SKIPPED"]).toContain(status);
  const originals = facts.filter(({ sameFactAs }) => sameFactAs === undefined).map(({ event }) => event);
  const factKeys = originals.map(({ transactionId, objectVersion }) => `${transactionId} ${objectVersion}`);
  expect(new Set(factKeys).size).toBe(originals.length);
  const routed = idsOf(originals.filter(({ routingAmountUsd }) => routingAmountUsd !== undefined));
  expect([...new Set(idsOf(bus.events()))]).toEqual(routed);
  // One decision and one count for each routed event.
  expect(idsOf(transactions.decisions().map(({ score }) => score))).toEqual(routed);
  expect([...counters.scores.keys()].sort()).toEqual(routed);
  const counted = routed.length === 0 ? undefined : routed.length;
  expect(counters.histories.get("customer#stripe#cus_1")?.history.payments).toBe(counted);
  expect(counters.histories.get("card#stripe#card_1")?.history.payments).toBe(counted);
});

describe("deliveries in any order, number and state of health", () => {
  it("rule 8: crashes, lost answers, races and lost leases end in one fact, one decision and one count", async () => {
    await fc.assert(worlds, { numRuns: 300 });
  });
});
