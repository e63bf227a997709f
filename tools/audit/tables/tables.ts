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
  readonly kind: "fact";
  readonly eventId: string;
  readonly transactionId: string;
  readonly provider: string;
  readonly type: string;
  readonly amountMinor?: string;
  readonly currency?: string;
  readonly tier: string;
  readonly sameFactAs?: string;
  readonly customerId?: string;
  readonly receivedAt: string;
  /** It has left the index of what isn't archived yet, which only happens to what is sealed. */
  readonly isReleased: boolean;
}

/** A decision in `transactions`. */
export interface DecisionItem {
  readonly kind: "decision";
  readonly eventId: string;
  readonly decision: string;
  /** ISO 8601 UTC. */
  readonly decidedAt: string;
}

/** A page of a table: every item that was read counts, those with a meaning for the audit are handed on. */
export interface Page<T> {
  readonly scanned: number;
  readonly items: readonly T[];
}

export interface EnvironmentTables {
  claims(): AsyncIterable<Page<ClaimItem>>;
  /** Facts and decisions, in no particular order. */
  ledger(): AsyncIterable<Page<FactItem | DecisionItem>>;
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
    ledger: () => scan(tables.transactions, ledgerAttributes, readLedgerItem),
  };
}

const ledgerAttributes = [
  "kind",
  "eventId",
  "transactionId",
  "provider",
  "type",
  "amountMinor",
  "currency",
  "tier",
  "sameFactAs",
  "customerId",
  "receivedAt",
  "archivePartition",
  "decision",
  "decidedAt",
] as const;

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

/** Undefined for raw bytes and versions, which are beside their facts. */
function readLedgerItem(item: Item): FactItem | DecisionItem | undefined {
  if (item.kind?.S === "fact") return readFactItem(item);
  const { kind, eventId, decision, decidedAt } = item;
  if (kind?.S !== "decision" || eventId?.S === undefined || decision?.S === undefined) return undefined;
  return { kind: "decision", eventId: eventId.S, decision: decision.S, decidedAt: decidedAt?.S ?? "" };
}

function readFactItem(item: Item): FactItem | undefined {
  const { eventId, receivedAt, amountMinor, currency, sameFactAs, customerId } = item;
  if (eventId?.S === undefined || receivedAt?.S === undefined) return undefined;
  return {
    kind: "fact",
    eventId: eventId.S,
    transactionId: item.transactionId?.S ?? "",
    provider: item.provider?.S ?? "",
    type: item.type?.S ?? "",
    tier: item.tier?.S ?? "",
    ...(amountMinor?.N === undefined ? {} : { amountMinor: amountMinor.N }),
    ...(currency?.S === undefined ? {} : { currency: currency.S }),
    ...(sameFactAs?.S === undefined ? {} : { sameFactAs: sameFactAs.S }),
    ...(customerId?.S === undefined ? {} : { customerId: customerId.S }),
    receivedAt: receivedAt.S,
    isReleased: item.archivePartition === undefined,
  };
}
