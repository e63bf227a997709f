import { randomUUID } from "node:crypto";
import fc from "fast-check";
import * as v from "valibot";
import { type PaymentEvent, type WebhookMessage, webhookMessageSchema } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import { type ClaimStatus, workflowClaimKey } from "../../../lambdas/shared/domain/claims.ts";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
import { messagesOf } from "../../../lambdas/shared/domain/webhook-messages.ts";
import { createDeduplication } from "../../../lambdas/webhook-dedup/deduplicate.ts";
import { createWorkflowClaim } from "../../../lambdas/workflow-claim/claim-workflow.ts";
import type { ClaimRecord } from "../../../tools/aws/records.ts";
import type { Reopening } from "../../../tools/aws/reopen-workflow.ts";
import type { RecordedEvent } from "../../../tools/replay/recorded.ts";
import { type ReplayOrder, type ReplayPorts, replayEvent } from "../../../tools/replay/replay.ts";
import { translateAgain } from "../../../tools/replay/translation.ts";
import { createMemoryClaimStore } from "../../support/memory-claim-store.ts";
import { createMemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { drain, type World } from "../../support/queue-of-faults.ts";
import { routingThresholdsUsd as thresholds, tierOf } from "../../support/routing.ts";
import { seeded } from "../../support/seeded.ts";
import { aWorkerLife, type Fault, type WorkerLife } from "../../support/worker-life.ts";

const startMs = Date.UTC(2026, 10, 20, 12);
const dayMs = 24 * 60 * 60 * 1000;
const secretValue = { secrets: ["whsec_1"] };

/** A provider's webhook, as bytes. */
function bodyOf(id: string, amount = 2_000): Buffer {
  const object = { id: `pi_${id}`, object: "payment_intent", amount, currency: "usd", customer: "cus_1" };
  const event = { id: `evt_${id}`, object: "event", type: "payment_intent.succeeded", created: startMs / 1000 };
  return Buffer.from(JSON.stringify({ ...event, data: { object } }));
}

/** The event of a body as it is translated today. */
function translatedOf(id: string): PaymentEvent {
  const body = bodyOf(id);
  const recorded = { eventId: `stripe:evt_${id}`, transactionId: `stripe:pi_${id}`, provider: "stripe" };
  const times = { occurredAt: new Date(startMs).toISOString(), receivedAt: new Date(startMs).toISOString() };
  const about = { providerType: "payment_intent.succeeded", tier: "low", correlationId: "c-1", hasDecision: false };
  const raw = { body, headers: {}, sha256: sha256Hex(body) };
  const event = { ...recorded, ...times, ...about, place: "test", bytes: async () => raw };
  const translated = translateAgain(event, raw, { secretValue, thresholds });
  if (translated.kind !== "event") throw new Error(translated.why);
  return translated.event;
}

/** As it was before its currency had a rate. */
function unrated({ routingAmountUsd: _, fxDate: __, ...event }: PaymentEvent): PaymentEvent {
  return { ...event, amountProblem: "rate_unknown" };
}

async function firstMessage(id: string, isUnrated: boolean): Promise<WebhookMessage> {
  const body = bodyOf(id);
  const event = isUnrated ? unrated(translatedOf(id)) : translatedOf(id);
  const noBucket = { put: () => Promise.reject(new Error("no bucket here")) };
  const about = { source: "webhook", events: [event], body, bodySha256: sha256Hex(body), headers: {} } as const;
  const [text = ""] = await messagesOf(about, noBucket);
  return v.parse(webhookMessageSchema, JSON.parse(text));
}

/** Everything that stages remember; a second one is the system after all of it is forgotten. */
function aMemory() {
  const [claims, transactions] = [createMemoryClaimStore(), createMemoryTransactionStore()];
  return { claims, transactions, bus: createMemoryEventBus(), counters: createMemoryFraudCounterStore(transactions) };
}
type Memory = ReturnType<typeof aMemory>;

function aSystem(world: World, memory: Memory) {
  const now = () => world.nowMs;
  const timing = { now, sleep: async () => {}, random: world.random, tierOf };
  const sent: string[] = [];
  let delivered = 0;

  async function record(messages: readonly WebhookMessage[]): Promise<void> {
    const deliveries = messages.map((message) => ({ messageId: randomUUID(), message }));
    await drain(world, deliveries, (life) => {
      const stores = { claims: life.endangered(memory.claims), transactions: life.endangered(memory.transactions) };
      return createDeduplication({ ...timing, ...stores, bus: life.endangered(memory.bus), newToken: randomUUID }, 30);
    });
  }
  /** What is on the bus since the last time, some of it lost. */
  async function decide(isLost: (event: PaymentEvent) => boolean = () => false): Promise<void> {
    const events = memory.bus.events().slice(delivered);
    delivered += events.length;
    const kept = events.filter((event) => tierOf(event) !== "unroutable" && !isLost(event));
    const deliveries = kept.map((message) => ({ messageId: randomUUID(), message }));
    await drain(world, deliveries, (life) => {
      const stores = { counters: life.endangered(memory.counters), transactions: life.endangered(memory.transactions) };
      return createBatchDecision({ ...timing, ...stores }, scorecard);
    });
  }
  function recordedEvents(): readonly RecordedEvent[] {
    return memory.transactions.facts().map(({ event, tier, sameFactAs }) => {
      const body = bodyOf(event.eventId.slice("stripe:evt_".length));
      return {
        ...event,
        tier,
        ...(sameFactAs !== undefined && { sameFactAs }),
        hasDecision: isDecided(event.eventId),
        place: "the ledger",
        bytes: async () => ({ body, headers: {}, sha256: sha256Hex(body) }),
      };
    });
  }
  const isDecided = (eventId: string) => memory.transactions.decisions().some(({ score }) => score.eventId === eventId);
  function portsOf(life?: WorkerLife): ReplayPorts {
    const queue = { send: async (messages: readonly string[]) => void sent.push(...messages) };
    const claim = async (key: string) => claimRecord(memory, key);
    const guarded = life?.endangered({ claim, queue: life.endangered(queue) }) ?? { claim, queue };
    return {
      ...guarded,
      isDecided: async ({ eventId }) => isDecided(eventId),
      isUnderReview: async () => false,
      undecided: async () => undefined,
      reopenWorkflow: (reopening) => reopen(memory, reopening),
      secretOf: async () => secretValue,
      payloads: { put: () => Promise.reject(new Error("no bucket here")) },
      tierOf,
      thresholds,
      pace: async () => {},
      now,
    };
  }
  /** Records what replays have put into the queue. */
  const consume = () => record(sent.splice(0).map((text) => v.parse(webhookMessageSchema, JSON.parse(text))));
  return { record, decide, recordedEvents, portsOf, consume, sent, isDecided };
}

function claimRecord({ claims }: Memory, key: string): ClaimRecord | undefined {
  const record = claims.records.get(key);
  if (record === undefined) return undefined;
  const { status, retryCount, ttl, leaseExpiresAt, firstSeen, result } = record;
  return {
    status: status satisfies ClaimStatus,
    retryCount,
    ttl,
    result,
    leaseExpiresAt,
    firstContent: firstSeen?.content,
  } as ClaimRecord;
}

/** An ended workflow's claim can be taken again, as one that failed. */
async function reopen({ claims }: Memory, { eventId, why }: Reopening): Promise<void> {
  const key = workflowClaimKey(eventId);
  const { lockToken = "" } = claims.records.get(key) ?? {};
  await claims.fail({ key, lockToken, error: why, nowMs: startMs });
}

const order: ReplayOrder = { force: false, go: true, by: "ada", why: "a test" };

function aWorld(seed = 1): World {
  return { random: seeded(seed), nowMs: startMs, longestCallMs: 30_000 };
}

describe("a replay of a recorded event", () => {
  it("does nothing to what is completed", async () => {
    const system = aSystem(aWorld(), aMemory());
    await system.record([await firstMessage("1", false)]);
    await system.decide();
    const [event] = system.recordedEvents();
    expect(event && (await replayEvent(event, order, system.portsOf()))).toMatchObject({ kind: "nothing" });
    expect(system.sent).toEqual([]);
  });

  it("brings an event back that was completed and never decided, once it is older than an hour", async () => {
    const [world, memory] = [aWorld(), aMemory()];
    const system = aSystem(world, memory);
    await system.record([await firstMessage("1", false)]);
    await system.decide(() => true);
    const replayed = async () => {
      const [event] = system.recordedEvents();
      return event && replayEvent(event, order, system.portsOf());
    };
    expect(await replayed()).toMatchObject({ kind: "nothing" });
    world.nowMs += dayMs;
    expect(await replayed()).toMatchObject({ kind: "sent" });
    await system.consume();
    await system.decide();
    expect(memory.transactions.decisions()).toMatchObject([{ score: { eventId: "stripe:evt_1" } }]);
  });

  it("opens a workflow's claim that is completed, where its decision is gone, and no other", async () => {
    const [world, memory] = [aWorld(), aMemory()];
    const system = aSystem(world, memory);
    await system.record([await firstMessage("1", false)]);
    const key = workflowClaimKey("stripe:evt_1");
    const claims = createWorkflowClaim({ claims: memory.claims, now: () => world.nowMs, newToken: randomUUID }, 30);
    const event = translatedOf("1");
    const first = await claims({ event, owner: "execution-1" });
    if (first.status !== "claimed") throw new Error("somebody has it");
    const { lockToken } = first;
    const completion = { key, lockToken, status: "COMPLETED", result: "APPROVE", nowMs: world.nowMs } as const;
    await memory.claims.complete(completion);
    expect(await claims({ event, owner: "execution-2" })).toEqual({ status: "completed" });
    world.nowMs += dayMs;
    const [recorded] = system.recordedEvents();
    const dry = recorded && (await replayEvent(recorded, { ...order, go: false }, system.portsOf()));
    expect([dry?.kind, memory.claims.records.get(key)?.status]).toEqual(["would-send", "COMPLETED"]);
    expect(recorded && (await replayEvent(recorded, order, system.portsOf()))).toMatchObject({ kind: "sent" });
    expect(await claims({ event, owner: "execution-2" })).toMatchObject({ status: "claimed" });
  });

  it("sends nothing in a dry run, and says what it would", async () => {
    const system = aSystem(aWorld(), aMemory());
    await system.record([await firstMessage("1", false)]);
    const [event] = system.recordedEvents();
    const dry = event && (await replayEvent(event, { ...order, force: true, go: false }, system.portsOf()));
    expect([dry, system.sent]).toEqual([{ kind: "would-send", why: "a test" }, []]);
  });

  it("rule 10: routes what had no rate when it came, once, and leaves it alone after its decision", async () => {
    const [world, memory] = [aWorld(), aMemory()];
    const system = aSystem(world, memory);
    await system.record([await firstMessage("1", true)]);
    await system.decide();
    expect(memory.transactions.decisions()).toEqual([]);
    const replayed = async () => {
      const [event] = system.recordedEvents();
      return event && replayEvent(event, order, system.portsOf());
    };
    expect(await replayed()).toMatchObject({ kind: "sent" });
    await system.consume();
    await system.decide();
    expect(memory.transactions.decisions()).toMatchObject([{ tier: "low", score: { eventId: "stripe:evt_1" } }]);
    expect(await replayed()).toMatchObject({ kind: "nothing", why: expect.stringContaining("is decided by now") });
    expect(memory.transactions.facts()).toHaveLength(1);
  });

  it.each([
    ["transactionId", { transactionId: "stripe:pi_2" }],
    ["amountMinor", { amountMinor: "2001" }],
    ["currency", { currency: "EUR" }],
    ["providerType", { providerType: "charge.succeeded" }],
  ])("is refused when its %s would be another one today", async (name, recorded) => {
    const system = aSystem(aWorld(), aMemory());
    await system.record([await firstMessage("1", false)]);
    const [event] = system.recordedEvents();
    const outcome =
      event && (await replayEvent({ ...event, ...recorded }, { ...order, force: true }, system.portsOf()));
    expect(outcome).toMatchObject({ kind: "refused", why: expect.stringContaining(`Its ${name} is translated`) });
  });

  it("is refused where its bytes are gone, or aren't a webhook any more", async () => {
    const system = aSystem(aWorld(), aMemory());
    await system.record([await firstMessage("1", false)]);
    const [event] = system.recordedEvents();
    const forced = { ...order, force: true };
    const replayed = (bytes: RecordedEvent["bytes"]) =>
      event && replayEvent({ ...event, bytes }, forced, system.portsOf());
    expect(await replayed(async () => undefined)).toMatchObject({ kind: "refused" });
    const broken = Buffer.from("{");
    expect(await replayed(async () => ({ body: broken, headers: {}, sha256: sha256Hex(broken) }))).toMatchObject({
      kind: "refused",
    });
  });

  it("finds the event again that was booked under an id of its own", () => {
    const body = bodyOf("1");
    const sha256 = sha256Hex(body);
    const eventId = `stripe:evt_1~${sha256.slice(0, 12)}`;
    const recorded = {
      ...translatedOf("1"),
      eventId,
      tier: "low",
      hasDecision: false,
      place: "",
      bytes: async () => undefined,
    };
    const translated = translateAgain(recorded, { body, headers: {}, sha256 }, { secretValue, thresholds });
    expect(translated).toMatchObject({ kind: "event", event: { eventId } });
  });
});

const faults: readonly Fault[] = ["refused", "answer-lost", "dies-before", "dies-after"];

describe("replays with crashes, side by side, now and after everything is forgotten", () => {
  const eventsArbitrary = fc.array(fc.record({ isUnrated: fc.boolean(), isLost: fc.boolean() }), {
    minLength: 1,
    maxLength: 5,
  });
  const worlds = fc.asyncProperty(fc.nat(), eventsArbitrary, async (seed, events) => {
    const world = aWorld(seed);
    const ids = events.map((_, at) => `stripe:evt_${at}`);

    /** Two people who replay all at once, perhaps by force, and meet faults. */
    async function replayAll(system: ReturnType<typeof aSystem>, all: readonly RecordedEvent[], rate: number) {
      await Promise.all(
        [0, 1].map(() => {
          const nextFault = (): Fault =>
            world.random() < rate ? (faults[Math.floor(world.random() * 4)] ?? "none") : "none";
          const life = aWorkerLife(nextFault, () => Math.floor(world.random() * 3));
          const force = world.random() < 0.6;
          return life.run(async () => {
            for (const event of all)
              await replayEvent(event, { ...order, force }, system.portsOf(life)).catch(() => undefined);
          });
        }),
      );
      await system.consume();
      await system.decide();
    }

    const first = aMemory();
    const system = aSystem(world, first);
    await system.record(await Promise.all(events.map(({ isUnrated }, at) => firstMessage(String(at), isUnrated))));
    const lost = new Set(ids.filter((_, at) => events[at]?.isLost));
    await system.decide(({ eventId }) => lost.has(eventId));
    const rounds = Math.floor(world.random() * 3);
    for (let round = 0; round < rounds; round += 1) await replayAll(system, system.recordedEvents(), 0.1);
    const sealed = system.recordedEvents();
    const decidedBefore = sealed.filter(({ hasDecision }) => hasDecision).map(({ eventId }) => eventId);
    expect(sealed.map(({ eventId }) => eventId).toSorted()).toEqual(ids);
    expect(new Set(decidedBefore).size).toBe(first.transactions.decisions().length);
    const counted = first.counters.histories.get("customer#stripe#cus_1")?.history.payments ?? 0;
    expect(counted).toBe(decidedBefore.length);

    // Long after: the archive has what was recorded and decided, and nobody else remembers anything.
    world.nowMs += 90 * dayMs;
    const second = aMemory();
    const later = aSystem(world, second);
    for (const rate of [0.1, 0.1, 0]) await replayAll(later, sealed, rate);
    const decidedLater = second.transactions.decisions().map(({ score }) => score.eventId);
    expect(second.transactions.facts()).toEqual([]);
    expect(new Set(decidedLater).size).toBe(decidedLater.length);
    expect(decidedLater.filter((id) => decidedBefore.includes(id))).toEqual([]);
    expect(second.counters.histories.get("customer#stripe#cus_1")?.history.payments ?? 0).toBe(decidedLater.length);
  });

  it("book every event once, and count none twice", async () => {
    await fc.assert(worlds, { numRuns: 100 });
  });
});
