/**
 * Sealed archives for tests, as config/archive.ts describes them: real Parquet, real signatures, in memory or on the
 * disk. Built without the archiver's code, so that a mistake there can't hide behind the same mistake here.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import {
  type ArchiveObject,
  type ArchiveSum,
  archiveKeys,
  type Column,
  type ColumnType,
  type Exception,
  type ListObject,
  type Manifest,
  rawColumns,
  transactionColumns,
} from "../../config/archive.ts";
import type { PaymentEventType } from "../../config/events.ts";

export interface FixtureFact {
  readonly eventId: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly receivedAt: string;
  readonly type?: PaymentEventType;
  /** Exact, in minor units; null for none. */
  readonly amountMinor?: bigint | null;
  readonly currency?: string | null;
  readonly sameFactAs?: string;
  readonly decision?: string;
  readonly body?: string | Uint8Array;
  readonly encoding?: "identity" | "zstd";
  /** What the rows say instead, to be caught. */
  readonly wrong?: Readonly<Record<string, unknown>>;
  readonly wrongRaw?: Readonly<Record<string, unknown>>;
  /** How many raw rows it has; 1 as it should be. */
  readonly rawRows?: number;
}

export interface Signer {
  readonly arn: string;
  readonly publicKeySha256: string;
  readonly pem: string;
  sign(bytes: Uint8Array): Uint8Array;
}

export function createSigner(name = "one", account = "000000000000"): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    arn: `arn:aws:kms:us-east-1:${account}:key/${name}`,
    publicKeySha256: hashOf(publicKey.export({ type: "spki", format: "der" })),
    pem: pemOf(publicKey),
    sign: (bytes) => sign("sha256", bytes, privateKey),
  };
}

/** The text of a trust file. */
export function trustFileOf(...signers: readonly Signer[]): string {
  const keys = signers.map(({ arn, publicKeySha256, pem }) => ({
    publicKeySha256,
    pem,
    arn,
    exportedAt: "2026-11-01T00:00:00.000Z",
  }));
  return JSON.stringify({ keys });
}

/** Object key → bytes. Tests tamper with it as they like. */
export type Files = Map<string, Uint8Array>;

export interface ArchiveFixture {
  readonly files: Files;
  readonly signer: Signer;
  /** Seals a day: one transactions and one raw object per hour. Returns the manifest's key. */
  sealDay(day: string, facts: readonly FixtureFact[], traits?: Partial<Manifest>): string;
  /** Seals late facts and late decisions of a sealed day. */
  sealAddendum(day: string, late: LateRows, traits?: Partial<Manifest>): string;
  /** Changes a manifest and leaves its signature as it is. */
  edit(manifestKey: string, change: (manifest: Manifest) => Manifest): void;
  /** Signs a manifest as it is now. */
  resign(manifestKey: string, signer?: Signer): void;
  manifest(manifestKey: string): Manifest;
}

export interface LateRows {
  readonly facts?: readonly FixtureFact[];
  /** The facts as they are decided now. */
  readonly decisions?: readonly FixtureFact[];
}

