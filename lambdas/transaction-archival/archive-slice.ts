/**
 * Archives one slice of a day: streams its facts with decisions and raw webhooks from the ledger into Parquet objects,
 * and puts down what they came to under a key that the seal reads (WEBHOOK_RULES 18).
 *
 * The result is written last and create-only. An attempt that finds it has nothing to do; one that finds none begins
 * anew, and objects of an earlier attempt are taken over where they are the same, else left behind for the seal to list.
 */
import {
  archiveKeys,
  type Column,
  rawColumns,
  type SlicePlace,
  type SliceResult,
  transactionColumns,
} from "../../config/archive.ts";
import type { ArchiveLedger, ArchiveObjects, PayloadReader } from "../shared/domain/archive/ports.ts";
import type { FactKey, LedgerRecord, RawRecord } from "../shared/domain/archive/records.ts";
import { rawRow, transactionRow } from "../shared/domain/archive/rows.ts";
import { chunksOf } from "../shared/domain/chunks-of.ts";
import { createObjectSeries, type ObjectSeries } from "./object-series.ts";
import { readSealedBefore, type SealedBefore } from "./sealed-before.ts";
import { keysOfSlice } from "./slice-keys.ts";
import { createSliceTally } from "./slice-tally.ts";

export interface SlicePorts {
  readonly ledger: ArchiveLedger;
  readonly objects: ArchiveObjects;
  readonly payloads: PayloadReader;
  /** A claim-checked body that is gone, so that its fact is archived without it. */
  readonly onMissingBody: (eventId: string) => void;
  /** Told before each read of the ledger what is in memory, for whoever watches over that. */
  readonly onHeld?: (held: { readonly rows: number; readonly bodyBytes: number }) => void;
}

/** Facts that are read at a time, and bodies that are fetched at a time: up to 1 MB each. */
const factsPerRead = 132;
const bodiesAtATime = 8;
/** Keys that are held against what is sealed at a time: each comparison reads all sealed ids of the hour. */
const comparedKeys = 50_000;
/** Part numbers of an hour's slices begin so far apart. */
const partsPerSlice = 100;

/** Another attempt has put down the slice's result. */
class Overtaken extends Error {}

