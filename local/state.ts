/** Where the runtime's state lives: a directory, or nowhere but memory. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { lockDirectory } from "./lock.ts";
import { noShelf, type Shelf } from "./providers/shelf.ts";
import { openSqliteShelf } from "./providers/sqlite-shelf.ts";
import { createMemoryJournal, type Journal } from "./services/events/journal.ts";
import { openSqliteJournal } from "./services/events/sqlite-journal.ts";
import type { ExecutionStore } from "./services/states/executions/record.ts";
import { createMemoryStore } from "./services/states/store/memory.ts";
import { createSqliteStore } from "./services/states/store/sqlite.ts";

export interface State {
  readonly dynamoDbFile: string | undefined;
  readonly fauxqsDirectory: string | undefined;
  readonly logsDirectory: string | undefined;
  /** Of S3. */
  readonly objectsDirectory: string | undefined;
  readonly journal: Journal;
  readonly executions: ExecutionStore;
  /** Of the providers' stand-ins. */
  readonly shelf: Shelf;
  /** Secret name → value (JSON text), as kept from earlier runs. */
  readonly secrets: ReadonlyMap<string, string>;
  saveSecret(name: string, value: string): void;
  /** ARN of a KMS key → its private half (PEM), as kept from earlier runs. */
  readonly signingKeys: ReadonlyMap<string, string>;
  saveSigningKey(arn: string, privatePem: string): void;
  /** Closes journal and shelf (the executions' store is closed by its service) and gives the directory back. */
  close(): void;
}

/** What this runtime keeps, and all that a reset removes: the directory may be anybody's. */
const entries = {
  tables: "dynamodb.sqlite",
  queues: "queues",
  logs: "logs",
  deliveries: "deliveries.sqlite",
  executions: "executions.sqlite",
  secrets: "secrets.json",
  signingKeys: "signing-keys.json",
  objects: "objects",
  providers: "providers.sqlite",
} as const;

/**
 * @param directory made when missing; undefined keeps everything in memory
 * @throws Error when it can't be made, or another runtime uses it
 */
export function openState(directory: string | undefined, { reset }: { readonly reset: boolean }): State {
  if (directory === undefined) return memoryState();
  try {
    makeDirectory(directory);
  } catch (cause) {
    const problem = `No data can be kept in ${directory}: ${(cause as Error).message}.`;
    throw new Error(`${problem} Choose another directory with --data, or none with --memory.`, { cause });
  }
  const unlock = lockDirectory(directory);
  if (reset) clear(directory);
  const secrets = keptTexts(join(directory, entries.secrets));
  const signingKeys = keptTexts(join(directory, entries.signingKeys));
  const journal = openSqliteJournal(join(directory, entries.deliveries));
  const shelf = openSqliteShelf(join(directory, entries.providers));
  return {
    dynamoDbFile: join(directory, entries.tables),
    fauxqsDirectory: join(directory, entries.queues),
    logsDirectory: join(directory, entries.logs),
    journal,
    executions: createSqliteStore(join(directory, entries.executions)),
    shelf,
    objectsDirectory: join(directory, entries.objects),
    secrets: secrets.texts,
    saveSecret: secrets.save,
    signingKeys: signingKeys.texts,
    saveSigningKey: signingKeys.save,
    close() {
      journal.close();
      shelf.close();
      unlock();
    },
  };
}

/** Texts that nobody else on this machine is to read, in a JSON file. */
function keptTexts(file: string) {
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const texts = new Map<string, string>(Object.entries(kept));
  return {
    texts,
    save(name: string, value: string) {
      texts.set(name, value);
      // Replaced in one step: a crash leaves the old file or the new one.
      writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(texts), null, 2), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

/** Not with `recursive`, which never ends where the system refuses directories by ENOENT, as it does below /proc. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  mkdirSync(directory);
}

function memoryState(): State {
  return {
    dynamoDbFile: undefined,
    fauxqsDirectory: undefined,
    logsDirectory: undefined,
    objectsDirectory: undefined,
    journal: createMemoryJournal(),
    executions: createMemoryStore(),
    shelf: noShelf,
    secrets: new Map(),
    saveSecret: () => {},
    signingKeys: new Map(),
    saveSigningKey: () => {},
    close: () => {},
  };
}

/** SQLite keeps journals beside a database, named after it. */
function clear(directory: string): void {
  const names: readonly string[] = Object.values(entries);
  for (const found of readdirSync(directory)) {
    const isOurs = names.some((name) => found === name || (name.endsWith(".sqlite") && found.startsWith(`${name}-`)));
    if (isOurs) rmSync(join(directory, found), { recursive: true });
  }
}
