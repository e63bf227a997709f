/** A small archive in a folder: two days and an addendum, as the functions lay it out, with signatures that are none. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import {
  type ArchiveObject,
  archiveKeys,
  type Column,
  type ColumnType,
  type Manifest,
  rawColumns,
  transactionColumns,
} from "../../../config/archive.ts";
import { sha256Hex } from "../../../lambdas/shared/domain/raw-webhook.ts";

type Row<TColumns> = { readonly [Name in keyof TColumns]?: string | null };
export type TransactionRow = Row<typeof transactionColumns>;
export type RawRow = Row<typeof rawColumns>;

const sqlTypes: Readonly<Record<ColumnType, string>> = {
  text: "VARCHAR",
  integer: "BIGINT",
  decimal: "DECIMAL(38,0)",
  "timestamp-ms": "TIMESTAMP_MS",
  bytes: "BLOB",
  score: "DOUBLE",
};

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
        objects.push(await writeObject(directory, { key, kind: "transactions", rows: transactions }));
      }
      if (raw.length > 0) {
        const key = archiveKeys.raw(day, hour, 0, addendum);
        objects.push(await writeObject(directory, { key, kind: "raw", rows: raw }));
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
        undecided: [],
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

async function writeObject(directory: string, { key, kind, rows }: ObjectRows): Promise<ArchiveObject> {
  const columns = Object.entries<Column>(kind === "raw" ? rawColumns : transactionColumns);
  const tuples = rows.map((row) => {
    const cells = columns.map(([name]) => (row as Readonly<Record<string, string | null | undefined>>)[name] ?? null);
    return `(${cells.map((cell) => (cell === null ? "NULL" : `'${cell.replaceAll("'", "''")}'`)).join(", ")})`;
  });
  const selected = columns.map(([name, { type }]) =>
    type === "bytes" ? `from_base64(${name}) AS ${name}` : `CAST(${name} AS ${sqlTypes[type]}) AS ${name}`,
  );
  const path = join(directory, key);
  mkdirSync(dirname(path), { recursive: true });
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const names = columns.map(([name]) => name).join(", ");
  await connection.run(
    `COPY (SELECT ${selected.join(", ")} FROM (VALUES ${tuples.join(", ")}) AS given(${names})) TO '${path}' (FORMAT parquet)`,
  );
  connection.closeSync();
  const bytes = readFileSync(path);
  return { key, kind, sha256: sha256Hex(bytes), sizeBytes: bytes.length, rows: rows.length };
}

function put(directory: string, key: string, content: string): void {
  mkdirSync(dirname(join(directory, key)), { recursive: true });
  writeFileSync(join(directory, key), content);
}
