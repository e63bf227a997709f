import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { LedgerRelease, SealedRow } from "../domain/archive/ports.ts";
import type { FactKey } from "../domain/archive/records.ts";
import { chunksOf } from "../domain/chunks-of.ts";
import { inParallel } from "../domain/in-parallel.ts";
import { entryKeys } from "../domain/ledger.ts";
import { decisionKey, itemKey, placeIn, placeOf, rawKey } from "./archive-ledger.ts";
import { batchGet, batchGetKeys } from "./batch-get.ts";
import { inDomainTerms } from "./errors.ts";

const batchesAtATime = 4;

/**
 * Entries of the table `transactions` that are sealed. They are updated one by one: DynamoDB bills a batch of statements
 * for each of them all the same, the function's own time is a fiftieth of that, and single updates have conditions. What
 * is released already is known by a read, which costs a tenth of the updates that it saves when a release goes on after
 * an interruption.
 */
export function createLedgerRelease(client: DynamoDBClient, tableName: string): LedgerRelease {
  /** Sets an entry's end, if the entry is there: an update alone would create it. The first end that is set counts. */
  async function expire(key: FactKey, expiresAt: number, isFact = false): Promise<void> {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: itemKey(key),
      UpdateExpression: `SET #ttl = if_not_exists(#ttl, :ttl)${isFact ? " REMOVE archivePartition" : ""}`,
      ConditionExpression: "attribute_exists(entry)",
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ExpressionAttributeValues: { ":ttl": { N: String(expiresAt) } },
    });
    try {
      await inDomainTerms("Releasing an entry", client.send(command));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async function unreleasedInBatch(rows: readonly SealedRow[]): Promise<readonly SealedRow[]> {
    const attributes = ["transactionId", "entry", "archivePartition"];
    // A key may come once a call.
    const keys = [...new Map(rows.map((row) => [placeIn(row), itemKey(row)])).values()];
    const facts = new Map((await batchGet(client, tableName, keys, attributes)).map((item) => [placeOf(item), item]));
    return rows.filter((row) => facts.get(placeIn(row))?.archivePartition !== undefined);
  }

  return {
    async unreleased(rows) {
      return (await inParallel(chunksOf(rows, batchGetKeys), batchesAtATime, unreleasedInBatch)).flat();
    },
    async release(row, expiresAt) {
      const { transactionId, providerType, objectVersion } = row;
      const version =
        objectVersion === undefined ? [] : [{ transactionId, entry: entryKeys.version(providerType, objectVersion) }];
      const beside = [rawKey(row), ...(row.hasDecision ? [decisionKey(row)] : []), ...version];
      await Promise.all(beside.map((key) => expire(key, expiresAt)));
      // Last, because it is what the next attempt goes by.
      await expire(row, expiresAt, true);
    },
  };
}
