import { createCopying } from "../../../lambdas/dead-letter-copy/copy-dead-letters.ts";
import { createCopiesSource, tooOld } from "../../../tools/dead-letters/copies.ts";
import { shippingOf } from "../../../tools/dead-letters/delivery.ts";
import { dropLetters } from "../../../tools/dead-letters/drop.ts";
import { redrive } from "../../../tools/dead-letters/redrive.ts";
import { createMemoryArchiveObjects } from "../../support/memory-archive.ts";
import { createMemoryQueues } from "../../support/memory-queues.ts";

const startMs = Date.UTC(2026, 10, 20, 4);
const dayMs = 24 * 60 * 60 * 1000;
const queue = {
  name: "webhook-events-dlq-test",
  url: "https://sqs/webhook-events-dlq-test",
  redrive: { kind: "queue", url: "https://sqs/webhook-events-test" },
} as const;

describe("copies of dead letters", () => {
  it("are redriven as the queue would be, without those that were dropped, and stay", async () => {
    const world = { nowMs: startMs };
    const [queues, objects] = [createMemoryQueues(() => world.nowMs), createMemoryArchiveObjects()];
    const ids: string[] = [];
    for (let at = 0; at < 25; at += 1) ids.push(await queues.send(queue.url, { body: String(at), attributes: {} }));
    await createCopying({ source: queues, objects, now: () => world.nowMs }, 60)([queue], startMs + 1);
    const about = { queue, by: "ada", why: "a test", at: new Date(startMs).toISOString(), go: true };
    const messageIds = new Set([ids[7] ?? ""]);
    await dropLetters(
      { ...about, messageIds },
      { source: queues, objects, isStopped: () => false, tell: () => undefined },
    );
    queues.drain(queue.url);

    const shipped: string[] = [];
    const run = () =>
      redrive(
        { queue, go: true, holdSeconds: 60, shippingOf: (letter) => shippingOf(queue, letter) },
        {
          source: createCopiesSource(objects, { queue: queue.name, day: "2026-11-20" }),
          ship: async (shipment) => void shipped.push(shipment.kind === "queue" ? shipment.body : ""),
          pace: async () => {},
          isStopped: () => false,
          tell: () => undefined,
        },
      );
    expect(await run()).toMatchObject({ sent: 24, stays: 0, failed: 0, missing: [] });
    expect(new Set(shipped).size).toBe(24);
    expect(shipped).not.toContain("7");
    expect(await run()).toMatchObject({ sent: 24 });
    const elsewhere = createCopiesSource(objects, { queue: queue.name, day: "2026-11-21" });
    expect(await elsewhere.take(queue.url, 60)).toEqual([]);
  });

  it("can be sent for a day less than deduplication looks back", () => {
    const letter = { messageId: "m", body: "", attributes: {}, enqueuedAt: new Date(startMs).toISOString() };
    expect(tooOld(letter, startMs + 34 * dayMs - 1)).toBeUndefined();
    expect(tooOld(letter, startMs + 34 * dayMs)).toContain("could count twice");
    const sentAt = { dataType: "String", value: new Date(startMs - dayMs).toISOString() };
    expect(tooOld({ ...letter, attributes: { sentAt } }, startMs + 33 * dayMs)).toContain("could count twice");
  });
});
