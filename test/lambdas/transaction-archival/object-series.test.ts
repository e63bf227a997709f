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
import { rawRow, transactionRow } from "../../../lambdas/shared/domain/archive/rows.ts";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";
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
