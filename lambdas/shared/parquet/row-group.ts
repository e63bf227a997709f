import { type Column, type ColumnType, rawRowGroupBytes, rowGroupRows } from "../../../config/archive.ts";
import type { RowOf } from "../domain/archive/rows.ts";
import { createColumnValues, type EncodedValues } from "./column-values.ts";
import { GrowingBytes } from "./growing-bytes.ts";

export interface EncodedColumn extends EncodedValues {
  readonly name: string;
  readonly type: ColumnType;
}

export interface RowGroupRows {
  readonly rows: number;
  /** The columns in their order, and an empty row group from now on. Good until a row is added. */
  take(): readonly EncodedColumn[];
}

/** The rows of the next row group, encoded column by column: all that is ever held of a file's rows. */
export interface RowGroup<Columns extends Record<string, Column>> extends RowGroupRows {
  /** Of values of the type `bytes`. */
  readonly bodyBytes: number;
  readonly isFull: boolean;
  /** @throws TypeError or RangeError for a value that its column can't hold; then the group is of no use any more */
  add(row: RowOf<Columns>): void;
}

/** A row group is full with its rows or, where they are large, with its bytes (config/archive.ts). */
export function createRowGroup<Columns extends Record<string, Column>>(columns: Columns): RowGroup<Columns> {
  const held = Object.entries(columns).map(([name, column]) => ({ name, column, bytes: new GrowingBytes() }));
  const emptied = () =>
    held.map(({ name, column, bytes }) => ({
      name,
      type: column.type,
      values: createColumnValues(column, bytes),
    }));
  let filling = emptied();
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
      for (const { name, values } of filling) {
        const value = row[name];
        values.add(value);
        if (value instanceof Uint8Array) bodyBytes += value.byteLength;
      }
      rows += 1;
    },
    take() {
      const taken = filling.map(({ name, type, values }) => ({ name, type, ...values.encoded() }));
      filling = emptied();
      rows = 0;
      bodyBytes = 0;
      return taken;
    },
  };
}
