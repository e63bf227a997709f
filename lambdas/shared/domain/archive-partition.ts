import { archiveShards } from "../../../config/events.ts";

/**
 * The archive partition of an event: `<YYYY-MM-DDTHH of first receipt>#<shard 00..15>`.
 *
 * A pure function of the event's id and the hour of its first receipt, so that every event is in exactly one partition
 * however often it is delivered (WEBHOOK_RULES 18); the shards keep a busy hour from being one hot partition.
 * `firstReceivedAt` is ISO 8601 in UTC.
 */
export function archivePartitionOf(eventId: string, firstReceivedAt: string): string {
  const hour = firstReceivedAt.slice(0, "YYYY-MM-DDTHH".length);
  const shard = fnv1a(eventId) % archiveShards;
  return `${hour}#${String(shard).padStart(2, "0")}`;
}

/** FNV-1a, 32 bits, over UTF-16 code units; folded, because its low bits alone spread less well. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 16)) >>> 0;
}
