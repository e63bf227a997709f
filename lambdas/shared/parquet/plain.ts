/**
 * Parquet's PLAIN encoding of the archive's types: values one after the other, with their length before them where it
 * varies. A value that its type can't hold is an error, never another value.
 */
import type { ColumnType } from "../../../config/archive.ts";
import type { GrowingBytes } from "./growing-bytes.ts";

export interface PlainValues {
  /** @throws TypeError or RangeError for what the type can't hold, null among it */
  add(value: unknown): void;
  /** Only then is in the bytes what was added. */
  settle(): void;
}

/** Texts that are encoded together. */
const textsAtOnce = 256;
const lengthBytes = 4;
const decimalBytes = 16;
const decimalEnd = 10n ** 38n;

/** @param bytes to which the values are added */
export function createPlainValues(type: ColumnType, bytes: GrowingBytes): PlainValues {
  if (type === "text") return textValues(bytes);
  const add = adders[type];
  return { add: (value) => add(value, bytes), settle() {} };
}

/** One call into the runtime costs as much as encoding a short text, so it is made for many of them. */
function textValues(bytes: GrowingBytes): PlainValues {
  let texts: string[] = [];

  function settle(): void {
    if (texts.length === 0) return;
    // The gaps are where the lengths go.
    const joined = texts.join("\0\0\0\0");
    const sizeBytes = Buffer.byteLength(joined);
    bytes.reserve(lengthBytes + sizeBytes);
    bytes.bytes.write(joined, bytes.length + lengthBytes, "utf8");
    // As many bytes as characters: all are ASCII ones, and a text's length is its size.
    const isAscii = joined.length === sizeBytes;
    for (const text of texts) {
      const length = isAscii ? text.length : Buffer.byteLength(text);
      bytes.view.setUint32(bytes.length, length, true);
      bytes.length += lengthBytes + length;
    }
    texts = [];
  }

  return {
    add(value) {
      if (typeof value !== "string") throw new TypeError(`A text column was given ${typeof value}`);
      if (texts.push(value) === textsAtOnce) settle();
    },
    settle,
  };
}

const adders: Readonly<Record<Exclude<ColumnType, "text">, (value: unknown, to: GrowingBytes) => void>> = {
  bytes(value, to) {
    if (!(value instanceof Uint8Array)) throw new TypeError(`A column of bytes was given ${typeof value}`);
    to.reserve(lengthBytes + value.length);
    to.view.setUint32(to.length, value.length, true);
    to.bytes.set(value, to.length + lengthBytes);
    to.length += lengthBytes + value.length;
  },
  /** Two's complement, the highest byte first. */
  decimal(value, to) {
    if (typeof value !== "bigint") throw new TypeError(`A decimal column was given ${typeof value}`);
    if (value >= decimalEnd || value <= -decimalEnd) throw new RangeError("A decimal has more than 38 digits");
    to.reserve(decimalBytes);
    to.view.setBigInt64(to.length, value >> 64n);
    to.view.setBigInt64(to.length + 8, BigInt.asIntN(64, value));
    to.length += decimalBytes;
  },
  integer: addInteger,
  "timestamp-ms": addInteger,
  score(value, to) {
    if (typeof value !== "number") throw new TypeError(`A column of scores was given ${typeof value}`);
    to.reserve(8);
    to.view.setFloat64(to.length, value, true);
    to.length += 8;
  },
};

function addInteger(value: unknown, to: GrowingBytes): void {
  if (typeof value !== "bigint") throw new TypeError(`An integer column was given ${typeof value}`);
  if (BigInt.asIntN(64, value) !== value) throw new RangeError("An integer has more than 64 bits");
  to.reserve(8);
  to.view.setBigInt64(to.length, value, true);
  to.length += 8;
}
