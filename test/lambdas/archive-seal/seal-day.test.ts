import {
  archiveKeys,
  type Exception,
  type Manifest,
  type SlicePlace,
  type SliceResult,
} from "../../../config/archive.ts";
import { createSealing } from "../../../lambdas/archive-seal/seal-day.ts";
import { slicesOfDay } from "../../../lambdas/shared/domain/archive/days.ts";
import { entriesIn } from "../../../lambdas/shared/domain/archive/entry-list.ts";
import { releasesOf } from "../../../lambdas/shared/domain/archive/execution-history.ts";
import { parseManifest } from "../../../lambdas/shared/domain/archive/manifest-text.ts";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
import { createMemoryArchiveObjects, createMemorySigner } from "../../support/memory-archive.ts";

const day = "2026-11-18";

function aWorkplace() {
  const clock = { nowMs: Date.parse("2026-11-20T03:00:00.000Z") };
  const objects = createMemoryArchiveObjects(() => clock.nowMs);
  const signer = createMemorySigner();
  const reads = { count: 0 };
  const told: string[] = [];
  const exceptions: Exception[] = [
    { eventId: "stripe:evt_9", status: "FAILED", receivedAt: `${day}T10:00:00.000Z`, error: "bus: down" },
  ];
  const ports = {
    objects,
    signer,
    async eachException(take: (exception: Exception) => Promise<void>) {
      reads.count += 1;
      for (const exception of exceptions) await take(exception);
    },
    waiting: async () => [{ queue: "webhook-events-test", messages: 2 }],
    now: () => clock.nowMs,
    onSealed: ({ kind, day: its, sequence }: Manifest) => void told.push(`${kind} ${its} ${sequence}`),
  };
  return {
    clock,
    told,
    objects,
    signer,
    exceptions,
    reads,
    seal: createSealing(ports, { environment: "test", bucket: "archive" }),
  };
}
type Workplace = ReturnType<typeof aWorkplace>;

async function stored({ objects }: Workplace, place: SlicePlace, change: Partial<SliceResult> = {}) {
  const { addendum: _, ...its } = place;
  const empty: SliceResult = {
    version: 1,
    ...its,
    shards: [...place.shards],
    objects: [],
    facts: 0,
    lateDecisions: 0,
    sums: [],
    undecided: 0,
    missingBodies: 0,
    unreleased: [],
  };
  const key = archiveKeys.slice(place, change.after);
  await objects.create(key, Buffer.from(JSON.stringify({ ...empty, ...change })));
  return { key };
}

const slicesOf = (workplace: Workplace, ofDay = day) =>
  Promise.all(slicesOfDay(ofDay, 1).map((place) => stored(workplace, place)));

function manifestAt({ objects }: Workplace, key: string) {
  return parseManifest(objects.stored.get(key)?.bytes ?? Buffer.of());
}

