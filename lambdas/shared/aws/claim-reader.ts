import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { chunksOf } from "../domain/chunks-of.ts";
import { inParallel } from "../domain/in-parallel.ts";
import type { ClaimReader, EventClaim } from "../domain/reconciliation/ports.ts";
import { batchGet, batchGetKeys, type Item } from "./batch-get.ts";
import { statusIn } from "./claim-store.ts";

const batchesAtATime = 4;
const attributes = ["eventId", "status", "leaseExpiresAt", "firstOccurredAt"];

/**
 * Deduplication's records in the table `processed-webhooks`. Reads are eventually consistent, at half the price: what is
 * compared is a quarter of an hour old at the least.
 */
export function createClaimReader(client: DynamoDBClient, tableName: string): ClaimReader {
  return {
    async claimsOf(eventIds) {
      const keys = [...new Set(eventIds)].map((eventId) => ({ eventId: { S: eventId } }));
      const items = await inParallel(chunksOf(keys, batchGetKeys), batchesAtATime, (chunk) =>
        batchGet(client, tableName, chunk, attributes),
      );
      return new Map(items.flat().map((item) => [item.eventId?.S ?? "", claimIn(item)]));
    },
  };
}

function claimIn(item: Item): EventClaim {
  const { eventId, leaseExpiresAt, firstOccurredAt } = item;
  return {
    eventId: eventId?.S ?? "",
    status: statusIn(item),
    ...(leaseExpiresAt?.N !== undefined && { leaseExpiresAt: Number(leaseExpiresAt.N) }),
    ...(firstOccurredAt?.S !== undefined && { firstOccurredAt: firstOccurredAt.S }),
  };
}
