import { randomUUID } from "node:crypto";
import fc from "fast-check";
import * as v from "valibot";
import { type WebhookMessage, webhookMessageSchema } from "../../../config/events.ts";
import type { Letter } from "../../../lambdas/shared/domain/dead-letters.ts";
import { createDeduplication } from "../../../lambdas/webhook-dedup/deduplicate.ts";
import { shippingOf } from "../../../tools/dead-letters/delivery.ts";
import { dropLetters } from "../../../tools/dead-letters/drop.ts";
import {
  type LetterOutcome,
  type RedriveOrder,
  type RedrivePorts,
  redrive,
} from "../../../tools/dead-letters/redrive.ts";
import { createMemoryArchiveObjects } from "../../support/memory-archive.ts";
import { createMemoryClaimStore } from "../../support/memory-claim-store.ts";
import { createMemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryQueues, type MemoryQueues } from "../../support/memory-queues.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aWebhookMessage } from "../../support/payment-events.ts";
import { tierOf } from "../../support/routing.ts";
import { seeded } from "../../support/seeded.ts";
import { aWorkerLife, type Fault, type WorkerLife } from "../../support/worker-life.ts";

const source = "https://sqs/webhook-events-test";
const queue = {
  name: "webhook-events-dlq-test",
  url: "https://sqs/webhook-events-dlq-test",
  redrive: { kind: "queue", url: source },
} as const;
const holdSeconds = 60;

function aWorld() {
  const world = { nowMs: Date.UTC(2026, 10, 20, 10) };
  const queues = createMemoryQueues(() => world.nowMs);
  const told: (readonly [Letter, LetterOutcome])[] = [];
  function run(
    order: Partial<RedriveOrder> = {},
    life?: WorkerLife,
    ship: RedrivePorts["ship"] = shipTo(queues),
    isStopped = () => false,
  ) {
    const guarded = <T extends object>(port: T): T => life?.endangered(port) ?? port;
    return redrive(
      { queue, go: true, holdSeconds, shippingOf: (letter) => shippingOf(queue, letter), ...order },
      {
        source: guarded(queues),
        ...guarded({ ship }),
        pace: async () => {},
        isStopped,
        tell: (letter, outcome) => void told.push([letter, outcome]),
      },
    );
  }
  const put = (body: string, attributes: Letter["attributes"] = {}) => queues.send(queue.url, { body, attributes });
  return { world, queues, told, run, put };
}

function shipTo(queues: MemoryQueues) {
  return async (shipment: { readonly kind: string }) => {
    if (shipment.kind !== "queue") throw new Error("not to a queue");
    const { url, body, attributes } = shipment as Extract<
      Extract<ReturnType<typeof shippingOf>, { kind: "shipment" }>["shipment"],
      { kind: "queue" }
    >;
    await queues.send(url, { body, attributes });
  };
}

describe("a redrive", () => {
  it("sends each letter to its queue with its history, and deletes it there", async () => {
    const { queues, run, put, world } = aWorld();
    const sentAt = { dataType: "String", value: "2026-11-18T08:00:00.000Z" };
    const id = await put("{}");
    await put("[]", { sentAt, originalMessageId: { dataType: "String", value: "first" } });
    world.nowMs += 1_000;
    expect(await run()).toEqual({
      sent: 2,
      stays: 0,
      cameBack: 0,
      failed: 0,
      missing: [],
      isStopped: false,
      hidden: 0,
    });
    expect(queues.letters(queue.url)).toEqual([]);
    const text = (value: string) => ({ dataType: "String", value });
    expect(queues.letters(source)).toMatchObject([
      { body: "{}", attributes: { originalMessageId: text(id), sentAt: text("2026-11-20T10:00:00.000Z") } },
      { body: "[]", attributes: { originalMessageId: text("first"), sentAt } },
    ]);
  });

  it("does nothing without go, and leaves the letters for others", async () => {
    const { queues, run, put } = aWorld();
    await put("{}");
    expect(await run({ go: false })).toMatchObject({ sent: 1 });
    expect(queues.letters(source)).toEqual([]);
    expect(await queues.take(queue.url, 1)).toHaveLength(1);
  });

  it("of some messages leaves the others, and names those that aren't there", async () => {
    const { queues, run, put } = aWorld();
    const ids = [await put("a"), await put("b")];
    const messageIds = new Set([ids[1] ?? "", "gone"]);
    expect(await run({ messageIds })).toMatchObject({ sent: 1, stays: 0, failed: 0, missing: ["gone"] });
    expect(queues.letters(source).map(({ body }) => body)).toEqual(["b"]);
    expect(await queues.take(queue.url, 1)).toMatchObject([{ body: "a" }]);
  });

  it("ends although every message comes back at once", async () => {
    const { queues, run, put } = aWorld();
    await put("{");
    const comesBack = async (shipment: Parameters<ReturnType<typeof shipTo>>[0]) => {
      await shipTo(queues)(shipment);
      for (const letter of queues.drain(source)) await queues.send(queue.url, letter);
    };
    expect(await run({}, undefined, comesBack)).toMatchObject({ sent: 1, stays: 0, cameBack: 1 });
    expect(queues.letters(queue.url)).toHaveLength(1);
  });

  it("keeps a letter that can't be sent, and goes on with the next", async () => {
    const { queues, run, put, told } = aWorld();
    await put("a");
    await put("b");
    const refusesA = async (shipment: Parameters<ReturnType<typeof shipTo>>[0]) => {
      if ("body" in shipment && shipment.body === "a") throw new Error("AccessDenied");
      await shipTo(queues)(shipment);
    };
    expect(await run({}, undefined, refusesA)).toMatchObject({ sent: 1, failed: 1 });
    expect(told.map(([{ body }, { kind }]) => [body, kind])).toEqual([
      ["a", "failed"],
      ["b", "sent"],
    ]);
    expect(queues.letters(queue.url).map(({ body }) => body)).toEqual(["a"]);
  });

  it("leaves an event whose id is taken, since it would only come back", async () => {
    const { queues, run, put, told } = aWorld();
    await put("{}", { reason: { dataType: "String", value: "event-id-reused" } });
    expect(await run()).toMatchObject({ sent: 0, stays: 1 });
    expect(told[0]?.[1]).toMatchObject({ why: expect.stringContaining("--under-own-id") });
    expect(queues.letters(queue.url)).toHaveLength(1);
  });
});

