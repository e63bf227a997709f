import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
import { createDirectorySource } from "../../../tools/archive/directory-source.ts";
import { filesOf } from "../../../tools/archive/files.ts";
import { createArchiveEvents } from "../../../tools/replay/archive-events.ts";
import { type TimeRange, timeRange } from "../../../tools/replay/time-range.ts";
import { aFactRow, createFixtureArchive, type FixtureArchive } from "../archive/fixture.ts";

const body = Buffer.from('{"id":"evt_1"}');
const rawRow = {
  event_id: "stripe:evt_1",
  received_at: "2026-10-05 03:00:00.125",
  headers: '{"stripe-signature":"t=1,v1=aa"}',
  encoding: "identity",
  body: body.toString("base64"),
  size_bytes: String(body.length),
  sha256: sha256Hex(body),
};

let archive: FixtureArchive;
beforeAll(async () => {
  archive = createFixtureArchive();
  const undecided = { decision: null, score: null, decided_by: null, decided_at: null };
  await archive.seal({
    day: "2026-10-05",
    transactions: [
      aFactRow({ event_id: "stripe:evt_1", raw_sha256: sha256Hex(body) }),
      aFactRow({ event_id: "stripe:evt_2", ...undecided, raw_sha256: "0".repeat(64), tier: "high" }),
      aFactRow({
        event_id: "stripe:evt_3",
        ...undecided,
        received_at: "2026-10-05 03:59:59.999",
        same_fact_as: "stripe:evt_1",
      }),
    ],
    raw: [rawRow, { ...rawRow, event_id: "stripe:evt_2", sha256: "0".repeat(64) }],
  });
  await archive.seal({
    day: "2026-10-05",
    addendum: 2,
    transactions: [aFactRow({ entry: "decision", event_id: "stripe:evt_2", tier: "high" })],
  });
  await archive.seal({
    day: "2026-10-05",
    hour: "04",
    addendum: 3,
    transactions: [aFactRow({ event_id: "stripe:evt_4", received_at: "2026-10-05 04:00:00.000" })],
  });
});
afterAll(() => archive.remove());

function events() {
  const source = createDirectorySource(archive.directory);
  return createArchiveEvents({
    source,
    bring: (manifests) => filesOf(source, manifests, { withRaw: false, tell: () => undefined }),
  });
}

async function idsWithin(range: TimeRange): Promise<readonly string[]> {
  const archived = events();
  const found: string[] = [];
  for (const hour of range.hours()) for await (const { eventId } of archived.within(hour)) found.push(eventId);
  return found;
}

describe("events of sealed days", () => {
  it("are found by their id, with times and amounts as they were booked", async () => {
    const { bytes, ...event } = (await events().byId("stripe:evt_1", "2026-10-05")) ?? { bytes: async () => undefined };
    expect(event).toEqual({
      eventId: "stripe:evt_1",
      transactionId: "stripe:pi_1",
      provider: "stripe",
      providerType: "payment_intent.succeeded",
      tier: "low",
      amountMinor: "1234",
      currency: "EUR",
      occurredAt: "2026-10-05T02:59:59.000Z",
      receivedAt: "2026-10-05T03:00:00.125Z",
      correlationId: "correlation-1",
      hasDecision: true,
      place: "transactions/dt=2026-10-05/hour=03/part-000.parquet",
    });
    const raw = await bytes();
    expect([Buffer.from(raw?.body ?? []), raw?.headers]).toEqual([body, { "stripe-signature": "t=1,v1=aa" }]);
  });

  it("are decided also when the decision came after the seal", async () => {
    expect(await events().byId("stripe:evt_2", "2026-10-05")).toMatchObject({ hasDecision: true });
    const repeat = await events().byId("stripe:evt_3", "2026-10-05");
    expect(repeat).toMatchObject({ hasDecision: false, sameFactAs: "stripe:evt_1" });
  });

  it("refuse bytes that aren't those that came in", async () => {
    const event = await events().byId("stripe:evt_2", "2026-10-05");
    await expect(event?.bytes()).rejects.toMatchObject({ code: "damaged" });
  });

  it("are those of a range, its end left out, hour by hour", async () => {
    const range = timeRange(Date.UTC(2026, 9, 4, 22, 30), Date.UTC(2026, 9, 5, 3, 59, 59, 999));
    const found = await idsWithin(range);
    expect(found).toEqual(["stripe:evt_1", "stripe:evt_2"]);
  });

  it("of an hour are read without a look at the others'", async () => {
    const source = createDirectorySource(archive.directory);
    const asked: string[] = [];
    const looked = createArchiveEvents({
      source,
      bring(manifests) {
        asked.push(...manifests.flatMap(({ manifest }) => manifest.objects.map(({ key }) => key)));
        return filesOf(source, manifests, { withRaw: false, tell: () => undefined });
      },
    });
    const [hour] = timeRange(Date.UTC(2026, 9, 5, 4), Date.UTC(2026, 9, 5, 5)).hours();
    if (hour === undefined) throw new Error("no hour");
    const found: string[] = [];
    for await (const { eventId } of looked.within(hour)) found.push(eventId);
    expect({ found, asked }).toEqual({
      found: ["stripe:evt_4"],
      asked: [expect.stringContaining("transactions/dt=2026-10-05/hour=04/addendum-")],
    });
  });

  it("are none where no day is sealed, and where nothing has the id", async () => {
    expect(await events().byId("stripe:evt_9", "2026-10-05")).toBeUndefined();
    expect(await events().byId("stripe:evt_1", "2026-10-06")).toBeUndefined();
    expect(await idsWithin(timeRange(Date.UTC(2026, 9, 7), Date.UTC(2026, 9, 8)))).toEqual([]);
  });
});
