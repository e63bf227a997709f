/**
 * A set of texts that remembers 64 bits of each: 16 bytes of memory a text, whatever its length, so that a run knows
 * millions of events that it has seen. Two of ten million texts have the same 64 bits once in 370,000 such sets.
 */
import { createHash } from "node:crypto";

const bytesEach = 8;
const firstSlots = 1024;

export interface FingerprintSet {
  readonly size: number;
  has(text: string): boolean;
  /** Whether it is new. */
  add(text: string): boolean;
  /** Fingerprints that were added since this was last called, 8 bytes each; to be given to `load` another time. */
  takeNew(): Uint8Array;
  /** Adds fingerprints that another set gave away. They don't count as new. */
  load(bytes: Uint8Array): void;
}

/** An open-addressing table of pairs of 32-bit words, at most half full. */
export function createFingerprintSet(): FingerprintSet {
  let slots = new Uint32Array(2 * firstSlots);
  let size = 0;
  let unsaved: number[] = [];

  /** The pair's place: its own, or the free one where it belongs. */
  function placeOf(table: Uint32Array, high: number, low: number): number {
    const mask = table.length / 2 - 1;
    let slot = low & mask;
    for (;;) {
      const [h, l] = [table[2 * slot], table[2 * slot + 1]];
      if ((h === 0 && l === 0) || (h === high && l === low)) return 2 * slot;
      slot = (slot + 1) & mask;
    }
  }

  function insert(high: number, low: number): boolean {
    const place = placeOf(slots, high, low);
    if (slots[place] === high && slots[place + 1] === low) return false;
    slots[place] = high;
    slots[place + 1] = low;
    size += 1;
    if (size * 4 > slots.length) grow();
    return true;
  }

  function grow(): void {
    const larger = new Uint32Array(2 * slots.length);
    for (let at = 0; at < slots.length; at += 2) {
      const [high = 0, low = 0] = [slots[at], slots[at + 1]];
      if (high === 0 && low === 0) continue;
      const place = placeOf(larger, high, low);
      larger[place] = high;
      larger[place + 1] = low;
    }
    slots = larger;
  }

  return {
    get size() {
      return size;
    },
    has(text) {
      const [high, low] = wordsOf(text);
      return slots[placeOf(slots, high, low)] === high && slots[placeOf(slots, high, low) + 1] === low;
    },
    add(text) {
      const [high, low] = wordsOf(text);
      const isNew = insert(high, low);
      if (isNew) unsaved.push(high, low);
      return isNew;
    },
    takeNew() {
      const bytes = new DataView(new ArrayBuffer(4 * unsaved.length));
      for (const [at, word] of unsaved.entries()) bytes.setUint32(4 * at, word);
      unsaved = [];
      return new Uint8Array(bytes.buffer);
    },
    load(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at + bytesEach <= bytes.byteLength; at += bytesEach) {
        insert(view.getUint32(at), view.getUint32(at + 4));
      }
    },
  };
}

function wordsOf(text: string): [number, number] {
  const digest = createHash("sha256").update(text).digest();
  // Zero stands for a free place.
  return [digest.readUInt32BE(0) || 1, digest.readUInt32BE(4)];
}
