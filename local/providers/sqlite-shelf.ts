/** A shelf in a SQLite file. Apart from shelf.ts because not every module system can load node:sqlite. */
import { DatabaseSync } from "node:sqlite";
import type { KeptText, Shelf } from "./shelf.ts";

/**
 * Opens or creates the file. As with the other state, a commit survives the end of the process; after a power cut the
 * last moments may be missing.
 */
export function openSqliteShelf(file: string): Shelf {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000;");
  database.exec(
    "CREATE TABLE IF NOT EXISTS texts (collection TEXT NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL," +
      " json TEXT NOT NULL, PRIMARY KEY (collection, id)) WITHOUT ROWID",
  );
  const select = database.prepare("SELECT * FROM texts ORDER BY sequence");
  const insert = database.prepare("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)");
  const remove = database.prepare("DELETE FROM texts WHERE collection = ? AND id = ?");
  let waiting: (() => void)[] = [];
  const commit = () => {
    if (waiting.length === 0) return;
    const writes = waiting;
    waiting = [];
    database.exec("BEGIN");
    try {
      for (const write of writes) write();
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  return {
    load: () => select.all().map(keptText),
    save: ({ collection, id, sequence, json }) => {
      waiting.push(() => insert.run(collection, id, sequence, json));
    },
    remove: (collection, id) => {
      waiting.push(() => remove.run(collection, id));
    },
    commit,
    close: () => {
      commit();
      database.close();
    },
  };
}

function keptText(row: Record<string, unknown>): KeptText {
  return {
    collection: String(row.collection),
    id: String(row.id),
    sequence: Number(row.sequence),
    json: String(row.json),
  };
}