export function createArchive(signer: Signer = createSigner(), environment = "dev"): ArchiveFixture {
  const files: Files = new Map();
  let head: { readonly key: string; readonly sequence: number } | undefined;
  let newestDay = "";

  function put(key: string, manifest: Manifest, by: Signer = signer): void {
    const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    files.set(key, bytes);
    files.set(archiveKeys.signature(key), by.sign(bytes));
  }

  function seal(day: string, late: LateRows, kind: Manifest["kind"], traits: Partial<Manifest>): string {
    const sequence = (head?.sequence ?? 0) + 1;
    const addendum = kind === "addendum" ? sequence : undefined;
    const { facts = [], decisions = [] } = late;
    const sealed = { facts, decisions };
    const received = [...facts, ...decisions].map(({ receivedAt }) => receivedAt).sort();
    const key = archiveKeys.manifest(day, addendum);
    // Addenda are sealed in the run of the day that was sealed last.
    if (day > newestDay) newestDay = day;
    put(key, {
      version: 1,
      kind,
      day,
      sequence,
      ...(head && { previous: { key: head.key, sha256: hashOf(files.get(head.key) ?? "") } }),
      sealedAt: new Date(Date.parse(newestDay) + 2 * 86_400_000 + 3 * 3_600_000 + sequence * 1000).toISOString(),
      environment,
      signingKey: { arn: signer.arn, publicKeySha256: signer.publicKeySha256 },
      objects: writeObjects(files, day, sealed, addendum),
      facts: facts.length,
      lateDecisions: decisions.length,
      sums: sumsOf(facts),
      ...timesOf(received),
      undecided: facts.filter(({ decision, sameFactAs }) => (decision ?? sameFactAs) === undefined).length,
      missingBodies: facts.filter((fact) => rawRow(fact).body === null).length,
      exceptions: [],
      waiting: [{ queue: "webhook-events", messages: 0 }],
      abandoned: [],
      ...traits,
    });
    head = { key, sequence };
    return key;
  }

  const manifest = (key: string) => JSON.parse(Buffer.from(files.get(key) ?? "").toString()) as Manifest;
  return {
    files,
    signer,
    manifest,
    sealDay: (day, facts, traits = {}) => seal(day, { facts }, "day", traits),
    sealAddendum: (day, late, traits = {}) => seal(day, late, "addendum", traits),
    edit(key, change) {
      files.set(key, Buffer.from(`${JSON.stringify(change(manifest(key)), null, 2)}\n`));
    },
    resign(key, by = signer) {
      files.set(archiveKeys.signature(key), by.sign(files.get(key) ?? Buffer.alloc(0)));
    },
  };
}

function writeObjects(
  files: Files,
  day: string,
  { facts, decisions }: Required<LateRows>,
  addendum: number | undefined,
): ArchiveObject[] {
  const objects: ArchiveObject[] = [];
  const hourOf = ({ receivedAt }: FixtureFact) => receivedAt.slice(11, 13);
  for (const hour of [...new Set([...facts, ...decisions].map(hourOf))].sort()) {
    const ofHour = facts.filter((fact) => hourOf(fact) === hour);
    const decided = decisions.filter((fact) => hourOf(fact) === hour);
    const key = archiveKeys.transactions(day, hour, 0, addendum);
    const rows = [
      ...ofHour.map((fact) => transactionRow("fact", fact)),
      ...decided.map((fact) => transactionRow("decision", fact)),
    ];
    const received = [...ofHour, ...decided].map(({ receivedAt }) => receivedAt).sort();
    objects.push({ ...putObject(files, key, "transactions", rows), ...timesOf(received) });
    const rawRows = ofHour.flatMap((fact) => Array.from({ length: fact.rawRows ?? 1 }, () => rawRow(fact)));
    if (rawRows.length > 0) {
      objects.push(putObject(files, archiveKeys.raw(day, hour, 0, addendum), "raw", rawRows));
    }
  }
  return objects;
}

/** Writes an object and says what a manifest would of it. */
export function putObject(
  files: Files,
  key: string,
  kind: "transactions" | "raw",
  rows: readonly Readonly<Record<string, unknown>>[],
): ArchiveObject {
  const bytes = parquet(kind === "raw" ? rawColumns : transactionColumns, rows);
  files.set(key, bytes);
  return { key, kind, sha256: hashOf(bytes), sizeBytes: bytes.length, rows: rows.length };
}

/** Writes exceptions as a list of their own and says what a manifest would of it. */
export function putList(files: Files, exceptions: readonly Exception[]): ListObject {
  const bytes = gzipSync(exceptions.map((exception) => `${JSON.stringify(exception)}\n`).join(""));
  const sha256 = hashOf(bytes);
  const key = archiveKeys.list(sha256);
  files.set(key, bytes);
  return { key, sha256, sizeBytes: bytes.length, entries: exceptions.length };
}

