/**
 * Tells Athena what is sealed. Its tables read the objects that files below `tables/` name, a line for each, so what a
 * crashed attempt has left behind is in no table. Each manifest has files of its own; they are written once.
 * Source: Athena User Guide and Amazon S3 User Guide on tables over S3 inventories (SymlinkTextInputFormat).
 */
import { archiveKeys } from "../../config/archive.ts";
import type { Link } from "../shared/domain/archive/chain.ts";
import type { ArchiveObjects } from "../shared/domain/archive/ports.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";

const writesAtATime = 16;

/**
 * Writes what is missing of the files of a day's manifests: also of those that an earlier seal came not to write. An
 * event is in the index until it is released, which comes after this, so a day is never left without.
 *
 * @throws RetryableError when AWS can't answer now.
 */
export async function writeTableFiles(
  objects: Pick<ArchiveObjects, "create" | "list">,
  bucket: string,
  links: readonly Link[],
): Promise<void> {
  const files = new Map(links.flatMap(({ manifest }) => [...filesOf(manifest, bucket)]));
  const days = [...new Set(links.map(({ manifest }) => manifest.day))];
  const prefixes = days.flatMap((day) =>
    (["transactions", "raw"] as const).map((kind) => archiveKeys.tables(kind, day)),
  );
  const listed = (await inParallel(prefixes, writesAtATime, (prefix) => objects.list(prefix))).flat();
  const written = new Set(listed.map(({ key }) => key));
  const missing = [...files].filter(([key]) => !written.has(key));
  await inParallel(missing, writesAtATime, ([key, lines]) =>
    objects.create(key, new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))),
  );
}

/** Addresses of a manifest's objects, by the key of the file that lists them: one for each table and hour. */
function filesOf({ day, sequence, objects }: Link["manifest"], bucket: string): Map<string, readonly string[]> {
  const keyOf = ({ key, kind }: Link["manifest"]["objects"][number]) => {
    const hour = /\/hour=(\d\d)\//.exec(key)?.[1];
    if (hour === undefined) throw new Error(`A manifest of ${day} names an object without an hour: ${key}`);
    return archiveKeys.tableFile(kind, { day, hour, sequence });
  };
  const byFile = Map.groupBy(objects, keyOf);
  return new Map([...byFile].map(([key, its]) => [key, its.map((object) => `s3://${bucket}/${object.key}`)]));
}
