/** What is held of a slice, and said of it, doesn't grow with its events: decided ones, undecided ones, late decisions. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  archiveKeys,
  type Manifest,
  rawRowGroupBytes,
  rowGroupRows,
  type SlicePlace,
  type SliceResult,
} from "../../../config/archive.ts";
import { createChain } from "../../../lambdas/shared/domain/archive/chain.ts";
import type { ArchiveLedger } from "../../../lambdas/shared/domain/archive/ports.ts";
import type { FactKey, LedgerRecord } from "../../../lambdas/shared/domain/archive/records.ts";
import { createSliceArchival } from "../../../lambdas/transaction-archival/archive-slice.ts";
import {
  aFactRecord,
  aRawRecord,
  createMemoryArchiveObjects,
  createMemorySigner,
  type MemoryArchiveObjects,
} from "../../support/memory-archive.ts";

const events = 100_000;
const pageKeys = 5_000;
const place: SlicePlace = { day: "2026-11-18", hour: "10", slice: 0, shards: [0, 1] };

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "large-slice-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A ledger whose facts are made when they are read. */
function aLedger(decision?: LedgerRecord["decision"]) {
  const read = { most: 0, withRaw: 0, asked: 0 };
  const ledger: ArchiveLedger = {
    async page(partition, { after = "0" } = {}) {
      if (!partition.endsWith("#00")) return { keys: [] };
      const start = Number(after);
      const keys = Array.from({ length: Math.min(pageKeys, events - start) }, (_, index): FactKey => {
        return { transactionId: "stripe:pi_1", entry: `2026-11-18T10:00:00.000Z#stripe:evt_${start + index}` };
      });
      return { keys, ...(start + pageKeys < events && { next: String(start + pageKeys) }) };
    },
    async read(keys, { withRaw } = { withRaw: true }) {
      read.most = Math.max(read.most, keys.length);
      if (withRaw) read.withRaw += keys.length;
      return keys.map(({ entry }): LedgerRecord => {
        const fact = aFactRecord({ eventId: entry.slice(25), amountMinor: 10n ** 29n });
        return {
          fact,
          ...(withRaw && { raw: aRawRecord({ body: Buffer.alloc(1_000, entry) }) }),
          ...(decision && { decision }),
        };
      });
    },
    async decided(keys) {
      read.asked = Math.max(read.asked, keys.length);
      return decision === undefined ? [] : keys;
    },
  };
  return { ledger, read };
}

async function archived(objects: MemoryArchiveObjects, ledger: ArchiveLedger, asked: SlicePlace) {
  const most = { rows: 0, bodyBytes: 0 };
  const archiveSlice = createSliceArchival(
    {
      ledger,
      objects,
      payloads: { read: async () => undefined },
      onMissingBody: () => {},
      onHeld: ({ rows, bodyBytes }) => {
        most.rows = Math.max(most.rows, rows);
        most.bodyBytes = Math.max(most.bodyBytes, bodyBytes);
      },
    },
    (name) => join(directory, name),
  );
  const { key } = await archiveSlice(asked);
  const bytes = Buffer.from(objects.stored.get(key)?.bytes ?? []);
  return { most, resultBytes: bytes.length, result: JSON.parse(bytes.toString()) as SliceResult };
}

async function sealed(objects: MemoryArchiveObjects, { version, day, objects: own, ...counts }: SliceResult) {
  const signer = createMemorySigner();
  const { facts, lateDecisions, sums, undecided, missingBodies } = counts;
  const manifest: Manifest = {
    version,
    kind: "day",
    day,
    sequence: 1,
    sealedAt: "2026-11-20T03:00:00.000Z",
    environment: "test",
    signingKey: await signer.currentKey(),
    objects: own,
    ...{ facts, lateDecisions, sums, undecided, missingBodies },
    exceptions: [],
    waiting: [],
    abandoned: [],
  };
  await createChain(objects, signer).append(manifest);
}

describe("a slice of 100,000 events", () => {
  it("holds a row group of each table and the facts of one read, never the slice", async () => {
    const { ledger, read } = aLedger();
    const { most, result, resultBytes } = await archived(createMemoryArchiveObjects(), ledger, place);
    expect(read.most).toBeLessThanOrEqual(132);
    expect(most.rows).toBeLessThan(2 * rowGroupRows);
    expect(most.bodyBytes).toBeLessThan(rawRowGroupBytes);
    expect(result.sums).toEqual([
      {
        currency: "USD",
        type: "payment.succeeded",
        provider: "stripe",
        rows: events,
        amountMinor: `1${"0".repeat(34)}`,
      },
    ]);
    expect(result).toMatchObject({ facts: events, undecided: events });
    // The state machine passes on its key, and the seal holds hundreds of them.
    expect(resultBytes).toBeLessThan(4_096);
  }, 120_000);

  it("brings 100,000 late decisions as they are read, without the bytes beside them", async () => {
    const objects = createMemoryArchiveObjects();
    await sealed(objects, (await archived(objects, aLedger().ledger, place)).result);
    const { ledger, read } = aLedger({ decision: "APPROVE" });
    const late = await archived(objects, ledger, { ...place, addendum: 2 });
    expect(late.result).toMatchObject({ facts: 0, lateDecisions: events, undecided: 0 });
    expect(late.most.rows).toBeGreaterThan(rowGroupRows / 2);
    expect(late.most.rows).toBeLessThan(2 * rowGroupRows);
    expect(read.most).toBeLessThanOrEqual(132);
    expect(read.withRaw).toBe(0);
    expect(read.asked).toBeLessThan(events);
    expect(late.resultBytes).toBeLessThan(4_096);
    expect(late.result.objects[0]?.key).toBe(archiveKeys.transactions(place.day, "10", 0, 2));
  }, 120_000);
});
