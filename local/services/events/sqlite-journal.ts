/** A journal in a SQLite file. Apart from journal.ts because not every module system can load node:sqlite. */
import { DatabaseSync } from "node:sqlite";
import { BusEvent, type EventEnvelope } from "./event.ts";
import type { Journal, JournalEntry } from "./journal.ts";

/**
 * Opens or creates the journal. A commit survives the end of the process, however sudden; after a power cut the last
 * moments may be missing, which is enough for a development tool and saves a disk flush per commit.
 * @param file path, or `:memory:`
 */
export function openSqliteJournal(file: string): Journal {
  const database = new DatabaseSync(file);
  // A checkpoint flushes the disk, so it is worth collecting 16 MB for it.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000;");
  database.exec(
    "CREATE TABLE IF NOT EXISTS deliveries (id INTEGER PRIMARY KEY, rule_arn TEXT NOT NULL, target_id TEXT NOT NULL," +
      " ingested_at INTEGER NOT NULL, trace_header TEXT, event TEXT NOT NULL)",
  );
  const insert = database.prepare("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?)");
  const remove = database.prepare("DELETE FROM deliveries WHERE id = ?");
  const select = database.prepare("SELECT * FROM deliveries ORDER BY id");
  let lastId = Number(database.prepare("SELECT coalesce(max(id), 0) AS id FROM deliveries").get()?.id);
  let doneIds: number[] = [];
  let isScheduled = false;

  /** One transaction for whatever is to be written now. */
  const write = (added: readonly JournalEntry[]) => {
    database.exec("BEGIN");
    try {
      for (const { id, ruleArn, targetId, event } of added) {
        insert.run(id, ruleArn, targetId, event.ingestedAt, event.traceHeader ?? null, event.json);
      }
      for (const id of doneIds) remove.run(id);
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
    doneIds = [];
  };

  return {
    add: (records) => {
      const added = records.map((record) => ({ ...record, id: ++lastId }));
      write(added);
      return added;
    },
    done: (id) => {
      doneIds.push(id);
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(() => {
        isScheduled = false;
        if (doneIds.length > 0 && database.isOpen) write([]);
      });
    },
    pending: () => {
      write([]);
      return select.all().map(entryOf);
    },
    close: () => {
      write([]);
      database.close();
    },
  };
}

function entryOf(row: Record<string, unknown>): JournalEntry {
  const envelope = JSON.parse(String(row.event)) as EventEnvelope;
  const traceHeader = row.trace_header === null ? undefined : String(row.trace_header);
  return {
    id: Number(row.id),
    ruleArn: String(row.rule_arn),
    targetId: String(row.target_id),
    event: new BusEvent(envelope, { ingestedAt: Number(row.ingested_at), traceHeader }),
  };
}
