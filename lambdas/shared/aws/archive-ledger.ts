import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { indexes } from "../../../config/names.ts";
import type { ArchiveLedger } from "../domain/archive/ports.ts";
import { eventIdIn, type FactKey, type LedgerRecord, occurredAtIn } from "../domain/archive/records.ts";
import { chunksOf } from "../domain/chunks-of.ts";
import { inParallel } from "../domain/in-parallel.ts";
import { entryKeys } from "../domain/ledger.ts";
import { batchGet, batchGetKeys, type Item } from "./batch-get.ts";
import { inDomainTerms } from "./errors.ts";
import { decisionIn, factIn, rawIn, required } from "./ledger-item.ts";

/** A fact, its raw entry and its decision are read together. */
const factsPerBatch = Math.floor(batchGetKeys / 3);
const batchesAtATime = 4;

/**
 * What the archive reads of the table `transactions`: the index that lists what isn't archived yet, and entries by key.
 * Reads are eventually consistent, at half the price: what isn't seen today is late and comes into an addendum.
 */
export function createArchiveLedger(client: DynamoDBClient, tableName: string): ArchiveLedger {
  async function readBatch(keys: readonly FactKey[], withRaw: boolean): Promise<readonly LedgerRecord[]> {
    const wanted = keys.flatMap((key) => [
      itemKey(key),
      itemKey(decisionKey(key)),
      ...(withRaw ? [itemKey(rawKey(key))] : []),
    ]);
    const items = new Map((await batchGet(client, tableName, wanted)).map((item) => [placeOf(item), item]));
    return keys.flatMap((key) => {
      const [fact, raw, decision] = [key, rawKey(key), decisionKey(key)].map((one) => items.get(placeIn(one)));
      if (fact === undefined) return [];
      return [
        { fact: factIn(fact), ...(raw && { raw: rawIn(raw) }), ...(decision && { decision: decisionIn(decision) }) },
      ];
    });
  }

  async function decidedInBatch(keys: readonly FactKey[]): Promise<readonly FactKey[]> {
    const wanted = keys.map((key) => itemKey(decisionKey(key)));
    const items = await batchGet(client, tableName, wanted, ["transactionId", "entry"]);
    const found = new Set(items.map(placeOf));
    return keys.filter((key) => found.has(placeIn(decisionKey(key))));
  }

  return {
    async page(partition, { after, limit } = {}) {
      const command = new QueryCommand({
        TableName: tableName,
        IndexName: indexes.archive,
        KeyConditionExpression: "archivePartition = :partition",
        ExpressionAttributeValues: { ":partition": { S: partition } },
        ...(limit !== undefined && { Limit: limit }),
        ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) as Item }),
      });
      const output = await inDomainTerms("Reading the archive's index", client.send(command));
      const keys = (output.Items ?? []).map((item) => {
        return { transactionId: required(item, "transactionId"), entry: required(item, "entry") };
      });
      const { LastEvaluatedKey: last } = output;
      return { keys, ...(last !== undefined && { next: JSON.stringify(last) }) };
    },
    async read(keys, { withRaw } = { withRaw: true }) {
      const batches = chunksOf(keys, factsPerBatch);
      return (await inParallel(batches, batchesAtATime, (batch) => readBatch(batch, withRaw))).flat();
    },
    async decided(keys) {
      return (await inParallel(chunksOf(keys, batchGetKeys), batchesAtATime, decidedInBatch)).flat();
    },
  };
}

/** Key of a fact's raw entry. */
export function rawKey({ transactionId, entry }: FactKey): FactKey {
  return { transactionId, entry: entryKeys.raw(occurredAtIn(entry), eventIdIn(entry)) };
}

/** Key of a fact's decision. */
export function decisionKey({ transactionId, entry }: FactKey): FactKey {
  return { transactionId, entry: entryKeys.decision(occurredAtIn(entry), eventIdIn(entry)) };
}

export function itemKey({ transactionId, entry }: FactKey): Record<string, AttributeValue> {
  return { transactionId: { S: transactionId }, entry: { S: entry } };
}

/** One text for a key: JSON, since ids may contain whatever separator one thinks of. */
export function placeIn({ transactionId, entry }: FactKey): string {
  return JSON.stringify([transactionId, entry]);
}

export function placeOf(item: Item): string {
  return placeIn({ transactionId: required(item, "transactionId"), entry: required(item, "entry") });
}
