import type { FileMetaData, RowGroup } from "hyparquet";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import type { Column } from "../../../config/archive.ts";
import type { LocalFile } from "../domain/archive/ports.ts";
import { writeColumnChunk } from "./column-chunk.ts";
import { FileWriter } from "./file-writer.ts";
import type { RowGroupRows } from "./row-group.ts";
import { parquetSchema } from "./schema.ts";

/** "PAR1", at both ends of a file. */
const magic = 0x31524150;
/** Bytes of text in the footer's statistics, which let readers skip row groups. */
const statisticsBytes = 64;

/** A Parquet file that grows by row groups. Same rows give same bytes, so that an attempt can tell an earlier one's. */
export interface ParquetFile {
  /** Of what is written so far. */
  readonly sizeBytes: number;
  /** Writes the rows as a row group and empties them. */
  write(rows: RowGroupRows): void;
  finish(): LocalFile;
  /** Removes a file that won't be finished. */
  discard(): void;
}

/** @param path where the file is made; what is there is overwritten */
export function createParquetFile(path: string, columns: Readonly<Record<string, Column>>): ParquetFile {
  const file = new FileWriter(path);
  const groups: RowGroup[] = [];
  file.appendUint32(magic);
  return {
    get sizeBytes() {
      return file.offset;
    },
    write(rows) {
      const begin = file.offset;
      const num_rows = BigInt(rows.rows);
      const chunks = rows.take().map((column) => writeColumnChunk(column, file));
      const total_byte_size = chunks.reduce(
        (sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n),
        0n,
      );
      groups.push({ columns: chunks, num_rows, total_byte_size, total_compressed_size: BigInt(file.offset - begin) });
      file.flush();
    },
    finish() {
      const metadata: FileMetaData = {
        version: 2,
        schema: parquetSchema(columns),
        num_rows: groups.reduce((sum, { num_rows }) => sum + num_rows, 0n),
        row_groups: groups,
        created_by: "payment-webhook-pipeline",
        // Not a part of the footer, but what a reader finds it by.
        metadata_length: 0,
      };
      writeMetadata(file, metadata, statisticsBytes);
      file.appendUint32(magic);
      file.finish();
      return file.close();
    },
    discard: () => file.discard(),
  };
}
