import fc from "fast-check";
import { type BusEntry, type EventBus, publishAll } from "../../../../lambdas/shared/domain/publishing.ts";
import { PermanentError, RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";
import { createMemoryEventBus } from "../../../support/memory-event-bus.ts";

function anEntry(name: string, sizeBytes = 100): BusEntry {
  return { detailType: "payment.succeeded", detail: name.padEnd(sizeBytes, " ") };
}

function portsFor(bus: EventBus) {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  return { bus, sleep, random: () => 0.5, waits };
}

const names = (entries: readonly BusEntry[]) => entries.map(({ detail }) => detail.trim());
const throttled = { code: "ThrottlingException", isPermanent: false };

describe("publishing on the bus", () => {
  it("needs no call for no entries", async () => {
    const bus = createMemoryEventBus();
    expect(await publishAll([], portsFor(bus))).toEqual([]);
    expect(bus.calls).toHaveLength(0);
  });

  it("rule 13: puts ten entries into a call", async () => {
    const bus = createMemoryEventBus();
    const entries = Array.from({ length: 23 }, (_, index) => anEntry(`${index}`));
    expect(await publishAll(entries, portsFor(bus))).toEqual(entries.map(() => undefined));
    expect(bus.calls.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(names(bus.published)).toEqual(names(entries));
  });

  it("rule 13: keeps every call within 256 KB, whatever the sizes", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sizes, async (sizeList) => {
        const bus = createMemoryEventBus();
        await publishAll(
          sizeList.map((size, index) => anEntry(`${index}`, size)),
          portsFor(bus),
        );
        for (const call of bus.calls) {
          expect(call.length).toBeGreaterThan(0);
          expect(call.reduce((sum, { detail }) => sum + Buffer.byteLength(detail), 0)).toBeLessThanOrEqual(256 * 1024);
        }
        expect(names(bus.published)).toEqual(sizeList.map((_, index) => `${index}`));
      }),
      { numRuns: 30 },
    );
  });

  it("rule 13: repeats only the entries that the bus refused, with growing waits", async () => {
    const bus = createMemoryEventBus(({ detail }, call) =>
      detail.startsWith("bad") && call < 2 ? throttled : undefined,
    );
    const ports = portsFor(bus);
    expect(await publishAll([anEntry("a"), anEntry("bad"), anEntry("b")], ports)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(bus.calls.map(names)).toEqual([["a", "bad", "b"], ["bad"], ["bad"]]);
    expect(names(bus.published)).toEqual(["a", "b", "bad"]);
    expect(ports.waits).toEqual([25, 50]);
  });

  it("rule 13: gives up after five rounds and says so of the entries that are left", async () => {
    const bus = createMemoryEventBus(({ detail }) => (detail.startsWith("bad") ? throttled : undefined));
    const [good, bad] = await publishAll([anEntry("good"), anEntry("bad")], portsFor(bus));
    expect(good).toBeUndefined();
    expect(bad).toBeInstanceOf(RetryableError);
    expect(bad).toMatchObject({ code: "ThrottlingException" });
    expect(bus.calls).toHaveLength(5);
  });

  it("rule 15: doesn't repeat an entry that can never be taken", async () => {
    const bus = createMemoryEventBus(() => ({ code: "MalformedDetail", isPermanent: true }));
    const [failure] = await publishAll([anEntry("bad")], portsFor(bus));
    expect(failure).toBeInstanceOf(PermanentError);
    expect(bus.calls).toHaveLength(1);
  });

  it("doesn't repeat a call that failed as a whole, since the SDK has done that", async () => {
    const failure = new RetryableError("InternalFailure", "later");
    let calls = 0;
    const bus: EventBus = {
      async put() {
        calls += 1;
        throw failure;
      },
    };
    expect(await publishAll([anEntry("a"), anEntry("b")], portsFor(bus))).toEqual([failure, failure]);
    expect(calls).toBe(1);
  });

  it("rule 16: finds the one entry for which a call was refused", async () => {
    const memory = createMemoryEventBus();
    const bus: EventBus = {
      async put(entries) {
        if (entries.some(({ detail }) => detail.startsWith("bad")))
          throw new PermanentError("ValidationException", "no");
        return memory.put(entries);
      },
    };
    const failures = await publishAll([anEntry("a"), anEntry("bad"), anEntry("b")], portsFor(bus));
    expect(failures.map((failure) => failure?.name)).toEqual([undefined, "PermanentError", undefined]);
    expect(names(memory.published)).toEqual(["a", "b"]);
  });

  it("hands on an error that is neither, without repeating", async () => {
    const denied = new Error("access denied");
    const bus: EventBus = { put: () => Promise.reject(denied) };
    expect(await publishAll([anEntry("a")], portsFor(bus))).toEqual([denied]);
  });
});
