import { ByteWriter } from "hyparquet-writer";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";

/** Small numbers as Parquet keeps levels and dictionaries' indexes: runs where they repeat, bits where they don't. */
export function hybridBytes(numbers: readonly number[], bits: number): Uint8Array {
  const bytes = new ByteWriter();
  writeRleBitPackedHybrid(bytes, numbers as number[], bits);
  return bytes.getBytes();
}
