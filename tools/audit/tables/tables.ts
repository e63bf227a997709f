/** The environment's two tables, read whole: gently, page by page, and never written. */
import { type AttributeValue, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Names } from "../../../config/names.ts";

/** A deduplication's record in `processed-webhooks`. */
export interface ClaimItem {
  readonly eventId: string;
  readonly status: string;
  /** ISO 8601 UTC, of the first receipt. */
  readonly firstReceivedAt: string;
  readonly processingCompletedAt?: string;
  readonly error?: string;
}

/** A fact in `transactions`. Amounts are decimal text. */
export interface FactItem {
  readonly eventId: string;
  readonly transactionId: string;
  readonly type: string;
  readonly amountMinor?: string;
  readonly currency?: string;
  readonly receivedAt: string;
  /** It has left the index of what isn't archived yet, which only happens to what is sealed. */
  readonly isReleased: boolean;
}

/** A page of a table: every item that was read counts, those with a meaning for the audit are handed on. */
export interface Page<T> {
  readonly scanned: number;
  readonly items: readonly T[];
}

export interface EnvironmentTables {
  claims(): AsyncIterable<Page<ClaimItem>>;
  facts(): AsyncIterable<Page<FactItem>>;
}

type Item = Record<string, AttributeValue>;

/** A third of what a single partition of a table serves, so that the pipeline never waits for an audit. */
const readUnitsPerSecond = 1_000;

/** @param sleep keeps the scans from crowding out the pipeline: they read no faster than a fixed rate */
export function environmentTables(
  dynamoDb: DynamoDBClient,
  { tables }: Pick<Names, "tables">,
  sleep: (milliseconds: number) => Promise<unknown>,
): EnvironmentTables {
  async function* scan<T>(
    TableName: string,
    attributes: readonly string[],
    read: (item: Item) => T | undefined,
  ): AsyncIterable<Page<T>> {
    const pages = paginateScan(
      { client: dynamoDb },
      {
        TableName,
        ProjectionExpression: attributes.map((name) => `#${name}`).join(", "),
        ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
        // What is compared is at least a day old: half the price of a consistent read buys the same answer.
        ConsistentRead: false,
        ReturnConsumedCapacity: "TOTAL",
      },
    );
    for await (const { Items = [], ScannedCount = 0, ConsumedCapacity } of pages) {
      yield { scanned: ScannedCount, items: Items.flatMap((item) => read(item) ?? []) };
      await sleep(((ConsumedCapacity?.CapacityUnits ?? 0) * 1000) / readUnitsPerSecond);
    }
  }

  return {
    claims: () =>
      scan(
        tables.processedWebhooks,
        ["eventId", "status", "firstReceivedAt", "processingCompletedAt", "error"],
        readClaimItem,
      ),
    facts: () =>
      scan(
        tables.transactions,
        ["kind", "eventId", "transactionId", "type", "amountMinor", "currency", "receivedAt", "archivePartition"],
        readFactItem,
      ),
  };
}

/** Undefined for the records of workflows and reviews, which have no first receipt of their own. */
function readClaimItem(item: Item): ClaimItem | undefined {
  const { eventId, status, firstReceivedAt, processingCompletedAt, error } = item;
  if (eventId?.S === undefined || status?.S === undefined || firstReceivedAt?.S === undefined) return undefined;
  return {
    eventId: eventId.S,
    status: status.S,
    firstReceivedAt: firstReceivedAt.S,
    ...(processingCompletedAt?.S === undefined ? {} : { processingCompletedAt: processingCompletedAt.S }),
    ...(error?.S === undefined ? {} : { error: error.S }),
  };
}

function readFactItem(item: Item): FactItem | undefined {
  const { kind, eventId, transactionId, type, amountMinor, currency, receivedAt, archivePartition } = item;
  if (kind?.S !== "fact" || eventId?.S === undefined || receivedAt?.S === undefined) return undefined;
  return {
    eventId: eventId.S,
    transactionId: transactionId?.S ?? "",
    type: type?.S ?? "",
    ...(amountMinor?.N === undefined ? {} : { amountMinor: amountMinor.N }),
    ...(currency?.S === undefined ? {} : { currency: currency.S }),
    receivedAt: receivedAt.S,
    isReleased: archivePartition === undefined,
  };
}
