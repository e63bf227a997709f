import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { FraudScore } from "../../../config/events.ts";
import type { FraudCounterStore, FraudRecords, ScoreCommit, StoredHistory } from "../domain/fraud-counters.ts";
import { PermanentError, RetryableError } from "../domain/retryable-error.ts";
import { emptyHistory, type SubjectHistory } from "../domain/subject-history.ts";
import { inDomainTerms } from "./errors.ts";

type Item = Record<string, AttributeValue>;

/**
 * The table `fraud-counters`, key `counterKey`: an item per subject, and a marker `scored#<eventId>` with the score of
 * each event. Optimistic concurrency: a subject's item has a version that every write expects and raises.
 */
export function createFraudCounterStore(client: DynamoDBClient, tableName: string): FraudCounterStore {
  return {
    async read(eventId, subjectKeys, nowMs) {
      const keys = [markerKey(eventId), ...subjectKeys];
      const command = new BatchGetItemCommand({
        RequestItems: {
          [tableName]: { ConsistentRead: true, Keys: keys.map((counterKey) => ({ counterKey: { S: counterKey } })) },
        },
      });
      const output = await inDomainTerms("Reading fraud counters", client.send(command));
      if (Object.keys(output.UnprocessedKeys ?? {}).length > 0) {
        throw new RetryableError("UnprocessedKeys", "Not all fraud counters could be read for now");
      }
      const items = new Map((output.Responses?.[tableName] ?? []).map((item) => [item.counterKey?.S, item]));
      return recordsFrom(items, eventId, subjectKeys, nowMs);
    },

    async commit(commit) {
      const command = new TransactWriteItemsCommand({ TransactItems: writesOf(commit, tableName) });
      try {
        await inDomainTerms("Writing fraud counters", client.send(command));
        return "committed";
      } catch (error) {
        if (error instanceof TransactionCanceledException) return outcomeOfCancellation(error);
        throw error;
      }
    },
  };
}

function markerKey(eventId: string): string {
  return `scored#${eventId}`;
}

/** Lost conditions and conflicts mean that somebody else was faster; other reasons are faults like any call's. */
function outcomeOfCancellation(error: TransactionCanceledException): "changed" {
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  if (codes.includes("ValidationError")) {
    throw new PermanentError("ValidationError", "The fraud counters refused the write as invalid", { cause: error });
  }
  if (codes.includes("ConditionalCheckFailed") || codes.includes("TransactionConflict")) return "changed";
  throw new RetryableError("TransactionCanceled", "The fraud counters could not be written for now", { cause: error });
}

function writesOf({ score, histories, scoreExpiresAt, historyExpiresAt }: ScoreCommit, tableName: string) {
  const marker: TransactWriteItem = {
    Put: {
      TableName: tableName,
      Item: marshall({ counterKey: markerKey(score.eventId), score: JSON.stringify(score), ttl: scoreExpiresAt }),
      ConditionExpression: "attribute_not_exists(counterKey)",
    },
  };
  const updates = histories.map(
    ({ subjectKey, from, history }): TransactWriteItem => ({
      Update: {
        TableName: tableName,
        Key: { counterKey: { S: subjectKey } },
        UpdateExpression:
          "SET version = :next, payments = :payments, amounts = :amounts, currencies = :currencies, slots = :slots, #ttl = :ttl",
        ConditionExpression: from === 0 ? "attribute_not_exists(counterKey)" : "version = :from",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ...marshall({ ":next": from + 1, ...valuesOf(history), ":ttl": historyExpiresAt }),
          ...(from !== 0 && { ":from": { N: String(from) } }),
        },
      },
    }),
  );
  return [marker, ...updates];
}

function valuesOf({ payments, amounts, currencies, slots }: SubjectHistory) {
  return { ":payments": payments, ":amounts": amounts, ":currencies": currencies, ":slots": slots };
}

function recordsFrom(
  items: ReadonlyMap<string | undefined, Item>,
  eventId: string,
  subjectKeys: readonly string[],
  nowMs: number,
): FraudRecords {
  const score = items.get(markerKey(eventId))?.score?.S;
  const histories = new Map(subjectKeys.map((key) => [key, historyFrom(items.get(key), nowMs)]));
  // Written by `commit` alone, so its shape is known.
  return score === undefined ? { histories } : { score: JSON.parse(score) as FraudScore, histories };
}

function historyFrom(item: Item | undefined, nowMs: number): StoredHistory {
  if (item === undefined) return { version: 0, history: emptyHistory };
  const version = Number(item.version?.N);
  const isExpired = Number(item.ttl?.N) <= Math.floor(nowMs / 1000);
  return { version, history: isExpired ? emptyHistory : parsedHistory(item) };
}

/** The sums of cents outgrow 2^53, so every number is read as a bigint first. */
function parsedHistory(item: Item): SubjectHistory {
  const { payments, amounts, currencies, slots } = unmarshall(item, { wrapNumbers: BigInt }) as StoredNumbers;
  return {
    payments: Number(payments),
    amounts: { ...amounts, count: Number(amounts.count) },
    currencies: asNumbers(currencies),
    slots: { "1h": asNumbers(slots["1h"]), "24h": asNumbers(slots["24h"]) },
  };
}

interface StoredNumbers {
  readonly payments: bigint;
  readonly amounts: { readonly count: bigint; readonly sumCents: bigint; readonly sumSquaresCents: bigint };
  readonly currencies: Readonly<Record<string, bigint>>;
  readonly slots: Readonly<Record<"1h" | "24h", Readonly<Record<string, bigint>>>>;
}

function asNumbers(counts: Readonly<Record<string, bigint>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)]));
}
