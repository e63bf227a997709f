import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { FraudScore } from "../../../config/events.ts";
import type {
  CommitResult,
  FraudCounterStore,
  FraudKeys,
  FraudRecords,
  ScoreCommit,
  StoredHistory,
} from "../domain/fraud-counters.ts";
import { PermanentError, RetryableError } from "../domain/retryable-error.ts";
import { emptyHistory, type SubjectHistory } from "../domain/subject-history.ts";
import { inDomainTerms } from "./errors.ts";
import { historyAttributes, historyIn, numeric } from "./history-item.ts";
import { decisionCreation } from "./transaction-store.ts";

type Item = Record<string, AttributeValue>;

/** Names of the tables that a score is written to. */
export interface ScoreTables {
  readonly fraudCounters: string;
  /** The ledger, for the decision. */
  readonly transactions: string;
}

/**
 * The table `fraud-counters`, key `counterKey`: an item per subject, and a marker `scored#<eventId>` with the score of
 * each event. Optimistic concurrency: a subject's item has a version that every write expects and raises.
 */
export function createFraudCounterStore(client: DynamoDBClient, tables: ScoreTables): FraudCounterStore {
  return {
    async read(keys, nowMs) {
      const output = await inDomainTerms("Reading fraud counters", client.send(reading(keys, tables.fraudCounters)));
      if (Object.keys(output.UnprocessedKeys ?? {}).length > 0) {
        throw new RetryableError("UnprocessedKeys", "Not all fraud counters could be read for now");
      }
      const found = output.Responses?.[tables.fraudCounters] ?? [];
      return recordsFrom(new Map(found.map((item) => [item.counterKey?.S, item])), keys, nowMs);
    },

    async commit(commit) {
      const command = new TransactWriteItemsCommand({ TransactItems: writesOf(commit, tables) });
      try {
        await inDomainTerms("Writing a score", client.send(command));
        return "committed";
      } catch (error) {
        if (error instanceof TransactionCanceledException) return refusalOf(error, commit);
        throw error;
      }
    },
  };
}

function markerKey(eventId: string): string {
  return `scored#${eventId}`;
}

/** BatchGetItem refuses a key that is named twice. */
function reading({ eventIds, subjectKeys }: FraudKeys, tableName: string): BatchGetItemCommand {
  const keys = new Set([...eventIds.map(markerKey), ...subjectKeys]);
  const Keys = [...keys].map((counterKey) => ({ counterKey: { S: counterKey } }));
  return new BatchGetItemCommand({ RequestItems: { [tableName]: { ConsistentRead: true, Keys } } });
}

/** Decision, if there is one, marker and histories, in this order. */
function writesOf(commit: ScoreCommit, { fraudCounters, transactions }: ScoreTables): TransactWriteItem[] {
  const { score, histories, decision, scoreExpiresAt, historyExpiresAt } = commit;
  const marker = {
    TableName: fraudCounters,
    Item: {
      counterKey: { S: markerKey(score.eventId) },
      score: { S: JSON.stringify(score) },
      ttl: numeric(scoreExpiresAt),
    },
    ConditionExpression: "attribute_not_exists(counterKey)",
  };
  const updates = histories.map(({ subjectKey, from, history }) => ({
    TableName: fraudCounters,
    Key: { counterKey: { S: subjectKey } },
    ...historyUpdate(history, from, historyExpiresAt),
  }));
  return [
    ...(decision === undefined ? [] : [{ Put: decisionCreation(decision, transactions) }]),
    { Put: marker },
    ...updates.map((Update) => ({ Update })),
  ];
}

function historyUpdate(history: SubjectHistory, from: number, expiresAt: number) {
  const { payments, amounts, currencies, slots } = historyAttributes(history);
  return {
    UpdateExpression:
      "SET version = :next, payments = :payments, amounts = :amounts, currencies = :currencies, slots = :slots, #ttl = :ttl",
    ConditionExpression: from === 0 ? "attribute_not_exists(counterKey)" : "version = :from",
    ExpressionAttributeNames: { "#ttl": "ttl" },
    ExpressionAttributeValues: {
      ":next": numeric(from + 1),
      ":payments": payments,
      ":amounts": amounts,
      ":currencies": currencies,
      ":slots": slots,
      ":ttl": numeric(expiresAt),
      ...(from !== 0 && { ":from": numeric(from) }),
    },
  };
}

/**
 * Lost conditions and conflicts mean that somebody else was faster; other reasons are faults like any call's. The
 * decision's condition says most, since whoever wrote that had counted the event. Reasons come in the order of the
 * writes.
 */
function refusalOf(error: TransactionCanceledException, { decision }: ScoreCommit): Exclude<CommitResult, "committed"> {
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  if (codes.includes("ValidationError")) {
    throw new PermanentError("ValidationError", "The tables refused the score as invalid", { cause: error });
  }
  if (decision !== undefined && codes[0] === "ConditionalCheckFailed") return "decided";
  if (codes.includes("ConditionalCheckFailed") || codes.includes("TransactionConflict")) return "changed";
  throw new RetryableError("TransactionCanceled", "The score could not be written for now", { cause: error });
}

function recordsFrom(
  items: ReadonlyMap<string | undefined, Item>,
  { eventIds, subjectKeys }: FraudKeys,
  nowMs: number,
): FraudRecords {
  const scores = eventIds.flatMap((eventId): [string, FraudScore][] => {
    const text = items.get(markerKey(eventId))?.score?.S;
    // Written by `commit` alone, so its shape is known.
    return text === undefined ? [] : [[eventId, JSON.parse(text) as FraudScore]];
  });
  const histories = subjectKeys.map((key): [string, StoredHistory] => [key, storedIn(items.get(key), nowMs)]);
  return { scores: new Map(scores), histories: new Map(histories) };
}

function storedIn(item: Item | undefined, nowMs: number): StoredHistory {
  if (item === undefined) return { version: 0, history: emptyHistory };
  const version = Number(item.version?.N);
  const isExpired = Number(item.ttl?.N) <= Math.floor(nowMs / 1000);
  return { version, history: isExpired ? emptyHistory : historyIn(item) };
}
