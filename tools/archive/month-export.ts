/** A month of the archive as rows and totals for finance, held against what its manifests sealed. */
import { type Column, transactionColumns } from "../../config/archive.ts";
import { majorUnits } from "../../lambdas/shared/report/amount.ts";
import { ArchiveError } from "./archive-error.ts";
import type { ArchiveDatabase } from "./database.ts";
import type { SealedManifest } from "./sealed-days.ts";

/** Kinds decide how a cell is written: amounts by their currency, integers plain. */
export interface ExportColumn {
  readonly title: string;
  readonly kind: "text" | "time" | "amount" | "integer" | "decimal";
  /** Letters that a column needs on a sheet. */
  readonly width: number;
}

/** A row: a value per column, null where there is nothing; amounts in major units, times in ISO 8601. */
export interface ExportRow {
  readonly values: readonly (string | null)[];
  /** What its amounts are in. */
  readonly currency: string | null;
}

/** Columns whose order people expect; the others follow. */
const first = ["received_at", "event_id", "transaction_id", "provider", "type", "amount", "currency", "decision"];

const kinds = {
  text: "text",
  "timestamp-ms": "time",
  decimal: "decimal",
  integer: "integer",
  score: "decimal",
  bytes: "text",
} as const;

/** The columns of `transactions`, with the amount in major units, without what is the same for each fact. */
export const exportColumns: readonly ExportColumn[] = (() => {
  const archived = Object.entries<Column>(transactionColumns).flatMap(([title, { type }]) =>
    title === "entry" ? [] : [{ title, kind: kinds[type], width: 20 }],
  );
  const all: readonly ExportColumn[] = [
    ...archived,
    { title: "amount", kind: "amount", width: 16 },
    { title: "dt", kind: "text", width: 12 },
    { title: "object", kind: "text", width: 40 },
  ];
  const leading = first.flatMap((title) => all.filter((column) => column.title === title));
  return [...leading, ...all.filter((column) => !leading.includes(column))];
})();

export interface Total {
  readonly currency: string | null;
  readonly type: string;
  /** Facts, without those that repeat another. */
  readonly rows: string;
  /** Exact; null where no fact has an amount. */
  readonly amountMinor: string | null;
}

/** Facts ordered by first receipt, then by id: the same archive gives the same file. */
export async function* exportRows(database: ArchiveDatabase): AsyncGenerator<ExportRow> {
  const selected = exportColumns.map(({ title, kind }) => {
    if (kind === "time") return `strftime(${title}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${title}`;
    return `CAST(${title === "amount" ? "amount_minor" : title} AS VARCHAR) AS ${title}`;
  });
  const { rows } = await database.query(
    `SELECT ${selected.join(", ")} FROM transactions AS one ORDER BY one.received_at, one.event_id, one.object`,
  );
  const currencyAt = exportColumns.findIndex(({ title }) => title === "currency");
  const amountAt = exportColumns.findIndex(({ kind }) => kind === "amount");
  for await (const chunk of rows()) {
    for (const row of chunk) {
      const values = row as (string | null)[];
      const currency = values[currencyAt] ?? null;
      const minor = values[amountAt] ?? null;
      yield {
        currency,
        values: values.with(
          amountAt,
          currency === null || minor === null ? null : (majorUnits(minor, currency) ?? null),
        ),
      };
    }
  }
}

/** Totals per currency and type; facts that repeat another under a second id are in none. */
export async function totalsOf(database: ArchiveDatabase): Promise<readonly Total[]> {
  const rows = await collect(
    database,
    `SELECT currency, type, CAST(count(*) AS VARCHAR), CAST(sum(amount_minor) AS VARCHAR)
     FROM transactions WHERE same_fact_as IS NULL GROUP BY currency, type ORDER BY currency NULLS LAST, type`,
  );
  return rows.map(([currency, type, count, amountMinor]) => ({
    currency: currency ?? null,
    type: type ?? "",
    rows: count ?? "0",
    amountMinor: amountMinor ?? null,
  }));
}

/** @throws ArchiveError "totals-differ" with the day, when the rows aren't what the manifests say */
export async function checkAgainstManifests(
  database: ArchiveDatabase,
  manifests: readonly SealedManifest[],
): Promise<void> {
  const counted = await collect(database, "SELECT dt, count(*) FROM transactions GROUP BY dt");
  const summed = await collect(
    database,
    `SELECT dt, currency, type, provider, CAST(sum(amount_minor) AS VARCHAR) FROM transactions
     WHERE same_fact_as IS NULL AND currency IS NOT NULL AND amount_minor IS NOT NULL GROUP BY dt, currency, type, provider`,
  );
  const found = new Map<string, bigint>();
  for (const [day, facts] of counted) add(found, `${day}: facts`, facts ?? "0");
  for (const [day, currency, type, provider, sum] of summed) {
    add(found, `${day}: ${currency} of ${type} by ${provider}`, sum ?? "0");
  }
  const sealed = new Map<string, bigint>();
  for (const { manifest } of manifests) {
    const { day, facts, sums } = manifest;
    add(sealed, `${day}: facts`, String(facts));
    for (const { currency, type, provider, amountMinor } of sums) {
      add(sealed, `${day}: ${currency} of ${type} by ${provider}`, amountMinor);
    }
  }
  for (const what of new Set([...found.keys(), ...sealed.keys()])) {
    const [is, should] = [found.get(what) ?? 0n, sealed.get(what) ?? 0n];
    if (is !== should) {
      const sums = `the objects have ${is}, and the manifests ${should}`;
      throw new ArchiveError("totals-differ", `${what}: ${sums}. Nothing was written. Audit that day.`);
    }
  }
}

function add(sums: Map<string, bigint>, key: string, amount: string): void {
  sums.set(key, (sums.get(key) ?? 0n) + BigInt(amount));
}

async function collect(database: ArchiveDatabase, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const all: (readonly (string | null)[])[] = [];
  const { rows } = await database.query(sql);
  for await (const chunk of rows()) all.push(...(chunk as (string | null)[][]));
  return all;
}
