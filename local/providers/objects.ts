/**
 * The objects of one stand-in. They are held as text: whoever reads one has a copy of his own, and an event keeps what
 * its object was at the time.
 */
import { parseToWriteAgain } from "../../lambdas/shared/domain/exact-json.ts";
import type { Shelf } from "./shelf.ts";

/** What every object has. */
interface Kept {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
}

interface Entry extends Kept {
  readonly sequence: number;
  json: string;
}

/** Which of a collection: made at or after `from` and before `to` (seconds), and behind the object `after`. */
export interface Part {
  readonly from?: number;
  readonly to?: number;
  readonly after?: string;
}

export interface Objects {
  put(collection: string, object: Kept): void;
  get<T>(collection: string, id: string): T | undefined;
  remove(collection: string, id: string): void;
  /** Newest first; those of one second in the reverse order of their making. */
  newestFirst<T>(collection: string, part?: Part): Iterable<T>;
  collections(): readonly string[];
  commit(): void;
}

/** @param prefix keeps the collections of several stand-ins on one shelf apart */
export function createObjects(shelf: Shelf, prefix: string): Objects {
  const byCollection = new Map<string, { readonly byId: Map<string, Entry>; ordered: Entry[]; isSorted: boolean }>();
  let lastSequence = 0;

  function collectionOf(name: string) {
    const known = byCollection.get(name);
    if (known !== undefined) return known;
    const fresh = { byId: new Map<string, Entry>(), ordered: [] as Entry[], isSorted: true };
    byCollection.set(name, fresh);
    return fresh;
  }

  function add(name: string, entry: Entry): void {
    const collection = collectionOf(name);
    collection.byId.set(entry.id, entry);
    collection.ordered.push(entry);
    collection.isSorted = false;
    lastSequence = Math.max(lastSequence, entry.sequence);
  }

  for (const { collection, id, sequence, json } of shelf.load()) {
    if (!collection.startsWith(prefix)) continue;
    add(collection.slice(prefix.length), { id, sequence, json, created: (JSON.parse(json) as Kept).created });
  }

  return {
    put(name, object) {
      const json = JSON.stringify(object);
      const known = collectionOf(name).byId.get(object.id);
      const sequence = known?.sequence ?? lastSequence + 1;
      if (known === undefined) add(name, { id: object.id, created: object.created, sequence, json });
      else known.json = json;
      shelf.save({ collection: prefix + name, id: object.id, sequence, json });
    },
    get<T>(name: string, id: string) {
      const entry = byCollection.get(name)?.byId.get(id);
      return entry === undefined ? undefined : (parseToWriteAgain(entry.json) as T);
    },
    remove(name, id) {
      const collection = collectionOf(name);
      collection.byId.delete(id);
      collection.ordered = collection.ordered.filter((entry) => entry.id !== id);
      shelf.remove(prefix + name, id);
    },
    *newestFirst<T>(
      name: string,
      { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, after }: Part = {},
    ) {
      const collection = collectionOf(name);
      if (!collection.isSorted) {
        collection.ordered.sort(inOrder);
        collection.isSorted = true;
      }
      const last = after === undefined ? undefined : collection.byId.get(after);
      const first = last === undefined ? 0 : placeOf(collection.ordered, last) + 1;
      // The objects as they are now: what is made while somebody reads doesn't move them.
      for (const { created, json } of collection.ordered.slice(first)) {
        if (created < from) return;
        if (created < to) yield parseToWriteAgain(json) as T;
      }
    },
    collections: () => [...byCollection.keys()],
    commit: () => shelf.commit(),
  };
}

function inOrder(one: Entry, other: Entry): number {
  return other.created - one.created || other.sequence - one.sequence;
}

/** Index of an entry in the sorted list. */
function placeOf(ordered: readonly Entry[], entry: Entry): number {
  let [low, high] = [0, ordered.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const there = ordered[middle];
    if (there !== undefined && inOrder(there, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
