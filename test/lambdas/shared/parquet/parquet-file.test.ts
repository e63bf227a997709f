import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { rawColumns, transactionColumns } from "../../../../config/archive.ts";
import type { FactRecord } from "../../../../lambdas/shared/domain/archive/records.ts";
import {
  type RawRow,
  rawRow,
  type TransactionRow,
  transactionRow,
} from "../../../../lambdas/shared/domain/archive/rows.ts";
import { createParquetFile } from "../../../../lambdas/shared/parquet/parquet-file.ts";
import { createRowGroup } from "../../../../lambdas/shared/parquet/row-group.ts";
import { aFactRecord, aRawRecord } from "../../../support/memory-archive.ts";

describe("the archive's Parquet files, read by DuckDB", () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "parquet-file-"));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function write(name: string, groups: readonly (readonly TransactionRow[])[]): string {
    const path = join(directory, name);
    const file = createParquetFile(path, transactionColumns);
    for (const rows of groups) {
      const group = createRowGroup(transactionColumns);
      for (const row of rows) group.add(row);
      file.write(group);
    }
    const { sizeBytes, sha256 } = file.finish();
    const bytes = readFileSync(path);
    expect({ sizeBytes, sha256 }).toEqual({
      sizeBytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    return path;
  }

  async function read(path: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const result = await connection.runAndReadAll(sql.replace("$FILE", `read_parquet('${path}')`));
    connection.disconnectSync();
    return result.getRowObjectsJson() as Readonly<Record<string, unknown>>[];
  }

  const factsRead = (path: string) => read(path, "SELECT * FROM $FILE");
  const written = (fact: Partial<FactRecord>) => transactionRow("fact", { fact: aFactRecord(fact) }, undefined);

  it("keeps amounts of every size and sign, and their sums, to the last digit", async () => {
    const amounts = [0n, 1n, -1n, 2n ** 53n + 1n, -(2n ** 63n) - 1n, 10n ** 30n - 1n, 1n - 10n ** 30n, 255n, -256n];
    const path = write("amounts.parquet", [
      amounts.map((amountMinor, index) => written({ amountMinor, currency: "KWD", eventId: `e${index}` })),
    ]);
    const rows = await factsRead(path);
    expect(rows.map((row) => row.amount_minor)).toEqual(amounts.map(String));
    const [sums] = await read(
      path,
      "SELECT sum(amount_minor)::VARCHAR AS total, typeof(min(amount_minor)) AS type FROM $FILE",
    );
    expect(sums).toEqual({ total: amounts.reduce((sum, one) => sum + one, 0n).toString(), type: "DECIMAL(38,0)" });
  });

  it("keeps every column, nulls and odd characters included", async () => {
    const fact = aFactRecord({
      eventId: "hmac:😀\u0000é\u{10ffff}\ufffd'\"\\",
      customerId: "",
      currency: "JPY",
      objectVersion: "v1",
      amountProblem: "rate_unknown",
      sameFactAs: "hmac:other",
      occurredAt: "2028-02-29T23:59:59.999Z",
      receivedAt: "2028-03-01T00:00:00.000Z",
    });
    const decision = { decision: "REVIEW", score: 0.1, decidedBy: "ada", decidedAt: "2028-03-01T00:00:00Z" } as const;
    const bare = aFactRecord({ eventId: "bare", tier: "unrouted" });
    const { amountMinor: _, currency: __, routingAmountUsd: ___, ...withoutMoney } = bare;
    const path = write("columns.parquet", [
      [
        transactionRow("decision", { fact, decision }, "ab".repeat(32)),
        transactionRow("fact", { fact: withoutMoney }, undefined),
      ],
    ]);
    const [first, second] = await factsRead(path);
    expect(first).toMatchObject({
      entry: "decision",
      event_id: fact.eventId,
      customer_id: "",
      currency: "JPY",
      routing_usd_cents: "12345",
      decision: "REVIEW",
      score: 0.1,
      decided_by: "ada",
      occurred_at: expect.stringMatching(/^2028-02-29 23:59:59\.999/),
      received_at: expect.stringMatching(/^2028-03-01 00:00:00/),
      decided_at: expect.stringMatching(/^2028-03-01 00:00:00/),
      raw_sha256: "ab".repeat(32),
    });
    const nullable = Object.entries(transactionColumns).flatMap(([name, { nullable }]) => (nullable ? [name] : []));
    expect(Object.entries(second ?? {}).flatMap(([name, value]) => (value === null ? [name] : []))).toEqual(nullable);
    expect(Object.keys(first ?? {})).toEqual(Object.keys(transactionColumns));
  });

  it("keeps the order of rows over row groups, and makes the same bytes of the same rows", async () => {
    const groups = [0, 1, 2].map((group) =>
      Array.from({ length: 50 }, (_, n) => written({ eventId: `e${group * 50 + n}` })),
    );
    const paths = [write("one.parquet", groups), write("two.parquet", groups)];
    const rows = await factsRead(paths[0] ?? "");
    expect(rows.map((row) => row.event_id)).toEqual(Array.from({ length: 150 }, (_, n) => `e${n}`));
    const [one, two] = paths.map((path) => readFileSync(path));
    expect(one?.equals(two ?? Buffer.of())).toBe(true);
  });

  it("keeps bodies byte for byte, 1 MB ones among them", async () => {
    const path = join(directory, "raw.parquet");
    const file = createParquetFile(path, rawColumns);
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const bodies = [Buffer.alloc(0), everyByte, Buffer.alloc(1024 * 1024, everyByte), zstdCompressSync(everyByte)];
    const group = createRowGroup(rawColumns);
    for (const [index, body] of bodies.entries()) {
      const row: RawRow = rawRow(
        `e${index}`,
        aRawRecord({ sizeBytes: body.length, headers: { "x-é": "\u0001" } }),
        body,
      );
      group.add(row);
    }
    file.write(group);
    expect(file.finish().sizeBytes).toBeLessThan(1.02 * 1024 * 1024);
    const rows = await read(
      path,
      "SELECT event_id, sha256(body) AS hash, octet_length(body) AS size, headers FROM $FILE",
    );
    expect(rows.map((row) => [row.hash, Number(row.size)])).toEqual(
      bodies.map((body) => [createHash("sha256").update(body).digest("hex"), body.length]),
    );
    expect(JSON.parse(String(rows[0]?.headers))).toEqual({ "x-é": "\u0001" });
  });
});
