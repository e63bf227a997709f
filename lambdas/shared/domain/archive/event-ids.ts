/**
 * The event ids of an archived object, beside it in storage that doesn't get colder: what comes late for its day is held
 * against them, also when the object itself is in Glacier. JSON lines, gzip'd piece by piece, so that the ids
 * themselves are never held all at once while they are written.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import { isUndecided } from "./records.ts";

/**
 * An event of an object: a fact that is `settled`, one that `waits` for its decision, or the `decision` that came to
 * one which waited.
 */
export interface ArchivedId {
  readonly eventId: string;
  readonly state: "settled" | "waits" | "decision";
}

/** The columns of transactions that tell an event's state. */
export const archivedIdColumns = ["event_id", "entry", "tier", "same_fact_as", "decision"] as const;

/** @param row with the columns above */
export function archivedIdOf(row: Readonly<Record<string, unknown>>): ArchivedId {
  const { event_id: eventId, entry, tier, same_fact_as: sameFactAs, decision } = row;
  const waits = isUndecided({ tier: String(tier), sameFactAs: sameFactAs as string | null | undefined, decision });
  return { eventId: String(eventId), state: entry === "decision" ? "decision" : waits ? "waits" : "settled" };
}

export interface EventIdList {
  add(events: readonly ArchivedId[]): void;
  /** The list, and an empty one from now on. */
  take(): Uint8Array;
}

export function createEventIdList(): EventIdList {
  let pieces: Buffer[] = [];
  return {
    add(events) {
      const lines = events.map(({ eventId, state }) => `${JSON.stringify([eventId, state])}\n`).join("");
      pieces.push(gzipSync(lines, { level: 1 }));
    },
    take() {
      const list = Buffer.concat(pieces);
      pieces = [];
      return list;
    },
  };
}

export function* eventIdsIn(list: Uint8Array): Generator<ArchivedId> {
  const bytes = gunzipSync(list);
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf("\n", start);
    const [eventId, state] = JSON.parse(bytes.toString("utf8", start, end)) as [string, ArchivedId["state"]];
    yield { eventId, state };
    start = end + 1;
  }
}