/** @param pathOf where a file of this name is made before it is sent; there must be room for two of 136 MB */
export function createSliceArchival(ports: SlicePorts, pathOf: (name: string) => string) {
  const { ledger, objects } = ports;

  /** Gives the key of the slice's result, and how many facts this attempt has put into it. @throws RetryableError when AWS can't answer now. */
  return async function archiveSlice(place: SlicePlace): Promise<{ readonly key: string; readonly facts: number }> {
    const sealed = place.addendum === undefined ? undefined : await readSealedBefore(objects, place);
    const key = archiveKeys.slice(place, sealed?.after);
    const isDone = async () => (await objects.get(key)) !== undefined;
    if (await isDone()) return { key, facts: 0 };
    const result = await archive(place, sealed, unlessDone(isDone));
    if (result === undefined) return { key, facts: 0 };
    // Somebody else may have been faster. Then that result counts, and the objects of this one are left behind.
    const created = await objects.create(key, new TextEncoder().encode(`${JSON.stringify(result, null, 2)}\n`));
    return { key, facts: created === "created" ? result.facts : 0 };
  };

  /** Creates objects as long as no other attempt has come to its end: then the slice may be sealed at any moment. */
  function unlessDone(isDone: () => Promise<boolean>): Pick<ArchiveObjects, "createFromFile"> {
    return {
      async createFromFile(key, file) {
        if (await isDone()) throw new Overtaken();
        return objects.createFromFile(key, file);
      },
    };
  }

  /** Undefined where another attempt has come to its end meanwhile. */
  async function archive(
    place: SlicePlace,
    sealed: SealedBefore | undefined,
    target: Pick<ArchiveObjects, "createFromFile">,
  ): Promise<SliceResult | undefined> {
    const { day, hour, slice, shards, addendum } = place;
    const tally = createSliceTally();
    const transactions = series("transactions", transactionColumns, { place, target }, async (sha256, list) => {
      await objects.create(archiveKeys.eventIds(sha256), list);
    });
    const raws = series("raw", rawColumns, { place, target });
    const tellHeld = () =>
      ports.onHeld?.({ rows: transactions.held.rows + raws.held.rows, bodyBytes: raws.held.bodyBytes });

    async function addFact(record: LedgerRecord, body: Uint8Array | undefined): Promise<void> {
      const { raw, fact } = record;
      if (raw === undefined) return;
      if (body === undefined) ports.onMissingBody(fact.eventId);
      await raws.add(rawRow(fact.eventId, raw, body));
      await transactions.add(transactionRow("fact", record, raw.sha256));
      tally.addFact(record, body !== undefined);
    }

    /** Facts that were sealed without a decision and have one now. */
    async function addDecisions(waiting: readonly FactKey[]): Promise<void> {
      for (const some of chunksOf(await ledger.decided(waiting), factsPerRead)) {
        tellHeld();
        for (const record of await ledger.read(some, { withRaw: false })) {
          if (record.decision === undefined) continue;
          await transactions.add(transactionRow("decision", record, undefined));
          tally.addLateDecision(record);
        }
      }
    }

    try {
      for await (const keys of keysOfSlice(ledger, place, sealed && comparedKeys)) {
        const { unsealed, waiting } = (await sealed?.compare(keys)) ?? { unsealed: keys, waiting: [] };
        for (const some of chunksOf(unsealed, factsPerRead)) {
          tellHeld();
          await forEachWithBody(await ledger.read(some), addFact);
        }
        await addDecisions(waiting);
      }
      const made = [...(await transactions.end()), ...(await raws.end())];
      return {
        version: 1,
        day,
        hour,
        slice,
        shards: [...shards],
        ...(addendum !== undefined && sealed && { after: sealed.after }),
        objects: made,
        ...tally.counted(),
        unreleased: [...(sealed?.unreleased() ?? [])],
      };
    } catch (error) {
      if (error instanceof Overtaken) return undefined;
      throw error;
    } finally {
      transactions.discard();
      raws.discard();
    }
  }

  /**
   * Facts whose raw entry isn't there yet stay for later: their event isn't COMPLETED, so it is on the day's list of
   * exceptions, and comes in an addendum when it is.
   */
  async function forEachWithBody(
    records: readonly LedgerRecord[],
    add: (record: LedgerRecord, body: Uint8Array | undefined) => Promise<void>,
  ): Promise<void> {
    for (const some of chunksOf(records, bodiesAtATime)) {
      const bodies = await Promise.all(some.map(({ raw }) => (raw === undefined ? undefined : bodyOf(raw))));
      for (const [index, record] of some.entries()) await add(record, bodies[index]);
    }
  }

  async function bodyOf({ body }: RawRecord): Promise<Uint8Array | undefined> {
    return body instanceof Uint8Array ? body : ports.payloads.read(body);
  }

  function series<Columns extends Record<string, Column>>(
    kind: "transactions" | "raw",
    columns: Columns,
    { place, target }: { readonly place: SlicePlace; readonly target: Pick<ArchiveObjects, "createFromFile"> },
    storeEventIds?: (sha256: string, list: Uint8Array) => Promise<void>,
  ): ObjectSeries<Columns> {
    const { day, hour, slice, addendum } = place;
    const keyOf = (part: number) => archiveKeys[kind](day, hour, part, addendum);
    return createObjectSeries({
      kind,
      columns,
      path: pathOf(`${kind}.parquet`),
      objects: target,
      keyOf,
      firstPart: slice * partsPerSlice,
      ...(storeEventIds && { storeEventIds }),
    });
  }
}
