import { setTimeout as sleep } from "node:timers/promises";
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { RetryableError } from "../domain/retryable-error.ts";
import { inDomainTerms } from "./errors.ts";

export type Item = Record<string, AttributeValue>;

/** DynamoDB answers for at most so many keys a call. */
export const batchGetKeys = 100;
const maxRounds = 8;
const firstBackoffMs = 50;

/**
 * The items of up to 100 keys, in no order; those that don't exist are left out. DynamoDB answers with 16 MB at most and
 * names the rest, which is asked for again.
 *
 * @param attributes the only ones that are read, all when absent
 * @throws RetryableError when the table doesn't answer for all of them
 */
export async function batchGet(
  client: DynamoDBClient,
  tableName: string,
  keys: readonly Item[],
  attributes?: readonly string[],
): Promise<readonly Item[]> {
  const projection = attributes && {
    ProjectionExpression: attributes.map((name) => `#${name}`).join(", "),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
  };
  const found: Item[] = [];
  let open: readonly Item[] = keys;
  for (let round = 0; open.length > 0; round += 1) {
    if (round === maxRounds) {
      throw new RetryableError(
        "items-unprocessed",
        `The table did not answer for ${open.length} of ${keys.length} keys`,
      );
    }
    if (round > 0) await sleep(firstBackoffMs * 2 ** round * Math.random());
    const command = new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: [...open], ...projection } } });
    const output = await inDomainTerms("Reading entries", client.send(command));
    found.push(...(output.Responses?.[tableName] ?? []));
    open = output.UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return found;
}
