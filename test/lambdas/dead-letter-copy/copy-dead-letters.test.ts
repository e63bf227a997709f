import fc from "fast-check";
import * as v from "valibot";
import { createCopying } from "../../../lambdas/dead-letter-copy/copy-dead-letters.ts";
import { storedLetterSchema } from "../../../lambdas/shared/domain/dead-letters.ts";
import { createMemoryArchiveObjects } from "../../support/memory-archive.ts";
import { createMemoryQueues } from "../../support/memory-queues.ts";
import { seeded } from "../../support/seeded.ts";
import { aWorkerLife, type Fault } from "../../support/worker-life.ts";

const startMs = Date.UTC(2026, 10, 20, 4);
const holdSeconds = 330;
const queue = { name: "webhook-events-dlq-test", url: "https://sqs/webhook-events-dlq-test" };
const other = { name: "unroutable-test", url: "https://sqs/unroutable-test" };

function aWorld() {
  const world = { nowMs: startMs };
  const now = () => world.nowMs;
  const [queues, objects] = [createMemoryQueues(now), createMemoryArchiveObjects(now)];
  const copy = createCopying({ source: queues, objects, now }, holdSeconds);
  const keys = () => [...objects.stored.keys()];
  return { world, now, queues, objects, copy, keys };
}

describe("copies of dead letters", () => {
  it("hold the whole message, under the day on which it was first sent", async () => {
    const { world, queues, objects, copy, keys } = aWorld();
    const attributes = {
      reason: { dataType: "String", value: "not-json" },
      sentAt: { dataType: "String", value: "2026-11-18T23:59:59.999Z" },
      binary: { dataType: "Binary", value: "AAE=" },
    };
    const first = await queues.send(queue.url, { body: "{", attributes });
    const second = await queues.send(queue.url, { body: "{}", attributes: {} });
    expect(await copy([queue], world.nowMs + 1)).toEqual([{ name: queue.name, copied: 2, known: 0, isComplete: true }]);
    expect(keys()).toEqual([
      `dead-letters/dt=2026-11-18/${queue.name}/${first}.json`,
      `dead-letters/dt=2026-11-20/${queue.name}/${second}.json`,
    ]);
    const stored = objects.stored.get(keys()[0] ?? "")?.bytes ?? new Uint8Array();
    const read = v.parse(storedLetterSchema, JSON.parse(Buffer.from(stored).toString()));
    expect(read).toEqual({
      version: 1,
      queue: queue.name,
      messageId: first,
      body: "{",
      attributes,
      enqueuedAt: "2026-11-20T04:00:00.000Z",
    });
  });

  it("leave the messages where they are, for others to take at once", async () => {
    const { world, queues, copy } = aWorld();
    for (let at = 0; at < 25; at += 1) await queues.send(queue.url, { body: String(at), attributes: {} });
    await copy([queue], world.nowMs + 1);
    expect(queues.letters(queue.url)).toHaveLength(25);
    expect(await queues.take(queue.url, 1)).toHaveLength(10);
  });

  it("are made once, however often a message is found", async () => {
    const { world, queues, copy } = aWorld();
    await queues.send(queue.url, { body: "{}", attributes: {} });
    await copy([queue], world.nowMs + 1);
    world.nowMs += 24 * 60 * 60 * 1000;
    expect(await copy([queue], world.nowMs + 1)).toMatchObject([{ copied: 0, known: 1, isComplete: true }]);
  });

  it("of a queue that can't be read are missing, and those of the others are made", async () => {
    const { world, queues, objects, now } = aWorld();
    await queues.send(other.url, { body: "{}", attributes: {} });
    const source = {
      ...queues,
      take: async (url: string, seconds: number) => {
        if (url === queue.url) throw new Error("AccessDenied");
        return queues.take(url, seconds);
      },
    };
    const copied = await createCopying({ source, objects, now }, holdSeconds)([queue, other], world.nowMs + 1);
    expect(copied).toMatchObject([
      { name: queue.name, isComplete: false, error: new Error("AccessDenied") },
      { name: other.name, copied: 1, isComplete: true },
    ]);
  });

  it("say when there was no time to see a queue to its end", async () => {
    const { world, queues, copy } = aWorld();
    await queues.send(queue.url, { body: "{}", attributes: {} });
    expect(await copy([queue], world.nowMs)).toMatchObject([{ copied: 0, isComplete: false }]);
  });

  const crashes = fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 30 }), async (seed, count) => {
    const { world, queues, objects, now, copy, keys } = aWorld();
    const random = seeded(seed);
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) ids.push(await queues.send(queue.url, { body: String(at), attributes: {} }));
    const faults: readonly Fault[] = ["refused", "answer-lost", "dies-before", "dies-after"];
    for (let day = 0; day < 3; day += 1) {
      const runs = [0, 1].map(() => {
        const nextFault = () => (random() < 0.1 ? (faults[Math.floor(random() * 4)] ?? "none") : "none");
        const life = aWorkerLife(nextFault, () => Math.floor(random() * 3));
        const ports = { source: life.endangered(queues), objects: life.endangered(objects), now };
        return life.run(() => createCopying(ports, holdSeconds)([queue], world.nowMs + 1));
      });
      await Promise.all(runs);
      world.nowMs += holdSeconds * 1000;
    }
    await copy([queue], world.nowMs + 1);
    // Nothing is taken away, and everything is copied once.
    expect(queues.letters(queue.url).map(({ messageId }) => messageId)).toEqual(ids);
    expect(
      keys()
        .map((key) => key.slice(key.lastIndexOf("/") + 1, -".json".length))
        .toSorted(),
    ).toEqual(ids.toSorted());
  });

  it("are complete whatever crashes, with the messages still in their queue", async () => {
    await fc.assert(crashes, { numRuns: 100 });
  });
});
