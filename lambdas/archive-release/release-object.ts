/**
 * Lets the table forget what a sealed object holds: takes its facts out of the index of what isn't archived, and sets
 * the end of their entries. What was released before costs a read and no write, so that an attempt that comes after one
 * that was cut short goes on where that ended.
 */
import { limits } from "../../config/limits.ts";
import { createChainReader } from "../shared/domain/archive/chain.ts";
import type { ArchiveObjects, LedgerRelease, SealedRow } from "../shared/domain/archive/ports.ts";
import { isUndecided } from "../shared/domain/archive/records.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";
import { PermanentError, RetryableError } from "../shared/domain/retryable-error.ts";
import { readColumns } from "../shared/parquet/read-columns.ts";

export interface ReleasePorts extends LedgerRelease {
  readonly objects: Pick<ArchiveObjects, "get" | "list" | "open">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const columns = [
  "event_id",
  "transaction_id",
  "occurred_at",
  "provider_type",
  "object_version",
  "tier",
  "same_fact_as",
  "decision",
] as const;
type Row = Readonly<Record<(typeof columns)[number], unknown>>;

/** Rows that are asked about at a time, and updated at a time. */
const rowsPerLook = 1_000;
const updatesAtATime = 32;
const daySeconds = 24 * 60 * 60;

/**
 * Gives the number of rows that weren't released before.
 *
 * @throws PermanentError when no manifest names the object: its facts may be nowhere else.
 * @throws RetryableError when time runs out; the next attempt goes on.
 */
export function createRelease(ports: ReleasePorts) {
  return async function release(key: string, hasTime: () => boolean): Promise<number> {
    await assertSealed(key);
    const expiresAt = Math.floor(ports.now() / 1000) + limits.archiveGraceDays * daySeconds;
    let released = 0;
    for await (const rows of readColumns<keyof Row>(await ports.objects.open(key), columns)) {
      for (let at = 0; at < rows.length; at += rowsPerLook) {
        if (!hasTime())
          throw new RetryableError("release-unfinished", "Time ran out; the next attempt goes on from here");
        const decided = rows.slice(at, at + rowsPerLook).filter((row) => !waitsForDecision(row));
        const open = await ports.unreleased(decided.map(sealedRow));
        await inParallel(open, updatesAtATime, (row) => ports.release(row, expiresAt));
        released += open.length;
      }
    }
    return released;
  };

  async function assertSealed(key: string): Promise<void> {
    const day = /^transactions\/dt=(\d{4}-\d\d-\d\d)\//.exec(key)?.[1];
    const links = day === undefined ? [] : await createChainReader(ports.objects).ofDay(day);
    const isNamed = links.some(({ manifest }) => manifest.objects.some((object) => object.key === key));
    if (!isNamed) throw new PermanentError("object-not-sealed", `No manifest names ${key}: nothing of it is released`);
  }
}

/** Such a fact stays in the index until its decision is sealed, too: so the plan finds it, whatever happens. */
function waitsForDecision({ tier, same_fact_as: sameFactAs, decision }: Row): boolean {
  return isUndecided({ tier: String(tier), sameFactAs: sameFactAs as string | null, decision });
}

function sealedRow(row: Row): SealedRow {
  const occurredAt = row.occurred_at instanceof Date ? row.occurred_at.toISOString() : String(row.occurred_at);
  return {
    transactionId: String(row.transaction_id),
    entry: `${occurredAt}#${String(row.event_id)}`,
    providerType: String(row.provider_type),
    ...(typeof row.object_version === "string" && { objectVersion: row.object_version }),
    hasDecision: (row.decision ?? null) !== null,
  };
}
