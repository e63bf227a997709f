/** Keeps a second runtime off the same data. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes the directory for this process. The lock is SQLite's, and so the operating system's: it ends with the process,
 * however that ends, and there is nothing stale to clear away.
 *
 * @returns what gives the directory back
 * @throws Error when another runtime has it
 */
export function lockDirectory(directory: string): () => void {
  const database = new DatabaseSync(join(directory, "lock.sqlite"));
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    const message = `${directory} is in use by another local runtime. Stop it, or choose another directory with --data.`;
    throw new Error(message, { cause });
  }
  return () => database.close();
}
