/** What the archive's manifests name, and the rows of their objects. */
import { join } from "node:path";
import * as v from "valibot";
import { type Manifest, manifestSchema } from "../../config/archive.ts";
import { openRowDatabase } from "../audit/rows/database.ts";
import type { ArchiveSource } from "../audit/source/source.ts";
import { inWorkFolder } from "../audit/work-folder.ts";

export interface KeptManifest {
  readonly key: string;
  readonly manifest: Manifest;
}

/** Those of days and addenda, by their keys. */
export async function archivedManifests(source: ArchiveSource): Promise<readonly KeptManifest[]> {
  const manifests: KeptManifest[] = [];
  for await (const { key } of source.list("manifests/")) {
    if (!key.endsWith(".json")) continue;
    const text = Buffer.from(await source.read(key)).toString();
    manifests.push({ key, manifest: v.parse(manifestSchema, JSON.parse(text)) });
  }
  return manifests;
}

/** Event ids, one for each row that is a fact, so that one that is there twice is told twice. */
export function archivedFacts(source: ArchiveSource, manifests: readonly KeptManifest[]): Promise<readonly string[]> {
  const objects = manifests.flatMap(({ manifest }) => manifest.objects.filter(({ kind }) => kind === "transactions"));
  return inWorkFolder(async (folder) => {
    const database = await openRowDatabase(folder);
    try {
      const ids: string[] = [];
      for (const { key } of objects) {
        const file = join(folder, "object.parquet");
        await source.fetch(key, file);
        const sql = "SELECT event_id FROM read_parquet($file, hive_partitioning = false) WHERE entry = 'fact'";
        ids.push(...(await database.rows(sql, { file })).map((row) => String(row.event_id)));
      }
      return ids;
    } finally {
      database.close();
    }
  });
}
