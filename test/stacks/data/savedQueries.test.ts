/** The saved queries run over rows as the archive has them, in DuckDB, whose SQL they share with Athena. */
import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { type Column, rawColumns, transactionColumns } from "../../../config/archive.ts";
import { savedQueries } from "../../../stacks/data/savedQueries.ts";

const types = {
  text: "varchar",
  integer: "bigint",
  decimal: "decimal(38,0)",
  "timestamp-ms": "timestamp",
  bytes: "blob",
  score: "double",
} as const;

const definition = (columns: Readonly<Record<string, Column>>) =>
  Object.entries(columns).map(([name, { type }]) => `${name} ${types[type]}`);

const today = new Date().toISOString().slice(0, 10);

interface Row {
  readonly entry?: "fact" | "decision";
  readonly id: string;
  readonly amount?: string;
  readonly tier?: string;
  readonly more?: string;
}

/** A row of an event; what isn't said is the same for all. */
function insert({ entry = "fact", id, amount = "null", tier = "low", more = "" }: Row): string {
  const time = "TIMESTAMP '2026-11-18 10:00:00'";
  const said = `'${entry}' AS entry, '${id}' AS event_id, 't' AS transaction_id, 'stripe' AS provider, '${tier}' AS tier`;
  const rest = `${amount} AS amount_minor, ${time} AS received_at, '${today}' AS dt, 10 AS hour${more}`;
  return `INSERT INTO transactions BY NAME SELECT ${said}, 'payment.succeeded' AS type, ${rest}`;
}

const beyondDoubles = "9007199254740993000000001";
const rows: readonly Row[] = [
  { id: "a", amount: beyondDoubles, more: ", 'USD' AS currency, 'APPROVE' AS decision" },
  // Left behind by a crashed attempt: the same row in another object.
  { id: "a", amount: beyondDoubles, more: ", 'USD' AS currency, 'APPROVE' AS decision" },
  { id: "b", amount: "2", tier: "high", more: ", 'USD' AS currency" },
  { id: "b", entry: "decision", amount: "2", tier: "high", more: ", 'USD' AS currency, 'BLOCK' AS decision" },
  { id: "c", amount: "2", more: ", 'USD' AS currency, 'b' AS same_fact_as" },
  { id: "d", tier: "unroutable", more: ", 'currency_unknown' AS amount_problem" },
];

async function run(query: keyof typeof savedQueries, parameters: readonly string[] = []) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const columns = [...definition(transactionColumns), "dt varchar", "hour integer"];
    await connection.run(`CREATE TABLE transactions (${columns.join(", ")})`);
    await connection.run(`CREATE TABLE raw (${[...definition(rawColumns), "dt varchar", "hour integer"].join(", ")})`);
    for (const row of rows) await connection.run(insert(row));
    await connection.run(
      `INSERT INTO raw BY NAME SELECT 'a' AS event_id, '{}' AS headers, 'body'::blob AS body, '${today}' AS dt`,
    );
    const reader = await connection.runAndReadAll(savedQueries[query].sql, [...parameters] as DuckDBValue[]);
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe("saved queries", () => {
  it("sum exactly, each event once and none that repeats another", async () => {
    expect(await run("sums-per-day-and-currency")).toEqual([
      {
        dt: today,
        currency: "USD",
        type: "payment.succeeded",
        provider: "stripe",
        events: "2",
        amount_minor: "9007199254740993000000003",
      },
    ]);
  });

  it("show one event with its bytes", async () => {
    const [event] = await run("one-event", [today, "a"]);
    expect(event).toMatchObject({ event_id: "a", headers: "{}", body_base64: "Ym9keQ==" });
  });

  it("count decisions, those after the seal too", async () => {
    expect(await run("decisions-per-tier")).toEqual([
      { tier: "high", decision: "BLOCK", events: "1" },
      { tier: "low", decision: "APPROVE", events: "1" },
      { tier: "low", decision: "undecided", events: "1" },
      { tier: "unroutable", decision: "undecided", events: "1" },
    ]);
  });

  it("list money that could not be routed", async () => {
    expect(await run("unroutable-money")).toMatchObject([{ event_id: "d", amount_problem: "currency_unknown" }]);
  });

  it("rank payments by exact amount", async () => {
    expect(await run("largest-payments")).toMatchObject([
      { place: "1", event_id: "a" },
      { place: "2", event_id: "b" },
    ]);
  });

  it.each(Object.entries(savedQueries))("%s reads named days alone, and fits Athena", (_name, { sql, description }) => {
    expect(sql).toMatch(/dt (>=|=) /);
    expect(sql.length).toBeLessThan(262_144);
    expect(description.length).toBeLessThanOrEqual(1_024);
  });
});
