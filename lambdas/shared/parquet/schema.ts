/** The archive's columns as Parquet has them: physical types that DuckDB, Athena and hyparquet agree on. */
import type { SchemaElement } from "hyparquet";
import type { Column, ColumnType } from "../../../config/archive.ts";

export const physicalTypes = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  integer: { type: "INT64" },
  // 16 bytes hold 38 digits exactly.
  decimal: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, converted_type: "DECIMAL", precision: 38, scale: 0 },
  "timestamp-ms": { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
  bytes: { type: "BYTE_ARRAY" },
  score: { type: "DOUBLE" },
} as const satisfies Record<ColumnType, Omit<SchemaElement, "name">>;

/** A file's schema: a flat table of the columns, in their order. */
export function parquetSchema(columns: Readonly<Record<string, Column>>): SchemaElement[] {
  const elements = Object.entries(columns).map(([name, { type, nullable }]): SchemaElement => {
    return { name, repetition_type: nullable ? "OPTIONAL" : "REQUIRED", ...physicalTypes[type] };
  });
  return [{ name: "root", num_children: elements.length }, ...elements];
}
