/** What the archive's functions need of the world. Every method throws RetryableError when AWS can't answer now. */
import type { Exception, Manifest } from "../../../../config/archive.ts";
import type { FactKey, LedgerRecord } from "./records.ts";

/** Entries of ArchiveIndex and of the ledger, read only. */
export interface ArchiveLedger {
  /** Keys of a partition's facts that aren't released yet, in the order of `entry`, and where the next page begins. */
  page(partition: string, options?: { readonly after?: string; readonly limit?: number }): Promise<KeyPage>;
  /**
   * The facts of these keys with their decisions and, unless it is said otherwise, their raw entries, in the order of the
   * keys; those that are gone are left out.
   */
  read(keys: readonly FactKey[], options?: { readonly withRaw: boolean }): Promise<readonly LedgerRecord[]>;
  /** Those of the facts about which there is a decision. */
  decided(keys: readonly FactKey[]): Promise<readonly FactKey[]>;
}

interface KeyPage {
  readonly keys: readonly FactKey[];
  /** Absent on the last page. */
  readonly next?: string;
}

export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Epoch milliseconds. */
  readonly modifiedMs: number;
}

/** Bytes of an object, read in ranges: what hyparquet calls an AsyncBuffer. */
export interface ObjectBytes {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** A finished file below /tmp. */
export interface LocalFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The archive's bucket. Objects are created and never changed. */
export interface ArchiveObjects {
  /** Undefined where there is no such object. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** `exists`: somebody else has created it, perhaps an earlier attempt whose answer was lost. */
  create(key: string, bytes: Uint8Array): Promise<"created" | "exists">;
  /** As `create`; `same` where what is there has the file's hash. */
  createFromFile(key: string, file: LocalFile): Promise<"created" | "same" | "taken">;
  /** All objects whose key begins so, in the order of their keys. */
  list(prefix: string): Promise<readonly StoredObject[]>;
  /** SHA-256 that S3 keeps of an object, lower-case hex; it answers for objects in Glacier, too. */
  sha256Of(key: string): Promise<string>;
  /** @throws PermanentError when the object is in Glacier. */
  open(key: string): Promise<ObjectBytes>;
}

/** Claim-checked bodies. */
export interface PayloadReader {
  /** Undefined where the body is gone. */
  read(place: { readonly bucket: string; readonly key: string }): Promise<Uint8Array | undefined>;
}

/** Signs what auditors verify. */
export interface ManifestSigner {
  /** The key that signs now. */
  currentKey(): Promise<Manifest["signingKey"]>;
  /** DER signature over a SHA-256 digest, ECDSA on P-256, by the key of this ARN. */
  sign(digest: Uint8Array, keyArn: string): Promise<Uint8Array>;
}

/** Records of `processed-webhooks` about events that aren't COMPLETED or SKIPPED. */
export interface ExceptionReader {
  /** Hands over one after the other, in no order; reads the whole table. */
  eachException(take: (exception: Exception) => Promise<void>): Promise<void>;
}

export interface WaitingMessages {
  /** Messages in the queues, as far as SQS knows. */
  waiting(): Promise<Manifest["waiting"]>;
}

/** A sealed row, as far as its entries' keys need it. */
export interface SealedRow extends FactKey {
  readonly providerType: string;
  readonly objectVersion?: string;
  readonly hasDecision: boolean;
}

/** Lets entries go that are sealed. */
export interface LedgerRelease {
  /** Those of the rows whose release isn't done. */
  unreleased(rows: readonly SealedRow[]): Promise<readonly SealedRow[]>;
  /** Takes a row's fact out of the index and sets the end of its entries, epoch seconds. Doing it twice is harmless. */
  release(row: SealedRow, expiresAt: number): Promise<void>;
}
