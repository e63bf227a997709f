/**
 * Ours: records through the archiver's rows, row groups and hashed files, a file per hour. Arguments: the folder of the
 * archive, how many rows the day has, how many of them to write, and "raw" for their bodies instead.
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { archiveKeys, type Column, rawColumns, transactionColumns } from "../../config/archive.ts";
import { type RowOf, rawRow } from "../../lambdas/shared/domain/archive/rows.ts";
import { createParquetFile } from "../../lambdas/shared/parquet/parquet-file.ts";
import { createRowGroup } from "../../lambdas/shared/parquet/row-group.ts";
import { type BenchRecord, benchDay } from "./records.ts";
import { createMeter, hourRanges, recordsOf, rowOf, type Written } from "./rows.ts";

const [folder = ".", ofDay = "0", toWrite = ofDay, what = "transactions"] = process.argv.slice(2);
const rowsOfDay = Number(ofDay);
const rows = Number(toWrite);
const meter = createMeter();
let bytes = 0;
for (const { hour, from, to } of hourRanges(rowsOfDay)) {
  const range = { from, to: Math.min(to, rows) };
  if (range.from >= range.to) continue;
  if (what === "raw") {
    const toRow = ({ record, raw, body }: BenchRecord) => rawRow(record.fact.eventId, raw, body);
    await writeHour(archiveKeys.raw(benchDay, hour, 0), rawColumns, { range, toRow });
  } else {
    await writeHour(archiveKeys.transactions(benchDay, hour, 0), transactionColumns, { range, toRow: rowOf });
  }
}
const written: Written = { ...meter.effort(), rows, bytes };
console.log(JSON.stringify(written));

interface Content<Columns extends Record<string, Column>> {
  readonly range: { readonly from: number; readonly to: number };
  toRow(record: BenchRecord): RowOf<Columns>;
}

async function writeHour<Columns extends Record<string, Column>>(
  key: string,
  columns: Columns,
  { range, toRow }: Content<Columns>,
): Promise<void> {
  const path = join(folder, key);
  mkdirSync(dirname(path), { recursive: true });
  const file = createParquetFile(path, columns);
  const group = createRowGroup(columns);
  for (const records of recordsOf(range, rowsOfDay)) {
    await meter.time(() => {
      for (const record of records) {
        group.add(toRow(record));
        if (group.isFull) file.write(group);
      }
    });
  }
  await meter.time(() => {
    if (group.rows > 0) file.write(group);
    bytes += file.finish().sizeBytes;
  });
}
