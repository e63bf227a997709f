import { DatabaseSync } from "node:sqlite";
import type { ExecutionRecord, ExecutionStore } from "../executions/record.ts";

/**
 * Executions in a SQLite file of their own. Written ahead and synced at checkpoints: a crash of the process loses
 * nothing, a crash of the machine at most the last moment.
 */
export function createSqliteStore(file: string): ExecutionStore {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec(
    "CREATE TABLE IF NOT EXISTS executions (arn TEXT PRIMARY KEY, started_at INTEGER NOT NULL, record TEXT NOT NULL, history BLOB)",
  );
  const save = database.prepare(
    "INSERT OR REPLACE INTO executions (arn, started_at, record, history) VALUES (?, ?, ?, ?)",
  );
  const remove = database.prepare("DELETE FROM executions WHERE arn = ?");
  const history = database.prepare("SELECT history FROM executions WHERE arn = ?");
  const load = database.prepare("SELECT record FROM executions ORDER BY started_at, rowid");
  return {
    save: (record, packed) => void save.run(record.arn, record.startedAt, JSON.stringify(record), packed ?? null),
    remove: (arn) => void remove.run(arn),
    history: (arn) => (history.get(arn) as { history: Uint8Array | null } | undefined)?.history ?? undefined,
    load: () => (load.all() as { record: string }[]).map((row) => JSON.parse(row.record) as ExecutionRecord),
    close: () => database.close(),
  };
}
