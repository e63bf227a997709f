/** A small archive in a folder: two days and an addendum, as the functions lay it out, with signatures that are none. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type ArchiveObject,
  archiveKeys,
  type Column,
  type ColumnType,
  type Manifest,
  rawColumns,
  transactionColumns,
} from "../../../config/archive.ts";
import { type Files, putObject, writeArchive } from "../../support/archive-fixture.ts";

type Row<TColumns> = { readonly [Name in keyof TColumns]?: string | null };
export type TransactionRow = Row<typeof transactionColumns>;
export type RawRow = Row<typeof rawColumns>;

interface Sealed {
  readonly day: string;
  readonly hour?: string;
  readonly addendum?: number;
  readonly transactions?: readonly TransactionRow[];
  readonly raw?: readonly RawRow[];
  readonly manifest?: Partial<Manifest>;
}

export interface FixtureArchive {
  readonly directory: string;
  /** Seals rows of one hour as a day or an addendum of it. */
  seal(sealed: Sealed): Promise<Manifest>;
  remove(): void;
}

/** A fact, with what a test says of it. */
export function aFactRow(row: TransactionRow): TransactionRow {
  const id = row.event_id ?? "stripe:evt_1";
  return {
    entry: "fact",
    event_id: id,
    transaction_id: id.replace("evt", "pi"),
    provider: "stripe",
    type: "payment.succeeded",
    provider_type: "payment_intent.succeeded",
    amount_minor: "1234",
    currency: "EUR",
    tier: "low",
    decision: "APPROVE",
    score: "0.25",
    decided_by: "fraud-detector",
    decided_at: "2026-10-05 03:00:01.000",
    occurred_at: "2026-10-05 02:59:59.000",
    received_at: "2026-10-05 03:00:00.125",
    correlation_id: "correlation-1",
    source: "webhook",
    ...row,
  };
}

export function createFixtureArchive(): FixtureArchive {
  const directory = mkdtempSync(join(tmpdir(), "archive-fixture-"));
  let sequence = 0;
  return {
    directory,
    async seal({ day, hour = "03", addendum, transactions = [], raw = [], manifest: told }) {
      sequence += 1;
      const objects: ArchiveObject[] = [];
      const facts = transactions.filter(({ entry }) => entry === "fact");
      if (transactions.length > 0) {
        const key = archiveKeys.transactions(day, hour, 0, addendum);
        objects.push(writeObject(directory, { key, kind: "transactions", rows: transactions }));
      }
      if (raw.length > 0) {
        const key = archiveKeys.raw(day, hour, 0, addendum);
        objects.push(writeObject(directory, { key, kind: "raw", rows: raw }));
      }
      const manifest: Manifest = {
        version: 1,
        kind: addendum === undefined ? "day" : "addendum",
        day,
        sequence,
        sealedAt: `${day}T23:59:59.000Z`,
        environment: "dev",
        signingKey: { arn: "arn:aws:kms:us-east-1:000000000000:key/1", publicKeySha256: "0".repeat(64) },
        objects,
        facts: facts.length,
        lateDecisions: transactions.length - facts.length,
        sums: sumsOf(facts),
        undecided: 0,
        missingBodies: 0,
        exceptions: [],
        waiting: [],
        abandoned: [],
        ...told,
      };
      const key = archiveKeys.manifest(day, addendum);
      put(directory, key, JSON.stringify(manifest));
      put(directory, archiveKeys.signature(key), "no signature");
      return manifest;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function sumsOf(facts: readonly TransactionRow[]): Manifest["sums"] {
  const sums = new Map<string, Manifest["sums"][number]>();
  for (const { currency, type, provider, amount_minor: amount, same_fact_as: repeated } of facts) {
    if (!currency || !amount || repeated) continue;
    const key = `${currency} ${type} ${provider}`;
    const { rows, amountMinor } = sums.get(key) ?? { rows: 0, amountMinor: "0" };
    sums.set(key, {
      currency,
      type: type as Manifest["sums"][number]["type"],
      provider: provider ?? "",
      rows: rows + 1,
      amountMinor: String(BigInt(amountMinor) + BigInt(amount)),
    });
  }
  return [...sums.values()];
}

interface ObjectRows {
  readonly key: string;
  readonly kind: ArchiveObject["kind"];
  readonly rows: readonly (TransactionRow | RawRow)[];
}

function writeObject(directory: string, { key, kind, rows }: ObjectRows): ArchiveObject {
  const columns = Object.entries<Column>(kind === "raw" ? rawColumns : transactionColumns);
  const files: Files = new Map();
  const object = putObject(
    files,
    key,
    kind,
    rows.map((row) => {
      const cells = row as Readonly<Record<string, string | null | undefined>>;
      return Object.fromEntries(columns.map(([name, { type }]) => [name, parquetValue(type, cells[name] ?? null)]));
    }),
  );
  writeArchive(files, directory);
  return object;
}

/** What Parquet holds for the text of a cell; bodies are told in base64. */
function parquetValue(type: ColumnType, text: string | null): unknown {
  if (text === null) return null;
  if (type === "integer" || type === "decimal") return BigInt(text);
  if (type === "timestamp-ms") return BigInt(Date.parse(`${text.replace(" ", "T")}Z`));
  if (type === "bytes") return new Uint8Array(Buffer.from(text, "base64"));
  return type === "score" ? Number(text) : text;
}

function put(directory: string, key: string, content: string): void {
  mkdirSync(dirname(join(directory, key)), { recursive: true });
  writeFileSync(join(directory, key), content);
}
