import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { FactRecord } from "../domain/archive/records.ts";
import { chunksOf } from "../domain/chunks-of.ts";
import { inParallel } from "../domain/in-parallel.ts";
import type { FactReader } from "../domain/reconciliation/ports.ts";
import { itemKey, placeIn } from "./archive-ledger.ts";
import { batchGet, batchGetKeys, type Item } from "./batch-get.ts";
import { inDomainTerms } from "./errors.ts";
import { factIn } from "./ledger-item.ts";

const batchesAtATime = 4;
const queriesAtATime = 16;

/** Facts in the table `transactions`, by key and by transaction; eventually consistent. */
export function createFactReader(client: DynamoDBClient, tableName: string): FactReader {
  /** Sort keys of facts begin with a year, those of other entries with a letter. */
  async function factsOfOne(transactionId: string): Promise<readonly FactRecord[]> {
    const found: FactRecord[] = [];
    let start: Item | undefined;
    do {
      const command: QueryCommand = new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "transactionId = :id AND entry BETWEEN :first AND :last",
        ExpressionAttributeValues: { ":id": { S: transactionId }, ":first": { S: "0" }, ":last": { S: ":" } },
        ...(start !== undefined && { ExclusiveStartKey: start }),
      });
      const page = await inDomainTerms("Reading a transaction", client.send(command));
      found.push(...(page.Items ?? []).map(factIn));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  }

  return {
    async factsAt(keys) {
      // A key may come once a call.
      const wanted = [...new Map(keys.map((key) => [placeIn(key), itemKey(key)])).values()];
      const items = await inParallel(chunksOf(wanted, batchGetKeys), batchesAtATime, (chunk) =>
        batchGet(client, tableName, chunk),
      );
      return new Map(items.flat().map((item) => [item.eventId?.S ?? "", factIn(item)]));
    },
    async factsOf(transactionIds) {
      const distinct = [...new Set(transactionIds)];
      const facts = await inParallel(distinct, queriesAtATime, factsOfOne);
      return new Map(distinct.map((id, at) => [id, facts[at] ?? []]));
    },
  };
}
