/** A column of a row group in the file: hyparquet-writer's page headers before pages that are made here (ADR 0016). */
import { constants, zstdCompressSync } from "node:zlib";
import type { ColumnChunk, PageHeader } from "hyparquet";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import type { Page } from "./column-values.ts";
import type { FileWriter } from "./file-writer.ts";
import type { EncodedColumn } from "./row-group.ts";
import { physicalTypes } from "./schema.ts";

type PageEncodingStats = NonNullable<NonNullable<ColumnChunk["meta_data"]>["encoding_stats"]>[number];

const nothing = new Uint8Array();

/** Appends the column's pages. */
export function writeColumnChunk(
  { name, type, dictionary, pages, bounds }: EncodedColumn,
  file: FileWriter,
): ColumnChunk {
  // Bodies are compressed already where that pays.
  const codec = type === "bytes" ? "UNCOMPRESSED" : "ZSTD";
  const begin = file.offset;
  let uncompressedBytes = 0;

  function append(
    header: Omit<PageHeader, "uncompressed_page_size" | "compressed_page_size">,
    levels: Uint8Array,
    values: Uint8Array,
  ): void {
    const stored = codec === "ZSTD" && values.length > 0 ? compressed(values) : values;
    const uncompressed_page_size = levels.length + values.length;
    const headerBegin = file.offset;
    writePageHeader(file, { ...header, uncompressed_page_size, compressed_page_size: levels.length + stored.length });
    uncompressedBytes += file.offset - headerBegin + uncompressed_page_size;
    file.appendBytes(levels);
    file.appendBytes(stored);
  }

  if (dictionary !== undefined) {
    const header = { num_values: dictionary.entries, encoding: "PLAIN" } as const;
    append({ type: "DICTIONARY_PAGE", dictionary_page_header: header }, nothing, dictionary.bytes);
  }
  const dataBegin = file.offset;
  for (const { rows, nulls, levels, encoding, values } of pages) {
    const header = {
      num_values: rows,
      num_nulls: nulls,
      num_rows: rows,
      encoding,
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: codec === "ZSTD" && values.length > 0,
    };
    append({ type: "DATA_PAGE_V2", data_page_header_v2: header }, levels, values);
  }
  return {
    file_offset: BigInt(begin),
    meta_data: {
      type: physicalTypes[type].type,
      encodings: dictionary === undefined ? ["PLAIN"] : ["PLAIN", "RLE_DICTIONARY"],
      path_in_schema: [name],
      codec,
      num_values: sumOf(pages, ({ rows }) => rows),
      total_uncompressed_size: BigInt(uncompressedBytes),
      total_compressed_size: BigInt(file.offset - begin),
      data_page_offset: BigInt(dataBegin),
      ...(dictionary !== undefined && { dictionary_page_offset: BigInt(begin) }),
      statistics: { null_count: sumOf(pages, ({ nulls }) => nulls), ...bounds },
      encoding_stats: encodingStats(pages, dictionary !== undefined),
    },
  };
}

/** At the lowest level: the next ones take far more time than they save bytes. */
function compressed(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, {
    // Room for the worst case, so that the result needn't be put together.
    chunkSize: bytes.length + (bytes.length >> 8) + 1024,
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
  });
}

function sumOf(pages: readonly Page[], count: (page: Page) => number): bigint {
  return BigInt(pages.reduce((sum, page) => sum + count(page), 0));
}

/** By these, readers know whether a value that isn't in the dictionary can be in the column. */
function encodingStats(pages: readonly Page[], hasDictionary: boolean): PageEncodingStats[] {
  const count = (encoding: Page["encoding"]): PageEncodingStats[] => {
    const { length } = pages.filter((page) => page.encoding === encoding);
    return length === 0 ? [] : [{ page_type: "DATA_PAGE_V2", encoding, count: length }];
  };
  const ofDictionary: PageEncodingStats[] = [{ page_type: "DICTIONARY_PAGE", encoding: "PLAIN", count: 1 }];
  return [...(hasDictionary ? ofDictionary : []), ...count("RLE_DICTIONARY"), ...count("PLAIN")];
}
