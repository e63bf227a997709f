/** What the archive has of a sealed day already, so that an addendum brings what is new and nothing twice. */
import { type ArchiveObject, archiveKeys, type SlicePlace } from "../../config/archive.ts";
import { createChainReader } from "../shared/domain/archive/chain.ts";
import { type ArchivedId, archivedIdColumns, archivedIdOf, eventIdsIn } from "../shared/domain/archive/event-ids.ts";
import type { ArchiveObjects } from "../shared/domain/archive/ports.ts";
import { eventIdIn, type FactKey } from "../shared/domain/archive/records.ts";
import { PermanentError } from "../shared/domain/retryable-error.ts";
import { readColumns } from "../shared/parquet/read-columns.ts";

export interface SealedBefore {
  /** Sequence of the day's last manifest. */
  readonly after: number;
  /** Holds facts that are in the index against what is sealed; objects that have the others are noted as unreleased. */
  compare(keys: readonly FactKey[]): Promise<Compared>;
  /** Objects that hold facts which were asked about, and which therefore are in the index still. */
  unreleased(): readonly string[];
}

interface Compared {
  /** No sealed object has them. */
  readonly unsealed: readonly FactKey[];
  /** They are sealed without a decision, and no decision of theirs is. */
  readonly waiting: readonly FactKey[];
}

/**
 * @throws PermanentError when the day has no manifest, or when the list of an object's event ids is gone and the object
 * itself is in Glacier.
 */
export async function readSealedBefore(
  objects: Pick<ArchiveObjects, "get" | "list" | "open">,
  { day, hour }: Pick<SlicePlace, "day" | "hour">,
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
  return {
    after: last.sequence,
    async compare(keys) {
      const asked = new Map(keys.map((key) => [eventIdIn(key.entry), key]));
      const waiting = new Map<string, FactKey>();
      const settled = new Set<string>();
      for (const object of sealed) {
        for await (const { eventId, state } of archivedIdsOf(objects, object)) {
          const key = asked.get(eventId);
          if (key === undefined) continue;
          if (state === "waits") {
            waiting.set(eventId, key);
          } else {
            settled.add(eventId);
            unreleased.add(object.key);
          }
        }
      }
      return {
        unsealed: [...asked].flatMap(([id, key]) => (waiting.has(id) || settled.has(id) ? [] : [key])),
        waiting: [...waiting].flatMap(([id, key]) => (settled.has(id) ? [] : [key])),
      };
    },
    unreleased: () => [...unreleased].toSorted(),
  };
}

/** From the list beside the object; from the object where somebody has deleted that. */
async function* archivedIdsOf(
  objects: Pick<ArchiveObjects, "get" | "open">,
  { key, sha256 }: ArchiveObject,
): AsyncGenerator<ArchivedId> {
  const list = await objects.get(archiveKeys.eventIds(sha256));
  if (list !== undefined) {
    yield* eventIdsIn(list);
    return;
  }
  for await (const rows of readColumns(await objects.open(key), archivedIdColumns)) yield* rows.map(archivedIdOf);
}
