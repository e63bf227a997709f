/** Where an event's row lies in the archive, or when it will. */
import type { ArchivePlace } from "../answers.ts";

/** Days after which a day is sealed: its last event is a day old by then. */
const sealedAfterDays = 2;
const dayMs = 86_400_000;

/**
 * @param receivedAt its first receipt, ISO 8601 UTC
 * @param manifests keys by the day that they seal
 */
export function archivePlace(
  receivedAt: string,
  manifests: ReadonlyMap<string, readonly string[]>,
): ArchivePlace | undefined {
  const [, day, hour] = /^(\d{4}-\d\d-\d\d)T(\d\d):/.exec(receivedAt) ?? [];
  if (day === undefined || hour === undefined) return undefined;
  const dueOn = new Date(Date.parse(day) + sealedAfterDays * dayMs).toISOString().slice(0, "YYYY-MM-DD".length);
  const [manifest] = manifests.get(day) ?? [];
  return { day, hour, dueOn, ...(manifest !== undefined && { manifest }) };
}
