/**
 * One column's values of a row group, encoded as they come, so that little is held of a row but its bytes. Texts begin
 * with a dictionary; where they hardly repeat, those after it follow as they are. Parquet lets a column change over.
 */
import type { Column } from "../../../config/archive.ts";
import { type Bounds, createBoundsTracker, textBoundsOf } from "./bounds.ts";
import { createDictionary } from "./dictionary.ts";
import type { GrowingBytes } from "./growing-bytes.ts";
import { hybridBytes } from "./hybrid.ts";
import { createPlainValues } from "./plain.ts";

/** Of texts and bodies in a page, about: readers hold a page at a time. */
const pageBytes = 1024 * 1024;

const nothing = new Uint8Array();

/** A run of rows. */
export interface Page {
  readonly rows: number;
  readonly nulls: number;
  /** Which of the rows have a value; empty for a column that has no nulls. */
  readonly levels: Uint8Array;
  readonly encoding: "PLAIN" | "RLE_DICTIONARY";
  readonly values: Uint8Array;
}

export interface EncodedValues {
  /** What pages of the encoding RLE_DICTIONARY refer to. */
  readonly dictionary?: { readonly entries: number; readonly bytes: Uint8Array };
  readonly pages: readonly Page[];
  readonly bounds: Bounds;
}

export interface ColumnValues {
  /** @param value null for what is absent @throws TypeError or RangeError for what the column can't hold */
  add(value: unknown): void;
  /** Ends the last page. Good until `bytes` is used for others. */
  encoded(): EncodedValues;
}

/** @param bytes where the values go; what is in it is dropped */
export function createColumnValues({ type, nullable }: Column, bytes: GrowingBytes): ColumnValues {
  bytes.length = 0;
  const plain = createPlainValues(type, bytes);
  const dictionary = createDictionary();
  const tracker = createBoundsTracker();
  const pages: (Omit<Page, "values"> & { readonly bytesEnd: number })[] = [];
  let isIndexed = type === "text";
  let levels: number[] = [];
  let rows = 0;
  let nulls = 0;
  let sizeBytes = 0;

  function endPage(): void {
    if (rows === 0) return;
    plain.settle();
    const encoding = isIndexed && rows > nulls ? "RLE_DICTIONARY" : "PLAIN";
    pages.push({ rows, nulls, levels: nullable ? hybridBytes(levels, 1) : nothing, encoding, bytesEnd: bytes.length });
    levels = [];
    rows = 0;
    nulls = 0;
    sizeBytes = 0;
  }

  function addPresent(value: unknown): void {
    if (isIndexed) {
      if (dictionary.add(value)) return;
      endPage();
      isIndexed = false;
    }
    plain.add(value);
    if (type === "text" || type === "bytes") sizeBytes += (value as string | Uint8Array).length;
    else tracker.add(value);
  }

  return {
    add(value) {
      if (value !== null) addPresent(value);
      else if (nullable) nulls += 1;
      else throw new TypeError("A column that must not be empty was given null");
      if (nullable) levels.push(value === null ? 0 : 1);
      rows += 1;
      if (sizeBytes >= pageBytes) endPage();
    },
    encoded() {
      endPage();
      const { entries } = dictionary;
      return {
        ...(entries.length > 0 && { dictionary: { entries: entries.length, bytes: dictionary.entryBytes() } }),
        pages: pages.map(({ bytesEnd, ...page }, at) => {
          if (page.encoding === "RLE_DICTIONARY") return { ...page, values: dictionary.indexBytes() };
          return { ...page, values: bytes.content(pages[at - 1]?.bytesEnd ?? 0, bytesEnd) };
        }),
        bounds: isIndexed ? textBoundsOf(entries) : tracker.bounds(),
      };
    },
  };
}
