import type { SlicePlace } from "../../config/archive.ts";
import { partitionName } from "../shared/domain/archive/days.ts";
import type { ArchiveLedger } from "../shared/domain/archive/ports.ts";
import type { FactKey } from "../shared/domain/archive/records.ts";

/**
 * The keys of a slice's facts that are in the index, ordered by shard and entry: page by page, or gathered to lots of so
 * many keys and less than a page more.
 */
export async function* keysOfSlice(
  ledger: Pick<ArchiveLedger, "page">,
  { day, hour, shards }: SlicePlace,
  lotKeys = 1,
): AsyncGenerator<readonly FactKey[]> {
  let gathered: FactKey[] = [];
  for (const shard of shards) {
    let after: string | undefined;
    do {
      const page = await ledger.page(partitionName(day, hour, shard), after === undefined ? {} : { after });
      after = page.next;
      gathered = [...gathered, ...page.keys];
      if (gathered.length < lotKeys) continue;
      yield gathered;
      gathered = [];
    } while (after !== undefined);
  }
  if (gathered.length > 0) yield gathered;
}
