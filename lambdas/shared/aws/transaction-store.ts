import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type DecisionEntry, entryKeys, type Fact, type RawEntry, type TransactionStore } from "../domain/ledger.ts";
import { inDomainTerms } from "./errors.ts";

type Item = Record<string, AttributeValue>;

/** Entries of the ledger in the table `transactions`: keys `transactionId` and `entry`, create-only. */
export function createTransactionStore(client: DynamoDBClient, tableName: string): TransactionStore {
  /** Undefined when the item was created, else the item that is there already. */
  async function create(item: Item): Promise<Item | undefined> {
    const command = new PutItemCommand({
      ...creation(item, tableName),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    try {
      await inDomainTerms("Recording an entry", client.send(command));
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
      throw error;
    }
  }

  return {
    async recordVersion(marker) {
      const entry = entryKeys.version(marker.providerType, marker.objectVersion);
      const { transactionId, eventId } = marker;
      const existing = await create(marshall({ transactionId, entry, kind: "version", eventId }));
      if (existing === undefined) return eventId;
      const holder = existing.eventId?.S;
      if (holder === undefined) throw new Error("A version marker names no event");
      return holder;
    },
    async recordFact(fact) {
      await create(factItem(fact));
    },
    async recordRaw(entry) {
      await create(rawItem(entry));
    },
    async recordDecision(entry) {
      await create(decisionItem(entry));
    },
  };
}

/** A decision as a write of the transaction that it belongs to: fails if the ledger has one of the event already. */
export function decisionCreation(decision: DecisionEntry, tableName: string) {
  return creation(decisionItem(decision), tableName);
}

function creation(item: Item, tableName: string) {
  return { TableName: tableName, Item: item, ConditionExpression: "attribute_not_exists(entry)" };
}

function factItem({ event, ...traits }: Fact): Item {
  const { amountMinor, ...fields } = event;
  const item = marshall(
    { ...fields, ...traits, entry: entryKeys.fact(event.occurredAt, event.eventId), kind: "fact" },
    { removeUndefinedValues: true },
  );
  // A number attribute keeps all 38 digits of the text; a JavaScript number in between would not.
  return amountMinor === undefined ? item : { ...item, amountMinor: { N: amountMinor } };
}

function rawItem({ raw, eventId, transactionId, occurredAt, receivedAt }: RawEntry): Item {
  const { headers, sizeBytes, sha256, body } = raw;
  const place =
    body.kind === "inline"
      ? { encoding: body.encoding, body: Buffer.from(body.base64, "base64") }
      : { encoding: body.encoding, bucket: body.bucket, key: body.key };
  return marshall({
    transactionId,
    entry: entryKeys.raw(occurredAt, eventId),
    kind: "raw",
    eventId,
    receivedAt,
    headers,
    sizeBytes,
    sha256,
    ...place,
  });
}

function decisionItem({ transactionId, occurredAt, tier, score, decision, decidedAt, decidedBy }: DecisionEntry): Item {
  const { eventId, modelVersion, reasons } = score;
  return marshall({
    transactionId,
    entry: entryKeys.decision(occurredAt, eventId),
    kind: "decision",
    eventId,
    decision,
    score: score.score,
    reasons: JSON.stringify(reasons),
    modelVersion,
    decidedAt,
    decidedBy,
    tier,
  });
}
