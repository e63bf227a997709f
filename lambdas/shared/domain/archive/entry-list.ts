/**
 * Lists of any length, of which no more than a part is ever held: the first entries stand where the list is told of, the
 * others in objects of their own, JSON lines, gzip'd, under their SHA-256.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import { archiveKeys, type ListObject } from "../../../../config/archive.ts";
import { sha256Hex } from "../raw-webhook.ts";
import type { ArchiveObjects } from "./ports.ts";

/** Entries that stand in a manifest itself, so that a manifest stays small. */
const entriesInPlace = 500;
/** Entries of an object: a few megabytes while it is made or read. */
const entriesOfObject = 50_000;

export interface ToldList<T> {
  readonly entries: readonly T[];
  readonly lists: readonly ListObject[];
}

export interface EntryList<T> {
  /** May be called again before it has come to its end. */
  add(entry: T): Promise<void>;
  end(): Promise<ToldList<T>>;
}

export function createEntryList<T>(objects: Pick<ArchiveObjects, "create">): EntryList<T> {
  const entries: T[] = [];
  const lists: ListObject[] = [];
  let lines: string[] = [];

  async function store(): Promise<void> {
    const bytes = gzipSync(lines.join(""));
    const list = { sha256: sha256Hex(bytes), sizeBytes: bytes.length, entries: lines.length };
    lines = [];
    const key = archiveKeys.list(list.sha256);
    lists.push({ key, ...list });
    await objects.create(key, bytes);
  }

  return {
    async add(entry) {
      if (entries.length < entriesInPlace) entries.push(entry);
      else lines.push(`${JSON.stringify(entry)}\n`);
      if (lines.length === entriesOfObject) await store();
    },
    async end() {
      if (lines.length > 0) await store();
      return { entries, lists };
    },
  };
}

/** All entries of a list. @throws Error when an object of it is gone, or isn't what it was told to be. */
export async function* entriesIn<T>(
  objects: Pick<ArchiveObjects, "get">,
  { entries, lists }: ToldList<T>,
): AsyncGenerator<T> {
  yield* entries;
  for (const { key, sha256 } of lists) {
    const bytes = await objects.get(key);
    if (bytes === undefined || sha256Hex(bytes) !== sha256) throw new Error(`${key} is gone, or was changed`);
    for (const line of gunzipSync(bytes).toString().trimEnd().split("\n")) yield JSON.parse(line) as T;
  }
}
