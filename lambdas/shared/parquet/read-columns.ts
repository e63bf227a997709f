import { zstdDecompressSync } from "node:zlib";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import type { ObjectBytes } from "../domain/archive/ports.ts";

/**
 * Reads some columns of a Parquet file, one row group after the other, so that no more than one is held.
 * Not for `decimal` columns, which hyparquet gives as floats.
 */
export async function* readColumns<Name extends string>(
  file: ObjectBytes,
  columns: readonly Name[],
): AsyncGenerator<readonly Readonly<Record<Name, unknown>>[]> {
  const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) };
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const rows = await parquetReadObjects({ file, metadata, compressors, columns: [...columns], rowStart, rowEnd });
    yield rows as Readonly<Record<Name, unknown>>[];
    rowStart = rowEnd;
  }
}
