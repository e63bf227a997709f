/** Parquet's dictionary encoding: each different text once, and a small number for each row. */
import { GrowingBytes } from "./growing-bytes.ts";
import { hybridBytes } from "./hybrid.ts";
import { createPlainValues } from "./plain.ts";

/** A dictionary ends with so many entries, and where so many texts in a row are all different. */
const mostEntries = 1024;
const firstTexts = 256;

export interface Dictionary {
  /** In the order of their first appearance. */
  readonly entries: readonly string[];
  /** False for a text that it doesn't take: the column's texts don't repeat enough. @throws TypeError for no text */
  add(text: unknown): boolean;
  /** The dictionary's page. */
  entryBytes(): Uint8Array;
  /** A page of all texts that it took: how many bits an index has, and for each text the index of its entry. */
  indexBytes(): Uint8Array;
}

export function createDictionary(): Dictionary {
  const places = new Map<string, number>();
  const entries: string[] = [];
  const indexes: number[] = [];
  return {
    entries,
    add(text) {
      if (typeof text !== "string") throw new TypeError(`A text column was given ${typeof text}`);
      let place = places.get(text);
      if (place === undefined) {
        place = entries.length;
        if (place === mostEntries || (place === firstTexts && indexes.length === firstTexts)) return false;
        places.set(text, place);
        entries.push(text);
      }
      indexes.push(place);
      return true;
    },
    entryBytes() {
      const bytes = new GrowingBytes();
      const plain = createPlainValues("text", bytes);
      for (const entry of entries) plain.add(entry);
      plain.settle();
      return bytes.content(0, bytes.length);
    },
    indexBytes() {
      const bits = Math.ceil(Math.log2(entries.length));
      return Buffer.concat([Buffer.of(bits), hybridBytes(indexes, bits)]);
    },
  };
}
