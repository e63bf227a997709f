import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import type { Column } from "../../../../config/archive.ts";
import type { RowOf } from "../../../../lambdas/shared/domain/archive/rows.ts";
import { createParquetFile } from "../../../../lambdas/shared/parquet/parquet-file.ts";
import { createRowGroup } from "../../../../lambdas/shared/parquet/row-group.ts";

const column = (type: Column["type"], nullable: boolean) => ({ type, nullable, description: "" });

/** Every type, once with nulls and once without. */
const columns = {
  text: column("text", true),
  word: column("text", false),
  amount: column("decimal", true),
  sum: column("decimal", false),
  count: column("integer", true),
  size: column("integer", false),
  at: column("timestamp-ms", true),
  time: column("timestamp-ms", false),
  body: column("bytes", true),
  bytes: column("bytes", false),
  score: column("score", true),
  share: column("score", false),
} as const;
type Columns = typeof columns;
/** The types' union loses its nulls above, where `nullable` is only a boolean. */
type Row = { readonly [Name in keyof Columns]: string | bigint | Uint8Array | number | null };

describe("the archive's Parquet files, whatever is in them", () => {
  let directory = "";
  let connection: DuckDBConnection;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "parquet-round-trip-"));
    connection = await (await DuckDBInstance.create(":memory:")).connect();
  });
  afterAll(() => {
    connection.closeSync();
    rmSync(directory, { recursive: true, force: true });
  });

  function write(groups: readonly (readonly Row[])[]): string {
    const path = join(directory, "file.parquet");
    const file = createParquetFile(path, columns);
    const group = createRowGroup(columns);
    for (const rows of groups) {
      for (const row of rows) group.add(row as RowOf<Columns>);
      file.write(group);
    }
    file.finish();
    return path;
  }

  /** As text that shows every difference. */
  const shown = ({ text, word, amount, sum, count, size, at, time, body, bytes, score, share }: Row) => ({
    ...{ text, word },
    ...{ amount: amount?.toString() ?? null, sum: String(sum), count: count?.toString() ?? null, size: String(size) },
    ...{ at: at?.toString() ?? null, time: String(time), score, share },
    ...{ body: body && Buffer.from(body as Uint8Array).toString("hex") },
    bytes: Buffer.from(bytes as Uint8Array).toString("hex"),
  });

  async function readByDuckDb(path: string): Promise<readonly object[]> {
    const result = await connection.runAndReadAll(
      `SELECT text, word, amount::VARCHAR AS amount, sum::VARCHAR AS sum, count::VARCHAR AS count, size::VARCHAR AS size,
         epoch_ms("at")::VARCHAR AS "at", epoch_ms("time")::VARCHAR AS "time", score, share,
         lower(hex(body)) AS body, lower(hex(bytes)) AS bytes
       FROM read_parquet('${path}')`,
    );
    return result.getRowObjectsJson();
  }

  /** Without decimals, which hyparquet gives as floats. */
  async function readByHyparquet(path: string): Promise<readonly object[]> {
    const bytes = readFileSync(path);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const compressors = { ZSTD: (page: Uint8Array) => zstdDecompressSync(page) };
    const rows = await parquetReadObjects({ file, compressors, utf8: false });
    return rows.map((row) => {
      const at = (value: unknown) => (value instanceof Date ? BigInt(value.getTime()) : null);
      const { amount: _, sum: __, ...rest } = shown({ ...row, at: at(row.at), time: at(row.time) } as Row);
      return rest;
    });
  }

  async function expectRead(groups: readonly (readonly Row[])[]): Promise<void> {
    const path = write(groups);
    const expected = groups.flat().map(shown);
    expect(await readByDuckDb(path)).toEqual(expected);
    expect(await readByHyparquet(path)).toEqual(expected.map(({ amount: _, sum: __, ...rest }) => rest));
  }

  const digits38 = 10n ** 38n - 1n;
  const text = fc.oneof(fc.constantFrom("", "USD", "webhook"), fc.string({ unit: "binary" }), fc.string());
  const decimal = fc.oneof(fc.constantFrom(digits38, -digits38, 0n, -1n), fc.bigInt({ min: -digits38, max: digits38 }));
  const integer = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const timeMs = fc.integer({ min: -2_000_000_000_000, max: 8_000_000_000_000 }).map(BigInt);
  const bytes = fc.uint8Array();
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const anyRow: fc.Arbitrary<Row> = fc.record({
    ...{ text: fc.option(text), word: text, amount: fc.option(decimal), sum: decimal },
    ...{ count: fc.option(integer), size: integer, at: fc.option(timeMs), time: timeMs },
    ...{ body: fc.option(bytes), bytes, score: fc.option(double), share: double },
  });

  it("are read by DuckDB and hyparquet as they were written", async () => {
    const groups = fc.array(fc.array(anyRow, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 3 });
    await fc.assert(fc.asyncProperty(groups, expectRead), { numRuns: 60 });
  });

  const empty: Row = {
    ...{ text: null, word: "", amount: null, sum: 0n, count: null, size: 0n, at: null, time: 0n },
    ...{ body: null, bytes: Buffer.of(), score: null, share: 0 },
  };
  const rowsOf = (count: number, row: (index: number) => Partial<Row>) =>
    Array.from({ length: count }, (_, index): Row => ({ ...empty, ...row(index) }));

  it.each<[string, readonly (readonly Row[])[]]>([
    ["no rows at all", []],
    ["one row without anything", [[empty]]],
    ["columns of nulls alone", [rowsOf(1000, () => ({}))]],
    ["texts that never repeat", [rowsOf(3000, (n) => ({ text: `id-${n}`, word: `é${n}` }))]],
    ["texts that repeat until they don't", [rowsOf(3000, (n) => ({ text: `t${n < 1000 ? n % 7 : n}`, word: "w" }))]],
    [
      "as many texts as a dictionary has, and one more",
      [rowsOf(2100, (n) => ({ text: `${n % 1024}`, word: `${n % 1025}` }))],
    ],
    [
      "nulls here and there",
      [rowsOf(3000, (n) => (n % 3 === 0 ? {} : { text: `${n}`, amount: BigInt(n), score: n / 7 }))],
    ],
    [
      "texts of several pages",
      [rowsOf(40, (n) => ({ text: n % 5 === 0 ? null : `${n}`.repeat(60_000), word: `ü${n}`.repeat(9) }))],
    ],
    ["long texts that are not ASCII", [rowsOf(300, (n) => ({ word: `${n}€😀`.repeat(2000) }))]],
    ["bodies of 1 MB", [rowsOf(5, (n) => ({ body: Buffer.alloc(2 ** 20, n), bytes: Buffer.alloc(2 ** 20 + n, "x") }))]],
    ["a large row group, then a small one", [rowsOf(10_000, (n) => ({ text: `id-${n}` })), [empty]]],
  ])("keep %s", async (_, groups) => expectRead(groups));

  it("give a text that isn't Unicode the replacement character, like all encoders", async () => {
    const rows = rowsOf(600, (n) => ({ word: n < 300 ? `lone \ud800${n}` : `\udc00${n}` }));
    const path = write([rows]);
    const words = (await readByDuckDb(path)).map((row) => (row as Row).word);
    expect(words).toEqual(rows.map(({ word }) => String(word).toWellFormed()));
  });

  it("say the bounds that let readers skip row groups, and no wrong ones", () => {
    const path = write([
      [
        { ...empty, text: "\u{10ffff}", word: "b", amount: -5n, count: 7n, at: 3n, score: 0.5 },
        { ...empty, text: "\uffff", word: "a", amount: 2n ** 64n, count: -7n, at: null, score: Number.NaN },
      ],
    ]);
    const bytes = readFileSync(path);
    const { row_groups } = parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const bounds = (name: string) => {
      const { statistics } =
        row_groups[0]?.columns.find((one) => one.meta_data?.path_in_schema[0] === name)?.meta_data ?? {};
      return [statistics?.min_value, statistics?.max_value, statistics?.null_count];
    };
    expect(bounds("text")).toEqual(["\uffff", "\u{10ffff}", 0n]);
    expect(bounds("word")).toEqual(["a", "b", 0n]);
    expect(bounds("count")).toEqual([-7n, 7n, 0n]);
    expect(bounds("at")).toEqual([new Date(3), new Date(3), 1n]);
    expect(bounds("score")).toEqual([undefined, undefined, 0n]);
    expect(bounds("bytes")).toEqual([undefined, undefined, 0n]);
  });

  it.each<[string, Partial<Row>, string]>([
    ["null where there must be a value", { word: null }, "A column that must not be empty was given null"],
    ["a number for a text", { text: 1 }, "A text column was given number"],
    ["a float for an exact amount", { amount: 1.5 }, "A decimal column was given number"],
    ["39 digits", { amount: -(10n ** 38n) }, "A decimal has more than 38 digits"],
    ["more than 64 bits", { size: 2n ** 63n }, "An integer has more than 64 bits"],
    ["a text for bytes", { bytes: "x" }, "A column of bytes was given string"],
    ["a text for a score", { score: "0.5" }, "A column of scores was given string"],
  ])("refuse %s", (_, row, message) => {
    expect(() => createRowGroup(columns).add({ ...empty, ...row } as RowOf<Columns>)).toThrow(message);
  });
});
