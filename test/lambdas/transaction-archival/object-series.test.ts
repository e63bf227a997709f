import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  rawColumns,
  rawRowGroupBytes,
  rowGroupRows,
  smallestObjectBytes,
  transactionColumns,
} from "../../../config/archive.ts";
import type { FactKey, LedgerRecord } from "../../../lambdas/shared/domain/archive/records.ts";
import { rawRow, transactionRow } from "../../../lambdas/shared/domain/archive/rows.ts";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
import { createSliceArchival } from "../../../lambdas/transaction-archival/archive-slice.ts";
import { createObjectSeries } from "../../../lambdas/transaction-archival/object-series.ts";
import { aFactRecord, aRawRecord, createMemoryArchiveObjects } from "../../support/memory-archive.ts";

describe("objects of one table", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "object-series-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function aSeries(objectBytes: number) {
    const objects = createMemoryArchiveObjects();
    const series = createObjectSeries({
      kind: "transactions",
      columns: transactionColumns,
      path: join(directory, "transactions.parquet"),
      objects,
      keyOf: (part) => `part-${part}`,
      firstPart: 0,
      objectBytes,
    });
    return { objects, series };
  }

  const rowOf = (index: number) =>
    transactionRow("fact", { fact: aFactRecord({ eventId: `stripe:evt_${index}` }) }, sha256Hex(`body ${index}`));

  it("begins another object when one is large enough and a whole row group follows, and joins a rest to the last", async () => {
    const { series } = aSeries(1);
    for (let index = 0; index < 2 * rowGroupRows + 1; index += 1) await series.add(rowOf(index));
    const made = await series.end();
    expect(made.map(({ key, rows }) => [key, rows])).toEqual([
      ["part-0", rowGroupRows],
      ["part-1", rowGroupRows + 1],
    ]);
    for (const { sizeBytes } of made) expect(sizeBytes).toBeGreaterThan(smallestObjectBytes);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("makes no object of nothing", async () => {
    const { objects, series } = aSeries(1);
    expect(await series.end()).toEqual([]);
    expect(objects.stored.size).toBe(0);
  });

  it("takes over an earlier attempt's object with the same rows, and passes over one with others", async () => {
    const { objects, series } = aSeries(1);
    await objects.create("part-0", Buffer.from("something else"));
    await series.add(rowOf(1));
    const [first] = await series.end();
    expect(first?.key).toBe("part-1");
    const again = createObjectSeries({
      kind: "transactions",
      columns: transactionColumns,
      path: join(directory, "again.parquet"),
      objects,
      keyOf: (part) => `part-${part}`,
      firstPart: 1,
    });
    await again.add(rowOf(1));
    expect(await again.end()).toEqual([first]);
    expect(objects.stored.size).toBe(2);
  });

  it("ends a row group of large bodies by their bytes", async () => {
    const series = createObjectSeries({
      kind: "raw",
      columns: rawColumns,
      path: join(directory, "raw.parquet"),
      objects: createMemoryArchiveObjects(),
      keyOf: (part) => `part-${part}`,
      firstPart: 0,
    });
    const body = Buffer.alloc(1024 * 1024, "x");
    let most = 0;
    for (let index = 0; index < 20; index += 1) {
      await series.add(rawRow(`stripe:evt_${index}`, aRawRecord({ sizeBytes: body.length }), body));
      most = Math.max(most, series.held.bodyBytes);
    }
    const [made] = await series.end();
    expect(most).toBeLessThan(rawRowGroupBytes);
    expect(made).toMatchObject({ rows: 20, kind: "raw" });
    expect(made?.sizeBytes).toBeGreaterThan(20 * body.length);
  });
});

describe("a slice of 100,000 events", () => {
  it("holds a row group of each table and the facts of one read, never the slice", async () => {
    const events = 100_000;
    const pageKeys = 5_000;
    const directory = mkdtempSync(join(tmpdir(), "large-slice-"));
    const objects = createMemoryArchiveObjects();
    let most = { rows: 0, bodyBytes: 0 };
    let mostRead = 0;
    const archiveSlice = createSliceArchival(
      {
        ledger: {
          async page(partition, { after = "0" } = {}) {
            if (!partition.endsWith("#00")) return { keys: [] };
            const start = Number(after);
            const keys = Array.from({ length: Math.min(pageKeys, events - start) }, (_, index): FactKey => {
              return { transactionId: "stripe:pi_1", entry: `2026-11-18T10:00:00.000Z#stripe:evt_${start + index}` };
            });
            return { keys, ...(start + pageKeys < events && { next: String(start + pageKeys) }) };
          },
          async read(keys) {
            mostRead = Math.max(mostRead, keys.length);
            return keys.map(({ entry }): LedgerRecord => {
              const fact = aFactRecord({ eventId: entry.slice(25), amountMinor: 10n ** 29n });
              return { fact, raw: aRawRecord({ body: Buffer.alloc(1_000, entry) }) };
            });
          },
          decided: async () => [],
        },
        objects,
        payloads: { read: async () => undefined },
        onMissingBody: () => {},
        onHeld: ({ rows, bodyBytes }) => {
          most = { rows: Math.max(most.rows, rows), bodyBytes: Math.max(most.bodyBytes, bodyBytes) };
        },
      },
      (name) => join(directory, name),
    );
    const { key, facts } = await archiveSlice({ day: "2026-11-18", hour: "10", slice: 0, shards: [0, 1] });
    rmSync(directory, { recursive: true, force: true });
    expect(facts).toBe(events);
    expect(mostRead).toBeLessThanOrEqual(132);
    expect(most.rows).toBeLessThan(2 * rowGroupRows);
    expect(most.bodyBytes).toBeLessThan(rawRowGroupBytes);
    const result = JSON.parse(Buffer.from(objects.stored.get(key)?.bytes ?? []).toString());
    expect(result.sums).toEqual([
      {
        currency: "USD",
        type: "payment.succeeded",
        provider: "stripe",
        rows: events,
        amountMinor: `1${"0".repeat(34)}`,
      },
    ]);
  }, 120_000);
});
