/**
 * Takes what the tables say onto the workbench: all of it, since a record whose time was changed has another day than its
 * archived row.
 */
import type { Range } from "../range.ts";
import type { TablesReport } from "../report.ts";
import type { RowDatabase } from "../rows/database.ts";
import type { EnvironmentTables, Page } from "./tables.ts";

interface TakenTable {
  readonly scanned: number;
  /** First receipt of its oldest record, ISO 8601 UTC; absent where it is empty. */
  readonly since?: string;
}

export interface TakenTables {
  readonly processedWebhooks: TakenTable;
  readonly transactions: TakenTable;
}

export async function takeTables(
  tables: EnvironmentTables,
  database: RowDatabase,
  onPage: () => void,
): Promise<TakenTables> {
  const take = { database, onPage };
  const processedWebhooks = await taken(tables.claims(), ["claims"], take, (claim) => ({
    table: "claims",
    receivedAt: claim.firstReceivedAt,
    values: [claim.eventId, claim.status, claim.firstReceivedAt, claim.processingCompletedAt, claim.error],
  }));
  const transactions = await taken(tables.ledger(), ["ledger", "decided"], take, (item) => {
    if (item.kind === "decision") {
      return { table: "decided", values: [item.eventId, item.decision, item.decidedAt] };
    }
    const { eventId, transactionId, provider, type, amountMinor, currency, tier, sameFactAs, customerId } = item;
    const { receivedAt, isReleased } = item;
    const traits = [provider, type, amountMinor, currency, tier, sameFactAs, customerId];
    return { table: "ledger", receivedAt, values: [eventId, transactionId, ...traits, receivedAt, isReleased] };
  });
  return { processedWebhooks, transactions };
}

/** With the number of each table's records that are of a range's days. */
export async function countInRange(
  { processedWebhooks, transactions }: TakenTables,
  range: Range | undefined,
  database: RowDatabase,
): Promise<TablesReport> {
  async function compared(table: "claims" | "ledger"): Promise<number> {
    if (range === undefined) return 0;
    const sql = `SELECT CAST(count(*) AS DOUBLE) AS "count" FROM ${table} WHERE received_at[:10] BETWEEN $from AND $to`;
    const [counted] = await database.rows(sql, { from: range.from, to: range.to });
    return Number(counted?.count);
  }
  return {
    processedWebhooks: { ...processedWebhooks, compared: await compared("claims") },
    transactions: { ...transactions, compared: await compared("ledger") },
  };
}

interface TakenRow<Table> {
  readonly table: Table;
  /** Absent for a record without a first receipt of its own. */
  readonly receivedAt?: string;
  readonly values: readonly (string | boolean | undefined)[];
}

async function taken<T, Table extends string>(
  pages: AsyncIterable<Page<T>>,
  tables: readonly Table[],
  { database, onPage }: { readonly database: RowDatabase; onPage(): void },
  rowOf: (item: T) => TakenRow<Table>,
): Promise<TakenTable> {
  const appenders = new Map(
    await Promise.all(tables.map(async (table) => [table, await database.connection.createAppender(table)] as const)),
  );
  let scanned = 0;
  let since: string | undefined;
  for await (const page of pages) {
    scanned += page.scanned;
    onPage();
    for (const item of page.items) {
      const { table, receivedAt, values } = rowOf(item);
      if (receivedAt !== undefined && (since === undefined || receivedAt < since)) since = receivedAt;
      const appender = appenders.get(table);
      for (const value of values) {
        if (value === undefined) appender?.appendNull();
        else if (typeof value === "boolean") appender?.appendBoolean(value);
        else appender?.appendVarchar(value);
      }
      appender?.endRow();
    }
  }
  for (const appender of appenders.values()) appender.closeSync();
  return { scanned, ...(since === undefined ? {} : { since }) };
}
