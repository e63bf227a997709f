/** The archive's bucket and the ledger that it is made from, in memory, with the conditions of the real ones. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Decision } from "../../config/events.ts";
import type {
  ArchiveLedger,
  ArchiveObjects,
  LedgerRelease,
  ManifestSigner,
} from "../../lambdas/shared/domain/archive/ports.ts";
import type { DecisionRecord, FactKey, FactRecord, RawRecord } from "../../lambdas/shared/domain/archive/records.ts";
import { archivePartitionOf } from "../../lambdas/shared/domain/archive-partition.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";

export interface MemoryArchiveObjects extends ArchiveObjects {
  readonly stored: ReadonlyMap<string, { readonly bytes: Uint8Array; readonly modifiedMs: number }>;
}

/** S3 with conditional creation: nothing that is there is ever replaced. */
export function createMemoryArchiveObjects(now: () => number = Date.now): MemoryArchiveObjects {
  const stored = new Map<string, { bytes: Uint8Array; modifiedMs: number }>();
  function create(key: string, bytes: Uint8Array): "created" | "exists" {
    if (stored.has(key)) return "exists";
    stored.set(key, { bytes: bytes.slice(), modifiedMs: now() });
    return "created";
  }
  function bytesOf(key: string): Uint8Array {
    const found = stored.get(key);
    if (found === undefined) throw new Error(`There is no ${key}`);
    return found.bytes;
  }
  return {
    stored,
    get: async (key) => stored.get(key)?.bytes,
    create: async (key, bytes) => create(key, bytes),
    async createFromFile(key, { path, sha256 }) {
      if (create(key, readFileSync(path)) === "created") return "created";
      return sha256Hex(bytesOf(key)) === sha256 ? "same" : "taken";
    },
    async list(prefix) {
      const found = [...stored].filter(([key]) => key.startsWith(prefix));
      return found
        .map(([key, { bytes, modifiedMs }]) => ({ key, sizeBytes: bytes.length, modifiedMs }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
    sha256Of: async (key) => sha256Hex(bytesOf(key)),
    async open(key) {
      const bytes = bytesOf(key);
      return {
        byteLength: bytes.length,
        slice: async (start, end) => new Uint8Array(bytes.slice(start, end)).buffer,
      };
    },
  };
}

interface LedgerEntries {
  readonly fact: FactRecord;
  readonly partition: string;
  isInIndex: boolean;
  raw?: RawRecord;
  decision?: DecisionRecord;
  /** When each entry ends, epoch seconds. */
  readonly ends: { fact?: number; beside?: number };
}

export interface MemoryArchiveLedger extends ArchiveLedger, LedgerRelease {
  readonly entries: ReadonlyMap<string, LedgerEntries>;
  recordFact(fact: FactRecord): void;
  recordRaw(key: FactKey, raw: RawRecord): void;
  recordDecision(key: FactKey, decision: Decision, decidedAt: string): void;
}

/** @param pageKeys keys on a page of the index */
export function createMemoryArchiveLedger(pageKeys = 3): MemoryArchiveLedger {
  const entries = new Map<string, LedgerEntries>();
  const placeIn = ({ transactionId, entry }: FactKey) => JSON.stringify([transactionId, entry]);
  const entriesAt = (key: FactKey) => entries.get(placeIn(key));

  return {
    entries,
    recordFact(fact) {
      const place = placeIn(keyOfFact(fact));
      if (!entries.has(place)) entries.set(place, { fact, partition: partitionOf(fact), isInIndex: true, ends: {} });
    },
    recordRaw(key, raw) {
      const at = entriesAt(key);
      if (at !== undefined) at.raw ??= raw;
    },
    recordDecision(key, decision, decidedAt) {
      const at = entriesAt(key);
      if (at !== undefined) at.decision ??= { decision, score: 0.25, decidedBy: "fraud-detector", decidedAt };
    },
    async page(partition, { after, limit = pageKeys } = {}) {
      const keys = [...entries.values()]
        .filter((at) => at.isInIndex && at.partition === partition)
        .map(({ fact }) => keyOfFact(fact))
        .toSorted((a, b) => (a.entry + a.transactionId < b.entry + b.transactionId ? -1 : 1));
      const rest = after === undefined ? keys : keys.filter(({ entry }) => entry > after);
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      return { keys: page, ...(last !== undefined && rest.length > limit && { next: last.entry }) };
    },
    async read(keys, { withRaw } = { withRaw: true }) {
      return keys.flatMap((key) => {
        const at = entriesAt(key);
        if (at === undefined) return [];
        const { fact, raw, decision } = at;
        return [{ fact, ...(withRaw && raw && { raw }), ...(decision && { decision }) }];
      });
    },
    decided: async (keys) => keys.filter((key) => entriesAt(key)?.decision !== undefined),
    unreleased: async (rows) => rows.filter((row) => entriesAt(row)?.isInIndex === true),
    async release(row, expiresAt) {
      const at = entriesAt(row);
      if (at === undefined) return;
      at.isInIndex = false;
      at.ends.beside ??= expiresAt;
      at.ends.fact ??= expiresAt;
    },
  };
}

function partitionOf({ eventId, receivedAt }: FactRecord): string {
  return archivePartitionOf(eventId, receivedAt);
}

export function keyOfFact({ transactionId, occurredAt, eventId }: FactRecord): FactKey {
  return { transactionId, entry: `${occurredAt}#${eventId}` };
}

/** Signs as ECDSA does: verifiably, and never twice the same. */
export function createMemorySigner(): ManifestSigner & { verify(bytes: Uint8Array, signature: Uint8Array): boolean } {
  const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
  return {
    currentKey: async () => ({ arn: "arn:aws:kms:us-east-1:000000000000:key/test", publicKeySha256: "ab".repeat(32) }),
    sign: async (digest) => Buffer.concat([digest, randomBytes(8)]),
    verify: (bytes, signature) => digestOf(bytes).equals(signature.subarray(0, 32)),
  };
}

export function aFactRecord(overrides: Partial<FactRecord> = {}): FactRecord {
  return {
    eventId: "stripe:evt_1",
    transactionId: "stripe:pi_1",
    provider: "stripe",
    type: "payment.succeeded",
    providerType: "payment_intent.succeeded",
    amountMinor: 12345n,
    currency: "USD",
    routingAmountUsd: 123.45,
    tier: "low",
    occurredAt: "2026-11-18T10:00:00.000Z",
    receivedAt: "2026-11-18T10:00:01.250Z",
    correlationId: "correlation-1",
    source: "webhook",
    ...overrides,
  };
}

export function aRawRecord(overrides: Partial<RawRecord> = {}): RawRecord {
  return {
    receivedAt: "2026-11-18T10:00:01.250Z",
    headers: { "stripe-signature": "t=1,v1=aa" },
    sizeBytes: 2,
    sha256: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    encoding: "identity",
    body: Buffer.from("{}"),
    ...overrides,
  };
}