const abandonedIn = (workplace: Workplace, { manifest }: { readonly manifest: string }) =>
  manifestAt(workplace, manifest).abandoned.map(({ key }) => key);

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe("sealing a day", () => {
  it("makes a manifest of an empty day, signed over its exact bytes", async () => {
    const workplace = aWorkplace();
    const { manifest, objects } = await workplace.seal({ day, slices: await slicesOf(workplace) });
    expect({ manifest, objects }).toEqual({ manifest: `manifests/dt=${day}.json`, objects: [] });
    const bytes = workplace.objects.stored.get(manifest)?.bytes ?? Buffer.of();
    const text = Buffer.from(bytes).toString();
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
    expect(workplace.signer.verify(bytes, workplace.objects.stored.get(`${manifest}.sig`)?.bytes ?? Buffer.of())).toBe(
      true,
    );
    expect(manifestAt(workplace, manifest)).toMatchObject({
      kind: "day",
      sequence: 1,
      environment: "test",
      facts: 0,
      sums: [],
      exceptions: workplace.exceptions,
      waiting: [{ queue: "webhook-events-test", messages: 2 }],
    });
  });

  it("lists what isn't finished of earlier days, too, and reads the table once in an execution", async () => {
    const workplace = aWorkplace();
    const startedAt = "2026-11-20T03:00:00.000Z";
    const next = "2026-11-19";
    const [ofDay] = workplace.exceptions;
    const ofNext = { eventId: "stripe:evt_8", status: "PROCESSING", receivedAt: `${next}T10:00:00.000Z` };
    workplace.exceptions.push(ofNext, { ...ofNext, eventId: "stripe:evt_7", receivedAt: "2026-11-20T01:00:00.000Z" });
    const first = await workplace.seal({ day, startedAt, slices: await slicesOf(workplace) });
    const second = await workplace.seal({ day: next, startedAt, slices: await slicesOf(workplace, next) });
    expect(manifestAt(workplace, first.manifest).exceptions).toEqual([ofDay]);
    expect(manifestAt(workplace, first.manifest)).not.toHaveProperty("earlierExceptions");
    const { exceptions, earlierExceptions } = manifestAt(workplace, second.manifest);
    expect({ exceptions, earlierExceptions }).toEqual({ exceptions: [ofNext], earlierExceptions: [ofDay] });
    expect(workplace.reads.count).toBe(1);
  });

  it("keeps its manifest small, however many events aren't finished", async () => {
    const workplace = aWorkplace();
    const many = Array.from({ length: 60_000 }, (_, index) => {
      return {
        eventId: `stripe:many_${index}`,
        status: "FAILED",
        receivedAt: `${day}T11:00:00.000Z`,
        error: "bus: down",
      };
    });
    workplace.exceptions.push(...many);
    const { manifest } = await workplace.seal({ day, slices: await slicesOf(workplace) });
    expect(workplace.objects.stored.get(manifest)?.bytes.length).toBeLessThan(100_000);
    const { exceptions, exceptionLists: lists = [] } = manifestAt(workplace, manifest);
    for (const { key, sha256, sizeBytes } of lists) {
      const bytes = workplace.objects.stored.get(key)?.bytes ?? Buffer.of();
      expect([sha256Hex(bytes), bytes.length]).toEqual([sha256, sizeBytes]);
    }
    const listed: string[] = [];
    const told = { entries: exceptions, lists };
    for await (const { eventId } of entriesIn(workplace.objects, told)) listed.push(eventId);
    expect(new Set(listed)).toEqual(new Set(workplace.exceptions.map(({ eventId }) => eventId)));
    expect(listed).toHaveLength(workplace.exceptions.length);
    expect(lists.map(({ entries }) => entries)).toEqual([50_000, 9_501]);
  });

  it("tells of a manifest once, by the attempt that has put it into the chain", async () => {
    const workplace = aWorkplace();
    const slices = await slicesOf(workplace);
    await Promise.all([workplace.seal({ day, slices }), workplace.seal({ day, slices })]);
    await workplace.seal({ day, slices });
    expect(workplace.told).toEqual([`day ${day} 1`]);
  });

  it("adds up amounts beyond 2^53 exactly, over slices", async () => {
    const workplace = aWorkplace();
    const sum = (currency: string, amountMinor: string) =>
      ({ currency, type: "payment.succeeded", provider: "stripe", rows: 1, amountMinor }) as const;
    const places = slicesOfDay(day, 1);
    const slices = await Promise.all(
      places.map((place) =>
        stored(workplace, place, { facts: 2, sums: [sum("KWD", "9007199254740993"), sum("JPY", "-7")] }),
      ),
    );
    const { manifest } = await workplace.seal({ day, slices });
    expect(manifestAt(workplace, manifest)).toMatchObject({
      facts: 48,
      sums: [
        { currency: "JPY", amountMinor: "-168", rows: 24 },
        { currency: "KWD", amountMinor: String(9007199254740993n * 24n), rows: 24 },
      ],
    });
  });

  it("gives as many objects to release as an execution has room for; the others are in the index still", async () => {
    const workplace = aWorkplace();
    const places = slicesOfDay(day, 1);
    const objectOf = (part: number) => {
      const key = archiveKeys.transactions(day, "00", part);
      return { key, kind: "transactions", sha256: "ab".repeat(32), sizeBytes: 1, rows: 1 } as const;
    };
    const many = Array.from({ length: 200 }, (_, part) => objectOf(part));
    const slices = await Promise.all(
      places.map((place, index) => stored(workplace, place, { objects: index === 0 ? many : [] })),
    );
    const first = await workplace.seal({ day, slices });
    expect(first.objects).toHaveLength(releasesOf(24));
    expect(manifestAt(workplace, first.manifest).objects).toHaveLength(200);
    expect(await workplace.seal({ day, slices })).toEqual(first);
  });

  it.each([
    ["a slice that is missing", (keys: { key: string }[]) => keys.slice(1)],
    ["a slice that is there twice", (keys: { key: string }[]) => [...keys, ...keys.slice(0, 1)]],
  ])("refuses %s", async (_, change) => {
    const workplace = aWorkplace();
    const slices = change(await slicesOf(workplace));
    await expect(workplace.seal({ day, slices })).rejects.toMatchObject({ code: "wrong-slices" });
    expect([...workplace.objects.stored.keys()].some((key) => key.startsWith("manifests/"))).toBe(false);
  });

  it("finishes what a crash left in the chain, byte for byte, before it follows it", async () => {
    const workplace = aWorkplace();
    await workplace.seal({ day, slices: await slicesOf(workplace) });
    const key = `manifests/dt=${day}.json`;
    const bytes = workplace.objects.stored.get(key)?.bytes ?? Buffer.of();
    // As after a crash that came between taking the place and storing the manifest.
    const crashed = { ...workplace, ...aWorkplace() };
    await crashed.objects.create(archiveKeys.chain(1), bytes);
    const next = "2026-11-19";
    const { manifest } = await crashed.seal({ day: next, slices: await slicesOf(crashed, next) });
    expect(Buffer.from(crashed.objects.stored.get(key)?.bytes ?? []).equals(Buffer.from(bytes))).toBe(true);
    expect(crashed.objects.stored.has(`${key}.sig`)).toBe(true);
    expect(manifestAt(crashed, manifest)).toMatchObject({ sequence: 2, previous: { key } });
  });

  it("gives two seals at the same time a place each, one after the other", async () => {
    const workplace = aWorkplace();
    const days = [day, "2026-11-19"];
    const requests = await Promise.all(days.map(async (one) => ({ day: one, slices: await slicesOf(workplace, one) })));
    const sealed = await Promise.all(requests.map((request) => workplace.seal(request)));
    const manifests = sealed.map(({ manifest }) => manifestAt(workplace, manifest));
    const [first, second] = manifests.toSorted((a, b) => a.sequence - b.sequence);
    expect([first?.sequence, second?.sequence]).toEqual([1, 2]);
    expect(second?.previous?.key).toBe(`manifests/dt=${first?.day}.json`);
  });

  it("lists what an attempt left behind, also for the day before when it came after that seal", async () => {
    const workplace = aWorkplace();
    await workplace.objects.create(archiveKeys.raw(day, "03", 7), Buffer.from("left"));
    const { manifest } = await workplace.seal({ day, slices: await slicesOf(workplace) });
    expect(manifestAt(workplace, manifest).abandoned.map(({ key }) => key)).toEqual([archiveKeys.raw(day, "03", 7)]);
    await workplace.objects.create(archiveKeys.raw(day, "04", 7), Buffer.from("later"));
    workplace.clock.nowMs += 24 * 60 * 60 * 1000;
    const next = await workplace.seal({ day: "2026-11-19", slices: await slicesOf(workplace, "2026-11-19") });
    expect(manifestAt(workplace, next.manifest).abandoned).toEqual([
      { key: archiveKeys.raw(day, "04", 7), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), sizeBytes: 5 },
    ]);
  });

  it("lists what an attempt left behind however long nothing was sealed after it", async () => {
    const workplace = aWorkplace();
    await workplace.seal({ day, slices: await slicesOf(workplace) });
    workplace.clock.nowMs += 10 * minuteMs;
    await workplace.objects.create(archiveKeys.raw(day, "04", 7), Buffer.from("later"));
    workplace.clock.nowMs += 20 * dayMs;
    const next = await workplace.seal({ day: "2026-11-19", slices: await slicesOf(workplace, "2026-11-19") });
    expect(abandonedIn(workplace, next)).toEqual([archiveKeys.raw(day, "04", 7)]);
  });

  it("takes no object of another day for left behind which an execution under way may be about to seal", async () => {
    const workplace = aWorkplace();
    await workplace.seal({ day, slices: await slicesOf(workplace) });
    workplace.clock.nowMs += dayMs;
    await workplace.objects.create(archiveKeys.raw(day, "04", 0, 3), Buffer.from("of an addendum"));
    workplace.clock.nowMs += 11 * 60 * minuteMs;
    const next = await workplace.seal({ day: "2026-11-19", slices: await slicesOf(workplace, "2026-11-19") });
    expect(abandonedIn(workplace, next)).toEqual([]);
  });

  it("excuses no object that comes to a day when nothing of its sealing can be under way any more", async () => {
    const workplace = aWorkplace();
    const days = ["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"];
    const manifests: { readonly manifest: string }[] = [];
    for (const one of days) {
      if (one === days.at(-2)) await workplace.objects.create(archiveKeys.raw(day, "04", 7), Buffer.from("forged"));
      manifests.push(await workplace.seal({ day: one, slices: await slicesOf(workplace, one) }));
      workplace.clock.nowMs += dayMs;
    }
    expect(manifests.flatMap((one) => abandonedIn(workplace, one))).toEqual([]);
  });

  it("makes no addendum of nothing, and refuses one that didn't know of another", async () => {
    const workplace = aWorkplace();
    await workplace.seal({ day, slices: await slicesOf(workplace) });
    const place = { day, hour: "10", slice: 0, shards: [3], addendum: 2 };
    const unreleased = [archiveKeys.transactions(day, "10", 0)];
    const nothing = await stored(workplace, place, { after: 1, unreleased });
    const answer = await workplace.seal({ day, addendum: 2, slices: [nothing] });
    expect(answer).toEqual({ manifest: `manifests/dt=${day}.json`, objects: [{ key: unreleased[0] }] });

    const object = (part: number) => ({
      key: archiveKeys.transactions(day, "10", part, 2),
      kind: "transactions" as const,
      sha256: "ab".repeat(32),
      sizeBytes: 1,
      rows: 1,
    });
    const late = await stored(workplace, { ...place, shards: [4] }, { after: 1, facts: 1, objects: [object(0)] });
    const other = await stored(workplace, { ...place, shards: [5] }, { after: 1, facts: 1, objects: [object(1)] });
    const sealed = await workplace.seal({ day, addendum: 2, slices: [late] });
    expect(sealed.manifest).toBe(archiveKeys.manifest(day, 2));
    expect(await workplace.seal({ day, addendum: 2, slices: [late] })).toEqual(sealed);
    await expect(workplace.seal({ day, addendum: 2, slices: [other] })).rejects.toMatchObject({
      code: "archive-went-on",
    });
  });
});
