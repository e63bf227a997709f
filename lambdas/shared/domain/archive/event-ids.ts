/**
 * The event ids of an archived object, beside it in storage that doesn't get colder: what comes late for its day is held
 * against them, also when the object itself is in Glacier. JSON lines, gzip'd piece by piece, so that the ids
 * themselves are never held all at once while they are written.
 */
import { gunzipSync, gzipSync } from "node:zlib";

export interface EventIdList {
  add(eventIds: readonly string[]): void;
  /** The list, and an empty one from now on. */
  take(): Uint8Array;
}

export function createEventIdList(): EventIdList {
  let pieces: Buffer[] = [];
  return {
    add(eventIds) {
      const lines = eventIds.map((eventId) => `${JSON.stringify(eventId)}\n`).join("");
      pieces.push(gzipSync(lines, { level: 1 }));
    },
    take() {
      const list = Buffer.concat(pieces);
      pieces = [];
      return list;
    },
  };
}

export function* eventIdsIn(list: Uint8Array): Generator<string> {
  const bytes = gunzipSync(list);
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf("\n", start);
    yield JSON.parse(bytes.toString("utf8", start, end)) as string;
    start = end + 1;
  }
}
