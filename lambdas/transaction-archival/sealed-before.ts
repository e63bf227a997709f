/** What the archive has of a sealed day already, so that an addendum brings what is new and nothing twice. */
import { type ArchiveObject, archiveKeys, type SlicePlace, type UndecidedFact } from "../../config/archive.ts";
import { createChainReader } from "../shared/domain/archive/chain.ts";
import { shardOf } from "../shared/domain/archive/days.ts";
import { eventIdsIn } from "../shared/domain/archive/event-ids.ts";
import type { ArchiveObjects } from "../shared/domain/archive/ports.ts";
import { eventIdIn, type FactKey } from "../shared/domain/archive/records.ts";
import { archivePartitionOf } from "../shared/domain/archive-partition.ts";
import { PermanentError } from "../shared/domain/retryable-error.ts";
import { readColumns } from "../shared/parquet/read-columns.ts";

export interface SealedBefore {
  /** Sequence of the day's last manifest. */
  readonly after: number;
  /** Facts of the slice that waited for a decision by that manifest. */
  readonly undecided: readonly UndecidedFact[];
  /** Those of the facts that no sealed object has; objects that have the others are noted down as unreleased. */
  unsealed(keys: readonly FactKey[]): Promise<readonly FactKey[]>;
  /** Objects that hold facts which were asked about, and which therefore are in the index still. */
  unreleased(): readonly string[];
}

/**
 * @throws PermanentError when the day has no manifest, or when the list of an object's event ids is gone and the object
 * itself is in Glacier.
 */
export async function readSealedBefore(
  objects: Pick<ArchiveObjects, "get" | "list" | "open">,
  { day, hour, shards }: SlicePlace,
): Promise<SealedBefore> {
  const links = await createChainReader(objects).ofDay(day);
  const last = links.at(-1)?.manifest;
  if (last === undefined) {
    throw new PermanentError("day-not-sealed", `${day} has no manifest yet: nothing can be late for it`);
  }
  const sealed = links
    .flatMap(({ manifest }) => manifest.objects)
    .filter(({ key, kind }) => kind === "transactions" && key.includes(`/hour=${hour}/`));
  const unreleased = new Set<string>();
  const undecided = last.undecided.filter((fact) => fact.hour === hour && shards.includes(shardIn(day, fact)));
  const waiting = new Set(undecided.map(({ eventId }) => eventId));
  return {
    after: last.sequence,
    undecided,
    async unsealed(keys) {
      const asked = new Map(keys.map((key) => [eventIdIn(key.entry), key]));
      const found = new Set<string>();
      for (const object of sealed) {
        for await (const eventId of eventIdsOf(objects, object)) {
          if (!asked.has(eventId)) continue;
          found.add(eventId);
          // What waits for a decision is in the index by right.
          if (!waiting.has(eventId)) unreleased.add(object.key);
        }
      }
      return keys.filter((key) => asked.get(eventIdIn(key.entry)) === key && !found.has(eventIdIn(key.entry)));
    },
    unreleased: () => [...unreleased].toSorted(),
  };
}

/** From the list beside the object; from the object where somebody has deleted that. */
async function* eventIdsOf(
  objects: Pick<ArchiveObjects, "get" | "open">,
  { key, sha256 }: ArchiveObject,
): AsyncGenerator<string> {
  const list = await objects.get(archiveKeys.eventIds(sha256));
  if (list !== undefined) {
    yield* eventIdsIn(list);
    return;
  }
  for await (const rows of readColumns(await objects.open(key), ["event_id"])) {
    for (const row of rows) yield String(row.event_id);
  }
}

function shardIn(day: string, { hour, eventId }: UndecidedFact): number {
  return shardOf(archivePartitionOf(eventId, `${day}T${hour}`));
}
