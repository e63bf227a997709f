import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { PaymentEvent, WebhookMessage } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import { createScoring } from "../../../lambdas/fraud-detector/score-event.ts";
import { archivePartitionOf } from "../../../lambdas/shared/domain/archive-partition.ts";
import type { Delivery, RecordOutcome } from "../../../lambdas/shared/domain/outcomes.ts";
import { createDeduplication } from "../../../lambdas/webhook-dedup/deduplicate.ts";
import { createMemoryClaimStore } from "../../support/memory-claim-store.ts";
import { createMemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aWebhookMessage, withoutAmount } from "../../support/payment-events.ts";
import { seeded, shuffled } from "../../support/seeded.ts";
import { aWorkerLife, type Fault, type WorkerLife } from "../../support/worker-life.ts";

type Worker<TMessage> = (batch: readonly Delivery<TMessage>[]) => Promise<ReadonlyMap<string, RecordOutcome>>;

interface World {
  readonly random: () => number;
  nowMs: number;
}

const faults: readonly Fault[] = ["refused", "answer-lost", "dies-before", "dies-after"];
const visibilityTimeoutMs = 90_000;
const leaseSeconds = 30;

/**
 * Plays a queue: shuffles what is left into batches, gives them to workers that run at the same time, and delivers anew
 * whatever wasn't done, after the visibility timeout. Faults stop after six rounds, so that everything can end.
 */
async function drain<TMessage>(
  world: World,
  deliveries: readonly Delivery<TMessage>[],
  startWorker: (life: WorkerLife) => Worker<TMessage>,
): Promise<void> {
  let open = deliveries;
  for (let round = 0; open.length > 0; round += 1) {
    if (round > 25) throw new Error(`${open.length} messages are never done`);
    const faultRate = round < 6 ? 0.12 : 0;
    const batches = [...Map.groupBy(shuffled(open, world.random), () => Math.floor(world.random() * 3)).values()];
    const done = await Promise.all(
      batches.map(async (batch) => {
        const life = aWorkerLife(
          () => nextFault(world, faultRate),
          () => Math.floor(world.random() * 6),
        );
        const outcomes = await life.run(() => startWorker(life)(batch));
        if (outcomes === "died") return [];
        return batch.filter(({ messageId }) => outcomes.get(messageId)?.kind === "done");
      }),
    );
    const finished = new Set(done.flat());
    open = open.filter((delivery) => !finished.has(delivery));
    world.nowMs += visibilityTimeoutMs;
  }
}

/** Calls take time too: sometimes so much that a lease ends under a worker that still lives. */
function nextFault(world: World, faultRate: number): Fault {
  world.nowMs += world.random() < 0.05 ? leaseSeconds * 1000 : 5;
  if (world.random() >= faultRate) return "none";
  return faults[Math.floor(world.random() * faults.length)] ?? "none";
}

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
  const world: World = { random: seeded(seed), nowMs: Date.UTC(2026, 10, 20, 14) };
  const now = () => world.nowMs;
  const sleep = async () => {};
  const [claims, transactions, bus] = [
    createMemoryClaimStore(),
    createMemoryTransactionStore(),
    createMemoryEventBus(),
  ];
  const counters = createMemoryFraudCounterStore();
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
    };
    return createDeduplication(ports, leaseSeconds);
  });
  // EventBridge delivers at least once: every event comes twice.
  const routed = [...bus.events(), ...bus.events()].map((message, index) => ({ messageId: `b${index}`, message }));
  await drain(world, routed, (life) => {
    const scoring = { counters: life.endangered(counters), random: world.random, now, sleep };
    const scoreEvent = createScoring(scoring, scorecard);
    return createBatchDecision({ scoreEvent, transactions: life.endangered(transactions), now });
  });
  return { deliveries, claims, transactions, bus, counters };
}

const worlds = fc.asyncProperty(fc.nat(), deliveriesArbitrary, async (seed, choices) => {
  const { deliveries, claims, transactions, bus, counters } = await play(seed, choices);
  const accepted = [...new Set(deliveries.map(({ message }) => message.event.eventId))].sort();
  const facts = transactions.facts();
  const idsOf = (entries: readonly { eventId: string }[]) => entries.map(({ eventId }) => eventId).sort();

  // One fact and one raw entry for each event that was accepted, in one partition, that of one of its receipts.
  expect(idsOf(facts.map(({ event }) => event))).toEqual(accepted);
  expect(idsOf(transactions.raws())).toEqual(accepted);
  for (const { event, archivePartition } of facts) {
    expect(archivePartition).toBe(archivePartitionOf(event.eventId, event.receivedAt));
    expect(transactions.raws().find(({ eventId }) => eventId === event.eventId)).toMatchObject({ archivePartition });
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
