/** One event as it was archived: its rows, the exact bytes that the provider sent, and where they lie. */
import { zstdDecompressSync } from "node:zlib";
import * as v from "valibot";
import { type ArchiveObject, transactionColumns } from "../../config/archive.ts";
import { limits } from "../../config/limits.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import { ArchiveError } from "./archive-error.ts";
import { openDatabase, type QueryResult } from "./database.ts";
import type { ArchiveFiles } from "./files.ts";
import type { SealedManifest } from "./sealed-days.ts";
import type { ArchiveSource } from "./source.ts";

/** A row of `rows`: columns by name, as text; null where there is nothing. */
export type ArchivedRow = Readonly<Record<string, string | null>>;

export interface ArchivedRows {
  /** Absent where only a decision that came later is in the days that were looked at. */
  readonly fact: ArchivedRow | undefined;
  readonly lateDecisions: readonly ArchivedRow[];
}

/** Where a row lies: its object and the manifest that seals it. */
export interface RowPlace {
  readonly object: ArchiveObject;
  readonly sealedBy: SealedManifest;
}

const rawRow = v.object({
  object: v.string(),
  received_at: v.string(),
  headers: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())),
  encoding: v.picklist(["identity", "zstd"]),
  body: v.nullable(v.pipe(v.string(), v.base64())),
  size_bytes: v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number)),
  sha256: v.string(),
});

/** What the provider sent. */
export interface ArchivedRaw {
  /** Key of the object that it lies in. */
  readonly object: string;
  /** When these bytes came in; ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded: the bytes that the signature is of; empty where they were gone before the seal. */
  readonly body: Uint8Array;
  readonly sha256: string;
  /** How the bytes differ from what the rows say of them; empty when they don't. */
  readonly problems: readonly string[];
}

/** @throws ArchiveError "unknown-event" */
export async function archivedRows(files: ArchiveFiles, eventId: string): Promise<ArchivedRows> {
  using database = await openDatabase(files);
  const columns = Object.entries(transactionColumns).map(([name, { type }]) =>
    type === "timestamp-ms"
      ? `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${name}`
      : `CAST(${name} AS VARCHAR) AS ${name}`,
  );
  const sql = `SELECT ${columns.join(", ")}, dt, hour, object FROM rows WHERE event_id = $1 ORDER BY rows.decided_at`;
  const rows = await textRows(await database.query(sql, [eventId]));
  if (rows.length === 0) {
    throw new ArchiveError("unknown-event", "No sealed object of these days has this event.");
  }
  return {
    fact: rows.find(({ entry }) => entry === "fact"),
    lateDecisions: rows.filter(({ entry }) => entry !== "fact"),
  };
}

/** @throws ArchiveError "damaged" when no manifest names the row's object, which a row of `rows` can't bring about */
export function placeOfRow({ object: key }: ArchivedRow, manifests: readonly SealedManifest[]): RowPlace {
  for (const sealedBy of manifests) {
    const object = sealedBy.manifest.objects.find((one) => one.key === key);
    if (object !== undefined) return { object, sealedBy };
  }
  throw new ArchiveError("damaged", `No manifest names ${key}.`);
}

/**
 * The bytes behind a fact. Looks only at the raw objects of the same hour and the same seal.
 *
 * @returns undefined where the archive has none, as for an event that its provider never sent
 * @throws ArchiveError "damaged" when the row can't be read
 */
export async function archivedRaw(
  source: ArchiveSource,
  fact: ArchivedRow,
  { sealedBy }: RowPlace,
): Promise<ArchivedRaw | undefined> {
  const { hour, event_id: eventId, raw_sha256: expected } = fact;
  const objects = sealedBy.manifest.objects.filter(({ kind, key }) => kind === "raw" && key.includes(`/hour=${hour}/`));
  const raw = await source.files(objects, () => undefined);
  using database = await openDatabase({ root: source.root, transactions: [], raw });
  const sql = `SELECT object, strftime(received_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS received_at, headers, encoding,
    to_base64(body) AS body, CAST(size_bytes AS VARCHAR) AS size_bytes, sha256 FROM raw WHERE event_id = $1`;
  const [row] = await textRows(await database.query(sql, [eventId ?? ""]));
  if (row === undefined) return undefined;
  const read = v.safeParse(rawRow, row);
  if (!read.success) {
    const [first] = read.issues;
    throw damaged(row.object, `its row of ${eventId}: ${v.getDotPath(first)}: ${first.message}`);
  }
  const { object, received_at: receivedAt, headers, sha256 } = read.output;
  const body = decoded(read.output);
  return {
    object,
    receivedAt,
    headers,
    body,
    sha256,
    problems: [
      ...(read.output.body === null
        ? ["the body was gone before its day was sealed"]
        : bodyProblems(body, read.output)),
      ...(expected === sha256 ? [] : [`SHA-256 ${sha256} beside them, and ${expected} beside the fact`]),
    ],
  };
}

function bodyProblems(
  body: Uint8Array,
  { size_bytes: sizeBytes, sha256 }: v.InferOutput<typeof rawRow>,
): readonly string[] {
  return [
    ...(body.length === sizeBytes ? [] : [`${body.length} bytes, and ${sizeBytes} came in`]),
    ...(sha256Hex(body) === sha256 ? [] : [`SHA-256 ${sha256Hex(body)}, and ${sha256} came in`]),
  ];
}

function decoded({ encoding, body, object }: v.InferOutput<typeof rawRow>): Uint8Array {
  const bytes = Buffer.from(body ?? "", "base64");
  if (encoding === "identity" || body === null) return bytes;
  try {
    // No body was accepted above this, so nothing larger can come of it.
    return zstdDecompressSync(bytes, { maxOutputLength: limits.webhookBodyBytes });
  } catch (error) {
    throw damaged(object, "a body in it can't be decompressed", error);
  }
}

async function textRows({ columns, rows }: QueryResult): Promise<ArchivedRow[]> {
  const all: ArchivedRow[] = [];
  for await (const chunk of rows()) {
    for (const row of chunk) {
      all.push(Object.fromEntries(columns.map(({ name }, at) => [name, (row[at] ?? null) as string | null])));
    }
  }
  return all;
}

function damaged(object: string | null | undefined, what: string, cause?: unknown): ArchiveError {
  return new ArchiveError("damaged", `${object} isn't as the archive writes it: ${what}. Audit its day.`, { cause });
}
