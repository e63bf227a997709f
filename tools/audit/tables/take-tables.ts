/** Takes what the tables say of the audited days onto the workbench. */
import type { Range } from "../range.ts";
import type { TablesReport } from "../report.ts";
import type { RowDatabase } from "../rows/database.ts";
import type { EnvironmentTables, Page } from "./tables.ts";

export async function takeTables(
  tables: EnvironmentTables,
  range: Range,
  database: RowDatabase,
  onPage: () => void,
): Promise<TablesReport> {
  const claims = await taken(tables.claims(), "claims", range, database, onPage, (claim) => ({
    receivedAt: claim.firstReceivedAt,
    values: [claim.eventId, claim.status, claim.firstReceivedAt, claim.processingCompletedAt, claim.error],
  }));
  const facts = await taken(tables.facts(), "ledger", range, database, onPage, (fact) => ({
    receivedAt: fact.receivedAt,
    values: [
      fact.eventId,
      fact.transactionId,
      fact.type,
      fact.amountMinor,
      fact.currency,
      fact.receivedAt,
      fact.isReleased,
    ],
  }));
  return { processedWebhooks: claims, transactions: facts };
}

interface TakenRow {
  readonly receivedAt: string;
  readonly values: readonly (string | boolean | undefined)[];
}

async function taken<T>(
  pages: AsyncIterable<Page<T>>,
  table: "claims" | "ledger",
  range: Range,
  database: RowDatabase,
  onPage: () => void,
  rowOf: (item: T) => TakenRow,
): Promise<TablesReport["transactions"]> {
  const appender = await database.connection.createAppender(table);
  let scanned = 0;
  let compared = 0;
  let since: string | undefined;
  for await (const page of pages) {
    scanned += page.scanned;
    onPage();
    for (const item of page.items) {
      const { receivedAt, values } = rowOf(item);
      if (since === undefined || receivedAt < since) since = receivedAt;
      const day = receivedAt.slice(0, "YYYY-MM-DD".length);
      if (day < range.from || day > range.to) continue;
      compared += 1;
      for (const value of values) {
        if (value === undefined) appender.appendNull();
        else if (typeof value === "boolean") appender.appendBoolean(value);
        else appender.appendVarchar(value);
      }
      appender.endRow();
    }
  }
  appender.closeSync();
  return { scanned, compared, ...(since === undefined ? {} : { since }) };
}
