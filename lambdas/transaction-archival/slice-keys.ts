import type { SlicePlace } from "../../config/archive.ts";
import { partitionName } from "../shared/domain/archive/days.ts";
import type { ArchiveLedger } from "../shared/domain/archive/ports.ts";
import type { FactKey } from "../shared/domain/archive/records.ts";

/** Keys that are held while they are compared with what is sealed: each comparison reads all sealed ids of the hour. */
const comparedKeys = 50_000;

/**
 * The keys of a slice's facts that are in the index, page by page, ordered by shard and entry. With `unsealed`, keys are
 * gathered to larger lots, of which it lets pass what is to be archived.
 */
export async function* keysOfSlice(
  ledger: Pick<ArchiveLedger, "page">,
  { day, hour, shards }: SlicePlace,
  unsealed?: (keys: readonly FactKey[]) => Promise<readonly FactKey[]>,
): AsyncGenerator<readonly FactKey[]> {
  let gathered: FactKey[] = [];
  for (const shard of shards) {
    let after: string | undefined;
    do {
      const page = await ledger.page(partitionName(day, hour, shard), after === undefined ? {} : { after });
      after = page.next;
      if (unsealed === undefined) {
        yield page.keys;
        continue;
      }
      gathered = [...gathered, ...page.keys];
      if (gathered.length < comparedKeys) continue;
      yield await unsealed(gathered);
      gathered = [];
    } while (after !== undefined);
  }
  if (unsealed !== undefined && gathered.length > 0) yield await unsealed(gathered);
}
