import { ParquetWriter } from "hyparquet-writer";
import { type Column, rawRowGroupBytes, rowGroupRows } from "../../../config/archive.ts";
import type { LocalFile } from "../domain/archive/ports.ts";
import type { RowOf } from "../domain/archive/rows.ts";
import { FileWriter } from "./file-writer.ts";
import { parquetSchema } from "./schema.ts";

/** Bytes of text in the footer's statistics, which let readers skip row groups. */
const statisticsBytes = 64;

/** The rows of the next row group, column by column: all that is ever held of a file's rows. */
export interface RowGroup<Columns extends Record<string, Column>> {
  readonly rows: number;
  /** Of values of the type `bytes`. */
  readonly bodyBytes: number;
  readonly isFull: boolean;
  add(row: RowOf<Columns>): void;
  /** The columns' values, and an empty row group from now on. */
  take(): Readonly<Record<string, readonly unknown[]>>;
}

/** A row group is full with its rows or, where they are large, with its bytes (config/archive.ts). */
export function createRowGroup<Columns extends Record<string, Column>>(columns: Columns): RowGroup<Columns> {
  const names = Object.keys(columns);
  const emptied = () => names.map((name): [string, unknown[]] => [name, []]);
  let values = emptied();
  let rows = 0;
  let bodyBytes = 0;
  return {
    get rows() {
      return rows;
    },
    get bodyBytes() {
      return bodyBytes;
    },
    get isFull() {
      return rows >= rowGroupRows || bodyBytes >= rawRowGroupBytes;
    },
    add(row) {
      for (const [name, column] of values) {
        const value = row[name];
        column.push(value);
        if (value instanceof Uint8Array) bodyBytes += value.byteLength;
      }
      rows += 1;
    },
    take() {
      const taken = Object.fromEntries(values);
      values = emptied();
      rows = 0;
      bodyBytes = 0;
      return taken;
    },
  };
}

/** A Parquet file that grows by row groups. Same rows give same bytes, so that an attempt can tell an earlier one's. */
export interface ParquetFile {
  /** Of what is written so far. */
  readonly sizeBytes: number;
  write(rowGroup: Readonly<Record<string, readonly unknown[]>>): void;
  finish(): LocalFile;
  /** Removes a file that won't be finished. */
  discard(): void;
}

/** @param path where the file is made; what is there is overwritten */
export function createParquetFile(path: string, columns: Readonly<Record<string, Column>>): ParquetFile {
  const file = new FileWriter(path);
  const parquet = new ParquetWriter({
    writer: file,
    schema: parquetSchema(columns),
    statisticsTruncateLength: statisticsBytes,
    createdBy: "payment-webhook-pipeline",
  });
  return {
    get sizeBytes() {
      return file.offset;
    },
    write(rowGroup) {
      const columnData = Object.entries(columns).map(([name, { type }]) => {
        const data = [...(rowGroup[name] ?? [])];
        // Bodies are compressed already, each differs from all others, and bounds of them would only swell the footer.
        if (type !== "bytes") return { name, data };
        return { name, data, codec: "UNCOMPRESSED" as const, encoding: "PLAIN" as const, statistics: false };
      });
      parquet.write({ columnData, rowGroupSize: rowGroupRows });
    },
    finish() {
      parquet.finish();
      return file.close();
    },
    discard: () => file.discard(),
  };
}
