/** Where an audit reads an archive: a bucket, or a plain download of one. Only ever read. */

/** `costly`: S3 charges for reading it; `frozen`: it has to be restored before it can be read. */
export type Temperature = "warm" | "costly" | "frozen";

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly temperature: Temperature;
}

/** What S3 itself says of an object that isn't read. */
export interface StoredChecksum {
  /** Of the whole object, lower-case hex; absent if S3 has none, or only one of its parts. */
  readonly sha256?: string;
  /** A copy of a frozen object has been restored, so that it can be read for now. */
  readonly isRestored: boolean;
}

interface Fetched {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Every method throws when the object can't be had; an audit says so of that object and goes on. */
export interface ArchiveSource {
  /** In words. */
  readonly place: string;
  list(prefix: string): AsyncIterable<StoredObject>;
  /** A whole small object. */
  read(key: string): Promise<Uint8Array>;
  /** Makes an object a file that can be read, without holding it in memory, and hashes it on the way. */
  fetch(key: string, file: string): Promise<Fetched>;
  storedChecksum(key: string): Promise<StoredChecksum>;
}