describe("a redrive that is stopped", () => {
  it("ends after the letter under way, gives back what it holds, and says that it hasn't seen the rest", async () => {
    const { queues, run, put, told } = aWorld();
    for (let at = 0; at < 25; at += 1) await put(String(at));
    const isStopped = () => told.length === 3;
    expect(await run({}, undefined, shipTo(queues), isStopped)).toEqual({
      sent: 3,
      stays: 0,
      cameBack: 0,
      failed: 0,
      missing: [],
      isStopped: true,
      hidden: 0,
    });
    expect([queues.letters(source).length, queues.letters(queue.url).length]).toEqual([3, 22]);
    expect(await queues.take(queue.url, 1)).toHaveLength(10);
    expect(await queues.take(queue.url, 1)).toHaveLength(10);
    expect(await queues.take(queue.url, 1)).toHaveLength(2);
  });

  it("while it waits for its turn sends nothing more, and names what was asked for and not dealt with", async () => {
    const { queues, put } = aWorld();
    const id = await put("a");
    let isStopped = false;
    const ports = {
      source: queues,
      ship: async () => {
        throw new Error("sent");
      },
      pace: async () => {
        isStopped = true;
      },
      isStopped: () => isStopped,
      tell: () => {
        throw new Error("told");
      },
    };
    const order = { queue, go: true, holdSeconds, shippingOf: (letter: Letter) => shippingOf(queue, letter) };
    const redriven = await redrive({ ...order, messageIds: new Set([id]) }, ports);
    expect(redriven).toMatchObject({ sent: 0, missing: [id], isStopped: true });
  });

  it("says how many it could not give back", async () => {
    const { queues, put } = aWorld();
    for (let at = 0; at < 4; at += 1) await put(String(at));
    const unreachable = async () => {
      throw new Error("ECONNREFUSED");
    };
    const ports = { source: { ...queues, giveBack: unreachable }, ship: unreachable, pace: unreachable };
    const order = { queue, go: false, holdSeconds, shippingOf: (letter: Letter) => shippingOf(queue, letter) };
    const silent = { isStopped: () => false, tell: () => undefined };
    expect(await redrive(order, { ...ports, ...silent })).toMatchObject({ sent: 4, hidden: 4 });
  });
});

describe("a redrive of a long queue", () => {
  it("sees it to its end, though letters that stay come again before others were seen", async () => {
    const { world, queues, run, put } = aWorld();
    const stays = { reason: { dataType: "String", value: "event-id-reused" } };
    for (let at = 0; at < 30; at += 1) await put("{}", stays);
    for (let at = 0; at < 25; at += 1) await put(String(at));
    const slowly = async (shipment: Parameters<ReturnType<typeof shipTo>>[0]) => {
      world.nowMs += 7_000;
      await shipTo(queues)(shipment);
    };
    expect(await run({}, undefined, slowly)).toMatchObject({ sent: 25, stays: 30 });
  });
});

const faults: readonly Fault[] = ["refused", "answer-lost", "dies-before", "dies-after"];

function aLife(random: () => number, rate: number): WorkerLife {
  const nextFault = () => (random() < rate ? (faults[Math.floor(random() * faults.length)] ?? "none") : "none");
  return aWorkerLife(nextFault, () => Math.floor(random() * 3));
}

