/**
 * First pages of partitions, asked for several at once: most partitions hold next to nothing, and one after the other
 * hundreds of short answers would be waited for.
 */
import type { ArchiveLedger } from "../shared/domain/archive/ports.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";

type Page = Awaited<ReturnType<ArchiveLedger["page"]>>;

export interface PageRequest {
  /** Partitions from the one that is wanted on, in the order in which they will be. */
  readonly partitions: readonly [string, ...string[]];
  /** Where a further page of the wanted one begins; its first page if absent. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/**
 * Gives pages to a run: what was asked for ahead stays until it is wanted, or until something else is. Another run asks
 * anew, since facts have come meanwhile.
 *
 * @throws RetryableError when the ledger can't answer for one of them
 */
export function createPagesAhead({ page }: Pick<ArchiveLedger, "page">) {
  const aheadOf = new WeakMap<object, Map<string, Page>>();

  return async function pageOf(run: object, { partitions, after, limit }: PageRequest): Promise<Page> {
    const ahead = aheadOf.get(run) ?? new Map<string, Page>();
    aheadOf.set(run, ahead);
    const [wanted] = partitions;
    if (after !== undefined) return page(wanted, { limit, after });
    const known = ahead.get(wanted);
    if (known !== undefined) {
      ahead.delete(wanted);
      return known;
    }
    ahead.clear();
    const [first, ...others] = await inParallel(partitions, partitions.length, (one) => page(one, { limit }));
    for (const [index, one] of others.entries()) ahead.set(partitions[index + 1] ?? "", one);
    return first ?? { keys: [] };
  };
}
