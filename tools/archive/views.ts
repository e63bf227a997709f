/**
 * The views of the archive:
 *   transactions  one row per fact, with the decision that holds in the end, also when it came after the seal
 *   rows          every row as it was archived, decisions after the seal as rows of their own
 *   raw           what the provider sent, for each fact
 * Each has the archive's columns and, of the object that a row is in, `dt`, `hour`, `addendum` (the sequence of the
 * addendum's manifest; null in the day's own objects) and `object` (the key). The first two have `amount` as well.
 */
import { type Column, type ColumnType, rawColumns, transactionColumns } from "../../config/archive.ts";
import { minorUnitExponents } from "../../config/money.ts";
import type { ArchiveFiles } from "./files.ts";

const sqlTypes: Readonly<Record<ColumnType, string>> = {
  text: "VARCHAR",
  integer: "BIGINT",
  decimal: "DECIMAL(38,0)",
  "timestamp-ms": "TIMESTAMP",
  bytes: "BLOB",
  score: "DOUBLE",
};

/** What a decision that came after the seal replaces in its fact's row. */
const decisionColumns = ["decision", "score", "decided_by", "decided_at"] as const;

/** Statements that make the views; for DuckDB before it is confined. */
export function viewStatements({ root, transactions, raw }: ArchiveFiles): readonly string[] {
  return [
    // Times are UTC, whatever the machine's clock says.
    "SET TimeZone = 'UTC'",
    `CREATE VIEW rows AS SELECT *, ${amountColumn()} FROM (${rowsOf(transactions, transactionColumns, root)})`,
    `CREATE VIEW transactions AS
      WITH late AS (
        SELECT event_id, ${decisionColumns.join(", ")} FROM rows WHERE entry = 'decision'
        QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY decided_at DESC NULLS LAST, addendum DESC) = 1
      )
      SELECT fact.* REPLACE (${decisionColumns.map(lateColumn).join(", ")})
      FROM rows AS fact LEFT JOIN late ON late.event_id = fact.event_id
      WHERE fact.entry = 'fact'`,
    ...(raw === undefined ? [] : [`CREATE VIEW raw AS ${rowsOf(raw, rawColumns, root)}`]),
  ];
}

/** Of the later decision as a whole, where there is one: what it leaves empty isn't the earlier one's. */
function lateColumn(name: string): string {
  return `CASE WHEN late.event_id IS NULL THEN fact.${name} ELSE late.${name} END AS ${name}`;
}

function rowsOf(files: readonly string[], columns: Readonly<Record<string, Column>>, root: string): string {
  const typed = Object.entries(columns).map(([name, { type }]) => [name, sqlTypes[type]] as const);
  if (files.length === 0) {
    const nulls = typed.map(([name, type]) => `CAST(NULL AS ${type}) AS ${name}`);
    const place = "NULL::VARCHAR AS dt, NULL::VARCHAR AS hour, NULL::INTEGER AS addendum, NULL::VARCHAR AS object";
    return `SELECT ${nulls.join(", ")}, ${place} WHERE false`;
  }
  const selected = typed.map(([name, type]) => `CAST(${name} AS ${type}) AS ${name}`);
  const list = files.map(sqlText).join(", ");
  return `SELECT ${selected.join(", ")}, dt, hour,
      TRY_CAST(regexp_extract(path, 'addendum-(\\d+)-', 1) AS INTEGER) AS addendum,
      substr(path, ${[...root].length + 2}) AS object
    FROM read_parquet([${list}], hive_partitioning = true, hive_types = {dt: VARCHAR, hour: VARCHAR}, filename = path)`;
}

/**
 * `amount`: major units, exact. Made from text, because DuckDB divides decimals as floats. Null for a currency that
 * isn't in config/money.ts, as nobody knows its minor unit.
 */
function amountColumn(): string {
  const byExponent = Map.groupBy(minorUnitExponents, ([, exponent]) => exponent);
  const cases = [...byExponent].map(
    ([exponent, currencies]) =>
      `WHEN currency IN (${currencies.map(([code]) => `'${code}'`).join(", ")}) THEN 'e-${exponent}'`,
  );
  return `TRY_CAST(CAST(amount_minor AS VARCHAR) || CASE ${cases.join(" ")} END AS DECIMAL(38,4)) AS amount`;
}

/** A text literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
