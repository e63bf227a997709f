import { rmSync } from "node:fs";
import { type ArchiveObject, type Column, targetObjectBytes } from "../../config/archive.ts";
import { type ArchivedId, archivedIdOf, createEventIdList } from "../shared/domain/archive/event-ids.ts";
import type { ArchiveObjects, LocalFile } from "../shared/domain/archive/ports.ts";
import type { RowOf } from "../shared/domain/archive/rows.ts";
import { createParquetFile, type ParquetFile } from "../shared/parquet/parquet-file.ts";
import { createRowGroup } from "../shared/parquet/row-group.ts";

export interface ObjectSeries<Columns extends Record<string, Column>> {
  /** Rows and bytes of bodies that are in memory: those of the next row group. */
  readonly held: { readonly rows: number; readonly bodyBytes: number };
  add(row: RowOf<Columns>): Promise<void>;
  /** Writes what is left; gives all objects of the series. */
  end(): Promise<readonly ArchiveObject[]>;
  /** Removes a file that was begun. */
  discard(): void;
}

/**
 * One table's rows, as Parquet objects one after the other. A row group is held in memory, an object in a file, never
 * more. An object ends above `targetObjectBytes`, when a whole row group follows: a smaller rest joins it, so that
 * no object is too small for colder storage where there is data for it.
 */
export function createObjectSeries<Columns extends Record<string, Column>>(options: {
  readonly kind: ArchiveObject["kind"];
  readonly columns: Columns;
  /** Where an object is made before it is sent. */
  readonly path: string;
  readonly objects: Pick<ArchiveObjects, "createFromFile">;
  readonly keyOf: (part: number) => string;
  /** Number of the first object; one that is taken by another attempt's object is passed over. */
  readonly firstPart: number;
  readonly objectBytes?: number;
  /** Gets the list of an object's event ids before the object is created: no object that is sealed is without. */
  readonly storeEventIds?: (sha256: string, list: Uint8Array) => Promise<void>;
}): ObjectSeries<Columns> {
  const { kind, columns, path, objects, keyOf, objectBytes = targetObjectBytes, storeEventIds } = options;
  const rowGroup = createRowGroup(columns);
  const done: ArchiveObject[] = [];
  const eventIds = createEventIdList();
  let idsOfGroup: ArchivedId[] = [];
  let part = options.firstPart;
  let file: ParquetFile | undefined;
  let rows = 0;
  let times: ReceiptTimes = {};
  let groupTimes: ReceiptTimes = {};

  async function write(isRest: boolean): Promise<void> {
    if (file !== undefined && file.sizeBytes > objectBytes && !isRest) await publish(file);
    file ??= createParquetFile(path, columns);
    if (storeEventIds !== undefined) eventIds.add(idsOfGroup);
    idsOfGroup = [];
    rows += rowGroup.rows;
    for (const time of Object.values(groupTimes)) times = widened(times, time);
    groupTimes = {};
    file.write(rowGroup);
  }

  async function publish(finishing: ParquetFile): Promise<void> {
    const finished = finishing.finish();
    file = undefined;
    await storeEventIds?.(finished.sha256, eventIds.take());
    const key = await created(finished);
    rmSync(finished.path, { force: true });
    const { sha256, sizeBytes } = finished;
    done.push({ key, kind, sha256, sizeBytes, rows, ...(kind === "transactions" && isoTimes(times)) });
    rows = 0;
    times = {};
  }

  async function created(finished: LocalFile): Promise<string> {
    for (;;) {
      const key = keyOf(part);
      part += 1;
      if ((await objects.createFromFile(key, finished)) !== "taken") return key;
    }
  }

  return {
    get held() {
      return { rows: rowGroup.rows, bodyBytes: rowGroup.bodyBytes };
    },
    async add(row) {
      rowGroup.add(row);
      if (storeEventIds !== undefined) idsOfGroup.push(archivedIdOf(row));
      groupTimes = widened(groupTimes, row.received_at as bigint);
      if (rowGroup.isFull) await write(false);
    },
    async end() {
      if (rowGroup.rows > 0) await write(true);
      if (file !== undefined) await publish(file);
      return done;
    },
    discard: () => file?.discard(),
  };
}

/** The earliest and the latest first receipt, epoch milliseconds. */
interface ReceiptTimes {
  readonly first?: bigint;
  readonly last?: bigint;
}

function widened(times: ReceiptTimes, time: bigint): ReceiptTimes {
  const { first = time, last = time } = times;
  return { first: time < first ? time : first, last: time > last ? time : last };
}

function isoTimes({ first, last }: ReceiptTimes): Pick<ArchiveObject, "firstReceivedAt" | "lastReceivedAt"> {
  if (first === undefined || last === undefined) return {};
  return { firstReceivedAt: isoOf(first), lastReceivedAt: isoOf(last) };
}

function isoOf(timeMs: bigint): string {
  return new Date(Number(timeMs)).toISOString();
}
