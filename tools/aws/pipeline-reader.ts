/** Reads the pipeline's tables, consistently where that is possible and always to the last page. */
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { indexes, type Names } from "../../config/names.ts";
import { archivePartitionOf } from "../../lambdas/shared/domain/archive-partition.ts";
import { entryKeys } from "../../lambdas/shared/domain/ledger.ts";
import {
  type ClaimRecord,
  canBeKey,
  type DecisionRecord,
  type EntryRecord,
  type ReviewRecord,
  readClaim,
  readEntry,
  readReview,
  reviewKey,
} from "./records.ts";
import { createUndecidedEvents, type UndecidedEvent } from "./undecided-events.ts";

export interface PipelineReader {
  /** Oldest first. The index lags behind the table by a moment. */
  openReviews(): Promise<readonly ReviewRecord[]>;
  review(eventId: string): Promise<ReviewRecord | undefined>;
  /** `key` is an event id (the deduplication's claim) or `workflow#<eventId>`. */
  claim(key: string): Promise<ClaimRecord | undefined>;
  decision(transactionId: string, eventId: string): Promise<DecisionRecord | undefined>;
  /** Transaction of an event, found by the event's place in the archive; undefined before it is recorded. */
  transactionIdOf(eventId: string, claim: ClaimRecord): Promise<string | undefined>;
  entries(transactionId: string): Promise<readonly EntryRecord[]>;
  /** The event as sweeps have found it, undecided; undefined where none has. */
  undecided(eventId: string): Promise<UndecidedEvent | undefined>;
}

type Item = Record<string, AttributeValue>;

export function createPipelineReader(dynamoDb: DynamoDBClient, names: Names): PipelineReader {
  const { tables } = names;

  async function processed(key: string): Promise<Item | undefined> {
    if (!canBeKey(key)) return undefined;
    const command = new GetItemCommand({
      TableName: tables.processedWebhooks,
      Key: { eventId: { S: key } },
      ConsistentRead: true,
    });
    return (await dynamoDb.send(command)).Item;
  }

  async function query(input: QueryCommandInput): Promise<readonly Item[]> {
    const items: Item[] = [];
    for await (const page of paginateQuery({ client: dynamoDb }, input)) items.push(...(page.Items ?? []));
    return items;
  }

  /** Entries of one transaction whose sort key begins so, without bodies and headers: nobody here may print them. */
  async function entries(transactionId: string, prefix: string): Promise<readonly EntryRecord[]> {
    const attributes =
      `kind eventId transactionId provider type providerType amountMinor currency routingAmountUsd fxDate amountProblem
      customerId occurredAt receivedAt correlationId source tier archivePartition sameFactAs sizeBytes sha256 encoding
      bucket key decision score reasons modelVersion decidedAt decidedBy why`.split(/\s+/);
    const items = await query({
      TableName: tables.transactions,
      KeyConditionExpression: `transactionId = :id${prefix === "" ? "" : " AND begins_with(entry, :prefix)"}`,
      ExpressionAttributeValues: {
        ":id": { S: transactionId },
        ...(prefix === "" ? {} : { ":prefix": { S: prefix } }),
      },
      ProjectionExpression: attributes.map((name) => `#${name}`).join(", "),
      ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
      ConsistentRead: true,
    });
    return items.map(readEntry);
  }

  return {
    async openReviews() {
      const items = await query({
        TableName: tables.processedWebhooks,
        IndexName: indexes.openReviews,
        KeyConditionExpression: "reviewStatus = :open",
        ExpressionAttributeValues: { ":open": { S: "OPEN" } },
      });
      return items.map(readReview);
    },
    async review(eventId) {
      const item = await processed(reviewKey(eventId));
      return item === undefined ? undefined : readReview(item);
    },
    async claim(key) {
      const item = await processed(key);
      return item === undefined ? undefined : readClaim(item);
    },
    async decision(transactionId, eventId) {
      const decisions = await entries(transactionId, "decision#");
      return decisions.flatMap((one) => (one.kind === "decision" && one.eventId === eventId ? [one] : []))[0];
    },
    async transactionIdOf(eventId, { firstReceivedAt, firstOccurredAt }) {
      if (firstReceivedAt === undefined || firstOccurredAt === undefined) return undefined;
      const [place] = await query({
        TableName: tables.transactions,
        IndexName: indexes.archive,
        KeyConditionExpression: "archivePartition = :partition AND entry = :entry",
        ExpressionAttributeValues: {
          ":partition": { S: archivePartitionOf(eventId, firstReceivedAt) },
          ":entry": { S: entryKeys.fact(firstOccurredAt, eventId) },
        },
      });
      return place?.transactionId?.S;
    },
    entries: (transactionId) => entries(transactionId, ""),
    undecided: createUndecidedEvents(dynamoDb, names).find,
  };
}
