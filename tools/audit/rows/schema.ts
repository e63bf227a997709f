/** Whether a Parquet file has the columns of its kind. */
import { type Column, type ColumnType, rawColumns, transactionColumns } from "../../../config/archive.ts";
import type { RowDatabase } from "./database.ts";

export const columnsOf: Readonly<Record<"transactions" | "raw", Readonly<Record<string, Column>>>> = {
  transactions: transactionColumns,
  raw: rawColumns,
};

/** DuckDB's words for each type, as Parquet files can say it. */
const duckTypes: Readonly<Record<ColumnType, readonly string[]>> = {
  text: ["VARCHAR"],
  integer: ["BIGINT", "INTEGER"],
  decimal: ["DECIMAL(38,0)"],
  "timestamp-ms": ["TIMESTAMP", "TIMESTAMP_MS", "TIMESTAMP WITH TIME ZONE"],
  bytes: ["BLOB"],
  score: ["DOUBLE", "FLOAT"],
};

/** What is wrong with a file's columns, as ends of a sentence. Throws for what is no Parquet file. */
export async function schemaProblems(
  database: RowDatabase,
  kind: "transactions" | "raw",
  file: string,
): Promise<readonly string[]> {
  const described = await database.rows(
    "SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM read_parquet($file, hive_partitioning = false))",
    { file },
  );
  const found = new Map(described.map(({ name, type }) => [String(name), String(type)]));
  const wrong = Object.entries(columnsOf[kind]).flatMap(([name, { type }]) => {
    const actual = found.get(name);
    if (actual === undefined) return [`it has no column ${name}`];
    return duckTypes[type].includes(actual) ? [] : [`its column ${name} is ${actual}, not ${duckTypes[type][0]}`];
  });
  const extra = [...found.keys()].filter((name) => !(name in columnsOf[kind]));
  return [...wrong, ...extra.map((name) => `it has a column ${name}, which nobody knows`)];
}
