/** What a bus has accepted and not yet delivered. */
import type { BusEvent } from "./event.ts";

/** One event for one target. */
interface JournalRecord {
  readonly ruleArn: string;
  readonly targetId: string;
  readonly event: BusEvent;
}

export interface JournalEntry extends JournalRecord {
  /** Unique within the journal, ascending with age. */
  readonly id: number;
}

/**
 * Remembers deliveries. `add` is durable when it returns, all or nothing; `done` may take effect a moment later, since
 * a delivery that is repeated after a crash is what at-least-once means, and one that is forgotten isn't.
 */
export interface Journal {
  add<Added extends JournalRecord>(records: readonly Added[]): (Added & JournalEntry)[];
  done(id: number): void;
  /** Everything added and not done, oldest first. */
  pending(): JournalEntry[];
  close(): void;
}

/** For the demo and tests: lives and dies with the process. */
export function createMemoryJournal(): Journal {
  const entries = new Map<number, JournalEntry>();
  let lastId = 0;
  return {
    add: (records) => {
      const added = records.map((record) => ({ ...record, id: ++lastId }));
      for (const entry of added) entries.set(entry.id, entry);
      return added;
    },
    done: (id) => {
      entries.delete(id);
    },
    pending: () => [...entries.values()],
    close: () => {},
  };
}
