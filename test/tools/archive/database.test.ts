import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ArchiveDatabase, openDatabase } from "../../../tools/archive/database.ts";
import { createDirectorySource } from "../../../tools/archive/directory-source.ts";
import { filesOf } from "../../../tools/archive/files.ts";
import { sealedDays } from "../../../tools/archive/sealed-days.ts";
import { aFactRow, createFixtureArchive, type FixtureArchive } from "./fixture.ts";

const beyondFloats = "123456789012345678901234567891";
let archive: FixtureArchive;
let database: ArchiveDatabase;

async function rowsOf(sql: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  const result = await database.query(sql);
  for await (const chunk of result.rows()) rows.push(...chunk);
  return rows;
}

beforeAll(async () => {
  archive = createFixtureArchive();
  await archive.seal({
    day: "2026-10-05",
    transactions: [
      aFactRow({ event_id: "stripe:evt_1", amount_minor: beyondFloats }),
      aFactRow({ event_id: "stripe:evt_2", amount_minor: "1500", currency: "KWD", decision: null, decided_by: null }),
      aFactRow({ event_id: "stripe:evt_3", amount_minor: "-5", currency: "JPY" }),
      aFactRow({ event_id: "stripe:evt_4", amount_minor: null, currency: "XXX", type: "other" }),
    ],
    raw: [
      {
        event_id: "stripe:evt_1",
        received_at: "2026-10-05 03:00:00",
        headers: "{}",
        encoding: "identity",
        body: "e30=",
      },
    ],
  });
  await archive.seal({
    day: "2026-10-05",
    addendum: 2,
    transactions: [aFactRow({ event_id: "stripe:evt_2", entry: "decision", decision: "BLOCK", decided_by: "ada" })],
  });
  const source = createDirectorySource(archive.directory);
  database = await openDatabase(await filesOf(source, await sealedDays(source, {}), { withRaw: true, tell() {} }));
});

afterAll(() => {
  database[Symbol.dispose]();
  archive.remove();
});

describe("the views", () => {
  it("give one row per fact with the decision that holds in the end", async () => {
    expect(await rowsOf("select event_id, decision, decided_by from transactions order by event_id")).toEqual([
      ["stripe:evt_1", "APPROVE", "fraud-detector"],
      ["stripe:evt_2", "BLOCK", "ada"],
      ["stripe:evt_3", "APPROVE", "fraud-detector"],
      ["stripe:evt_4", "APPROVE", "fraud-detector"],
    ]);
    expect(await rowsOf("select count(*) from rows")).toEqual([["5"]]);
    expect(await rowsOf("select event_id, size_bytes from raw")).toEqual([["stripe:evt_1", null]]);
  });

  it("take the newest of late decisions whole, and one whose time nobody knows", async () => {
    const days = createFixtureArchive();
    try {
      const facts = ["stripe:evt_1", "stripe:evt_2"].map((event_id) => aFactRow({ event_id }));
      await days.seal({ day: "2026-10-05", transactions: facts });
      const late = (decision: string, decided_at: string | null, traits = {}) =>
        aFactRow({ entry: "decision", event_id: "stripe:evt_1", decision, decided_at, ...traits });
      await days.seal({
        day: "2026-10-05",
        addendum: 2,
        transactions: [
          late("REVIEW", "2026-10-06 10:00:00", { score: "0.5", decided_by: "ada" }),
          late("BLOCK", "2026-10-07 10:00:00", { score: null, decided_by: "grace" }),
          late("APPROVE", null, { score: "0.1", decided_by: "nobody" }),
          late("REVIEW", null, { event_id: "stripe:evt_2", score: null, decided_by: null }),
        ],
      });
      const source = createDirectorySource(days.directory);
      const files = await filesOf(source, await sealedDays(source, {}), { withRaw: false, tell() {} });
      using view = await openDatabase(files);
      const rows: unknown[] = [];
      const sql = "select event_id, decision, score, decided_by from transactions order by event_id";
      for await (const chunk of (await view.query(sql)).rows()) rows.push(...chunk);
      expect(rows).toEqual([
        ["stripe:evt_1", "BLOCK", null, "grace"],
        ["stripe:evt_2", "REVIEW", null, null],
      ]);
    } finally {
      days.remove();
    }
  });

  it("keep every digit, in minor and in major units", async () => {
    expect(await rowsOf("select amount_minor, amount from transactions order by event_id")).toEqual([
      [beyondFloats, "1234567890123456789012345678.9100"],
      ["1500", "1.5000"],
      ["-5", "-5.0000"],
      [null, null],
    ]);
    expect(await rowsOf("select sum(amount_minor) from transactions where currency = 'EUR'")).toEqual([[beyondFloats]]);
  });

  it("say where a row lies, and when in UTC", async () => {
    const sql =
      "select dt, hour, addendum, object, received_at from rows where event_id = 'stripe:evt_2' order by entry";
    expect(await rowsOf(sql)).toEqual([
      [
        "2026-10-05",
        "03",
        2,
        "transactions/dt=2026-10-05/hour=03/addendum-00000002-part-000.parquet",
        "2026-10-05 03:00:00.125",
      ],
      ["2026-10-05", "03", null, "transactions/dt=2026-10-05/hour=03/part-000.parquet", "2026-10-05 03:00:00.125"],
    ]);
  });

  it("have their columns where no day has an object", async () => {
    using empty = await openDatabase({ root: "/nowhere", transactions: [], raw: [] });
    const result = await empty.query(
      "select event_id, amount, object from transactions union all select event_id, 1, object from raw",
    );
    expect(result.columns.map(({ name }) => name)).toEqual(["event_id", "amount", "object"]);
    for await (const chunk of result.rows()) expect(chunk).toEqual([]);
  });
});

describe("a statement", () => {
  it.each([
    ["another file", "select * from read_text('/etc/hostname')", /file system operations are disabled/],
    ["the network", "select * from read_csv('https://example.com/a.csv')", /disabled|extension/],
    ["a setting", "set enable_external_access = true", /Only SELECT .* not SET/],
    ["an extension", "load httpfs", /Only SELECT .* not LOAD/],
    ["a database", "attach '/tmp/other.db'", /Only SELECT .* not ATTACH/],
    ["a plan", "explain analyze select 1", /Only SELECT .* not EXPLAIN/],
    ["two statements", "select 1; select 2", /Give one statement; there are 2/],
    ["nothing", "", /There is no statement/],
    ["a hidden write", "select * from query('copy rows to ''/tmp/never.csv''')", /Expected a single SELECT/],
  ])("can't reach %s", async (_what, sql, why) => {
    await expect(rowsOf(sql)).rejects.toMatchObject({
      name: "ArchiveError",
      code: "sql",
      message: expect.stringMatching(why),
    });
    expect(existsSync("/tmp/never.csv")).toBe(false);
  });

  it("can't write over an object", async () => {
    const path = join(archive.directory, "transactions/dt=2026-10-05/hour=03/part-000.parquet");
    const before = readFileSync(path);
    await expect(rowsOf(`copy rows to '${path}' (format parquet)`)).rejects.toThrow(/not COPY/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("that is wrong is told why", async () => {
    await expect(rowsOf("select nope from transactions")).rejects.toThrow(/"nope" not found/);
    await expect(rowsOf("selec 1")).rejects.toThrow(/^Parser Error: syntax error at or near "selec"/);
    await expect(rowsOf("select sum(amount_minor * 1000000000) from transactions")).rejects.toThrow(
      /Overflow|out of range/i,
    );
  });
});
