/**
 * The audit's workbench: a DuckDB database in a temporary folder. It reads Parquet and adds up amounts exactly, and
 * moves to the disk what doesn't fit into its memory.
 */
import { join } from "node:path";
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";

/** A row of an answer; the queries cast, so that numbers come as numbers and exact ones as text. */
type Row = Readonly<Record<string, unknown>>;
export type Values = Record<string, DuckDBValue>;

export interface RowDatabase {
  readonly connection: DuckDBConnection;
  run(sql: string, values?: Values): Promise<void>;
  rows(sql: string, values?: Values): Promise<readonly Row[]>;
  close(): void;
}

/**
 * Of a day in the making (`day_facts`, `day_raw`), of all days (`ids`, `exceptions`), of the newest manifest
 * (`still_open`), and of the environment's tables.
 */
const tables = `
  CREATE TABLE day_facts (
    manifest INTEGER, object INTEGER, hour VARCHAR, "row" BIGINT, entry VARCHAR, event_id VARCHAR,
    transaction_id VARCHAR, provider VARCHAR, type VARCHAR, amount_minor DECIMAL(38,0), currency VARCHAR,
    same_fact_as VARCHAR, decision VARCHAR, received_ms BIGINT, raw_sha256 VARCHAR, tier VARCHAR,
    customer_id VARCHAR);
  CREATE TABLE day_raw (
    manifest INTEGER, object INTEGER, hour VARCHAR, "row" BIGINT, event_id VARCHAR, sha256 VARCHAR, has_body BOOLEAN);
  CREATE TABLE ids (event_id VARCHAR, object INTEGER, "row" BIGINT);
  CREATE TABLE claims (
    event_id VARCHAR, status VARCHAR, received_at VARCHAR, completed_at VARCHAR, error VARCHAR);
  CREATE TABLE ledger (
    event_id VARCHAR, transaction_id VARCHAR, provider VARCHAR, type VARCHAR, amount_minor VARCHAR, currency VARCHAR,
    tier VARCHAR, same_fact_as VARCHAR, customer_id VARCHAR, received_at VARCHAR, is_released BOOLEAN);
  CREATE TABLE decided (event_id VARCHAR, decision VARCHAR, decided_at VARCHAR);
  CREATE TABLE unread_hours (day VARCHAR, hour VARCHAR);
  CREATE TABLE exceptions (day VARCHAR, event_id VARCHAR, status VARCHAR, received_at VARCHAR);
  CREATE TABLE still_open (event_id VARCHAR, status VARCHAR, received_at VARCHAR);`;

export async function openRowDatabase(folder: string): Promise<RowDatabase> {
  // 70 MB of native code that only an audit needs.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(join(folder, "audit.duckdb"), {
    // What doesn't fit goes to the disk. This is its buffers alone: with rows on their way and what the process itself
    // needs, it comes to about four times as much. A second thread would have buffers of its own.
    memory_limit: "128MB",
    temp_directory: join(folder, "spilled"),
    threads: "1",
    // Memory that is free again goes back to the system early, and the order of rows is a column.
    allocator_flush_threshold: "16MB",
    allocator_bulk_deallocation_flush_threshold: "16MB",
    preserve_insertion_order: "false",
    // Files are read once. Nothing is fetched from anywhere, and no index keeps a file open.
    enable_external_file_cache: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  await connection.run(tables);
  return {
    connection,
    async run(sql, values) {
      await connection.run(sql, values);
    },
    async rows(sql, values) {
      return (await connection.runAndReadAll(sql, values)).getRowObjectsJson();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
