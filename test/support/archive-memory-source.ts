import { writeFile } from "node:fs/promises";
import type { ArchiveSource, StoredChecksum, Temperature } from "../../tools/audit/source/source.ts";
import { type Files, hashOf } from "./archive-fixture.ts";

/** An archive in memory, as a bucket shows itself: with storage classes, checksums and refusals where a test says so. */
export function memorySource(
  files: Files,
  traits: {
    readonly temperature?: (key: string) => Temperature;
    readonly checksum?: (key: string) => StoredChecksum;
    readonly refuses?: (key: string) => boolean;
    readonly modifiedAtMs?: number;
  } = {},
): ArchiveSource {
  function bytesOf(key: string): Uint8Array {
    if (traits.refuses?.(key)) throw Object.assign(new Error("Access Denied"), { name: "AccessDenied" });
    const bytes = files.get(key);
    if (bytes === undefined) throw Object.assign(new Error("no such key"), { name: "NoSuchKey" });
    return bytes;
  }
  return {
    place: "an archive in memory",
    async *list(prefix) {
      for (const key of [...files.keys()].filter((one) => one.startsWith(prefix)).sort()) {
        const temperature = traits.temperature?.(key) ?? "warm";
        const sizeBytes = files.get(key)?.length ?? 0;
        yield { key, sizeBytes, modifiedAtMs: traits.modifiedAtMs ?? 0, temperature };
      }
    },
    read: async (key) => bytesOf(key),
    async fetch(key, file) {
      const bytes = bytesOf(key);
      await writeFile(file, bytes);
      return { sha256: hashOf(bytes), sizeBytes: bytes.length };
    },
    storedChecksum: async (key) =>
      traits.checksum?.(key) ?? { sha256: hashOf(files.get(key) ?? ""), isRestored: false },
  };
}