describe("redrives with crashes, side by side", () => {
  const worlds = fc.asyncProperty(
    fc.nat(),
    fc.array(fc.nat(6), { minLength: 1, maxLength: 25 }),
    async (seed, events) => {
      const { world, queues, run, put } = aWorld();
      const random = seeded(seed);
      const message = (event: number) =>
        aWebhookMessage({ eventId: `stripe:evt_${event}`, transactionId: `pi_${event}` });
      for (const event of events) await put(JSON.stringify(message(event)));
      const [claims, transactions, bus] = [
        createMemoryClaimStore(),
        createMemoryTransactionStore(),
        createMemoryEventBus(),
      ];
      const timing = { newToken: randomUUID, sleep: async () => {}, random };
      const deduplicate = createDeduplication(
        { claims, transactions, bus, tierOf, now: () => world.nowMs, ...timing },
        30,
      );
      /** What webhook-dedup does with its queue, some of it lost on the way. */
      const consume = async () => {
        const letters = queues.drain(source);
        const outcomes = await deduplicate(
          letters.map(({ messageId, body }) => ({
            messageId,
            message: v.parse(webhookMessageSchema, JSON.parse(body)),
          })),
        );
        const done = new Set(letters.filter(({ messageId }) => outcomes.get(messageId)?.kind === "done"));
        for (const letter of letters) if (!done.has(letter)) await queues.send(source, letter);
      };
      const wanted = [...new Set(events)].map((event) => `stripe:evt_${event}`).sort();
      const known = (body: string) => (JSON.parse(body) as WebhookMessage).event.eventId;
      for (let round = 0; round < 6; round += 1) {
        const rate = round < 4 ? 0.15 : 0;
        await Promise.all(
          [0, 1].map(() => {
            const life = aLife(random, rate);
            return life.run(() => run({}, life).catch(() => undefined));
          }),
        );
        await consume();
        // At any time: every event is in one of the queues, or recorded.
        const inQueues = [...queues.letters(queue.url), ...queues.letters(source)].map(({ body }) => known(body));
        const recorded = transactions.facts().map(({ event }) => event.eventId);
        expect([...new Set([...inQueues, ...recorded])].sort()).toEqual(wanted);
        world.nowMs += (holdSeconds + 1) * 1000;
      }
      await run();
      await consume();
      await consume();
      expect(queues.letters(queue.url)).toEqual([]);
      const facts = transactions.facts().map(({ event }) => event.eventId);
      expect(facts.sort()).toEqual(wanted);
      expect(
        bus
          .events()
          .map(({ eventId }) => eventId)
          .sort(),
      ).toEqual(wanted);
    },
  );

  it("lose no message and record every event once", async () => {
    await fc.assert(worlds, { numRuns: 150 });
  });
});

describe("a drop", () => {
  const order = { queue, by: "ada", why: "a test", at: "2026-11-20T10:00:00.000Z" };
  const silent = { tell: () => undefined, isStopped: () => false };

  it("keeps the message, who, why and when, before it deletes the message", async () => {
    const { queues, put } = aWorld();
    const objects = createMemoryArchiveObjects();
    const [id] = [await put("{"), await put("[]")];
    const messageIds = new Set([id]);
    expect(await dropLetters({ ...order, messageIds, go: false }, { source: queues, objects, ...silent })).toEqual({
      dropped: 1,
      failed: 0,
      missing: [],
    });
    expect([objects.stored.size, queues.letters(queue.url).length]).toEqual([0, 2]);
    await dropLetters({ ...order, messageIds, go: true }, { source: queues, objects, ...silent });
    const [[key, { bytes }] = ["", { bytes: new Uint8Array() }]] = objects.stored;
    expect(key).toBe(`dead-letters/dropped/dt=2026-11-20/${queue.name}/${id}.json`);
    expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({
      messageId: id,
      body: "{",
      dropped: { by: "ada", why: "a test", at: "2026-11-20T10:00:00.000Z" },
    });
    expect(queues.letters(queue.url).map(({ body }) => body)).toEqual(["[]"]);
  });

  it("never deletes a message of which nothing is kept, whatever crashes", async () => {
    const crashes = fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 12 }), async (seed, count) => {
      const { world, queues, put } = aWorld();
      const random = seeded(seed);
      const objects = createMemoryArchiveObjects();
      const ids: string[] = [];
      for (let at = 0; at < count; at += 1) ids.push(await put(String(at)));
      for (let round = 0; round < 3; round += 1) {
        const life = aLife(random, 0.2);
        const ports = { source: life.endangered(queues), objects: life.endangered(objects), ...silent };
        await life.run(() =>
          dropLetters({ ...order, messageIds: new Set(ids), go: true }, ports).catch(() => undefined),
        );
        const kept = [...objects.stored.keys()].map((key) => key.slice(key.lastIndexOf("/") + 1, -".json".length));
        const there = queues.letters(queue.url).map(({ messageId }) => messageId);
        for (const id of ids) expect([...kept, ...there]).toContain(id);
        world.nowMs += 61_000;
      }
    });
    await fc.assert(crashes, { numRuns: 100 });
  });
});
