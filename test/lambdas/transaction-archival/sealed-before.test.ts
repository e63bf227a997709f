/** What comes late for a day whose objects are in Glacier already. */
import { archiveKeys } from "../../../config/archive.ts";
import { createEventIdList, eventIdsIn } from "../../../lambdas/shared/domain/archive/event-ids.ts";
import { parseManifest } from "../../../lambdas/shared/domain/archive/manifest-text.ts";
import { PermanentError } from "../../../lambdas/shared/domain/retryable-error.ts";
import { readSealedBefore } from "../../../lambdas/transaction-archival/sealed-before.ts";
import { createArchiveWorld } from "../../support/archive-world.ts";
import { aFactRecord, aRawRecord, keyOfFact } from "../../support/memory-archive.ts";
import { seeded } from "../../support/seeded.ts";

const day = "2026-11-18";
const factOf = (id: string) => aFactRecord({ eventId: id, tier: "unrouted", receivedAt: `${day}T10:00:01.250Z` });
const place = { day, hour: "10", slice: 0, shards: Array.from({ length: 16 }, (_, shard) => shard), addendum: 2 };

/** A day that is sealed with one event, and then another. */
async function aSealedDay() {
  const played = createArchiveWorld(seeded(1), Date.parse("2026-11-20T03:00:00.000Z"));
  const sealed = factOf("stripe:evt_sealed");
  played.ledger.recordFact(sealed);
  played.ledger.recordRaw(keyOfFact(sealed), aRawRecord());
  expect(await played.execute(day)).toBe(true);
  played.end();
  const manifest = parseManifest(played.objects.stored.get(archiveKeys.manifest(day))?.bytes ?? Buffer.of());
  const keys = [sealed, factOf("stripe:evt_late")].map(keyOfFact);
  return { ...played, manifest, keys };
}

const inGlacier = async () => {
  throw new PermanentError("archive-object-in-glacier", "restore it first");
};

describe("what is sealed before", () => {
  it("is told without the objects, which may be in Glacier", async () => {
    const { objects, keys } = await aSealedDay();
    const { compare, unreleased } = await readSealedBefore({ ...objects, open: inGlacier }, place);
    expect(await compare(keys)).toEqual({ unsealed: keys.slice(1), waiting: [] });
    expect(unreleased()).toEqual([archiveKeys.transactions(day, "10", 0)]);
  });

  it("is read from the object where its list is gone", async () => {
    const { objects, manifest, keys } = await aSealedDay();
    const lists = manifest.objects.map(({ sha256 }) => archiveKeys.eventIds(sha256));
    const get = async (key: string) => (lists.includes(key) ? undefined : objects.get(key));
    const { compare } = await readSealedBefore({ ...objects, get }, place);
    expect(await compare(keys)).toEqual({ unsealed: keys.slice(1), waiting: [] });
    const cold = await readSealedBefore({ ...objects, get, open: inGlacier }, place);
    await expect(cold.compare(keys)).rejects.toMatchObject({ code: "archive-object-in-glacier" });
  });

  it("has a list for each object of transactions, and none for raw bytes", async () => {
    const { objects, manifest } = await aSealedDay();
    const lists = [...objects.stored.keys()].filter((key) => key.startsWith("event-ids/"));
    const ofTransactions = manifest.objects.filter(({ kind }) => kind === "transactions");
    expect(lists).toEqual(ofTransactions.map(({ sha256 }) => archiveKeys.eventIds(sha256)));
  });
});

describe("a list of event ids", () => {
  it("gives back what was added in pieces, whatever is in it", () => {
    const list = createEventIdList();
    const settled = { eventId: "stripe:evt_1", state: "settled" } as const;
    const waiting = { eventId: 'hmac:"quoted"\nand broken', state: "waits" } as const;
    const decision = { eventId: "hmac:ü", state: "decision" } as const;
    list.add([settled, waiting]);
    list.add([decision]);
    expect([...eventIdsIn(list.take())]).toEqual([settled, waiting, decision]);
    list.add([settled]);
    expect([...eventIdsIn(list.take())]).toEqual([settled]);
  });
});