const physical: Readonly<Record<ColumnType, Omit<SchemaElement, "name">>> = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  integer: { type: "INT64" },
  decimal: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, converted_type: "DECIMAL", precision: 38, scale: 0 },
  "timestamp-ms": { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
  bytes: { type: "BYTE_ARRAY" },
  score: { type: "DOUBLE" },
};

/** A Parquet file of rows. */
export function parquet(
  columns: Readonly<Record<string, Column>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): Uint8Array {
  const fields = Object.entries(columns).map(([name, { type }]) => ({
    name,
    // Optional all of them, so that a test can leave out what mustn't be.
    repetition_type: "OPTIONAL" as const,
    ...physical[type],
  }));
  const columnData = Object.keys(columns).map((name) => ({ name, data: rows.map((row) => row[name] ?? null) }));
  return new Uint8Array(
    parquetWriteBuffer({ columnData, schema: [{ name: "root", num_children: fields.length }, ...fields] }),
  );
}

export function transactionRow(entry: "fact" | "decision", fact: FixtureFact): Readonly<Record<string, unknown>> {
  const { eventId, receivedAt, type = "payment.succeeded", amountMinor, currency, sameFactAs, decision, wrong } = fact;
  const [provider = "", id = ""] = eventId.split(":");
  return {
    entry,
    event_id: eventId,
    transaction_id: `${provider}:pi_${id}`,
    provider,
    type,
    provider_type: type,
    amount_minor: amountMinor === undefined ? 1250n : amountMinor,
    currency: currency === undefined ? "EUR" : currency,
    tier: "low",
    same_fact_as: sameFactAs,
    decision,
    ...(decision === undefined ? {} : { score: 0.25, decided_by: "fraud-detector", decided_at: msOf(receivedAt) }),
    occurred_at: msOf(receivedAt) - 1000n,
    received_at: msOf(receivedAt),
    correlation_id: `correlation-${id}`,
    source: "webhook",
    raw_sha256: hashOf(bodyOf(fact)),
    ...wrong,
  };
}

export function rawRow(fact: FixtureFact): Readonly<Record<string, unknown>> {
  const body = bodyOf(fact);
  const encoding = fact.encoding ?? "zstd";
  return {
    event_id: fact.eventId,
    received_at: msOf(fact.receivedAt),
    headers: JSON.stringify({ "stripe-signature": `t=1,v1=${fact.eventId}` }),
    encoding,
    body: encoding === "zstd" ? new Uint8Array(zstdCompressSync(body)) : body,
    size_bytes: BigInt(body.length),
    sha256: hashOf(body),
    ...fact.wrongRaw,
  };
}

function bodyOf({ body, eventId }: FixtureFact): Uint8Array {
  return new Uint8Array(Buffer.from(body ?? `{"id":"${eventId}","object":"event","live":true,"data":{}}`));
}

function sumsOf(facts: readonly FixtureFact[]): ArchiveSum[] {
  const sums = new Map<string, ArchiveSum>();
  for (const { eventId, type = "payment.succeeded", amountMinor = 1250n, currency = "EUR", sameFactAs } of facts) {
    if (amountMinor === null || currency === null || sameFactAs !== undefined) continue;
    const [provider = ""] = eventId.split(":");
    const group = `${currency} ${type} ${provider}`;
    const { rows, amountMinor: before } = sums.get(group) ?? { rows: 0, amountMinor: "0" };
    sums.set(group, { currency, type, provider, rows: rows + 1, amountMinor: String(BigInt(before) + amountMinor) });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function timesOf(received: readonly string[]) {
  const [first] = received;
  const last = received.at(-1);
  return first === undefined || last === undefined ? {} : { firstReceivedAt: first, lastReceivedAt: last };
}

function msOf(iso: string): bigint {
  return BigInt(Date.parse(iso));
}

export function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }).toString();
}

/** Writes an archive as `aws s3 sync` would have downloaded it. */
export function writeArchive(files: Files, folder: string): void {
  for (const [key, bytes] of files) {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}
