import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { chunksOf } from "../domain/chunks-of.ts";
import { dedupWindowEnd, workflowClaimKey } from "../domain/claims.ts";
import { inParallel } from "../domain/in-parallel.ts";
import { type SweepRecords, type SweepState, sweepKey } from "../domain/sweep.ts";
import { batchGet, batchGetKeys, type Item } from "./batch-get.ts";
import { statusIn } from "./claim-store.ts";
import { inDomainTerms } from "./errors.ts";

/** An event's two claims and its count are read together. */
const eventsPerBatch = Math.floor(batchGetKeys / 3);
const batchesAtATime = 4;

/** Claims and counts of sweeps in the table `processed-webhooks`. */
export function createSweepRecords(client: DynamoDBClient, tableName: string): SweepRecords {
  async function statesOf(eventIds: readonly string[]): Promise<readonly (readonly [string, SweepState])[]> {
    const keys = eventIds.flatMap((id) => [id, workflowClaimKey(id), sweepKey(id)]);
    const wanted = keys.map((key) => ({ eventId: { S: key } }));
    const items = await batchGet(client, tableName, wanted, ["eventId", "status", "leaseExpiresAt", "sweeps"]);
    const byKey = new Map(items.map((item) => [item.eventId?.S, item]));
    return eventIds.map((id) => {
      const [event, workflow] = [byKey.get(id), byKey.get(workflowClaimKey(id))];
      const sweeps = Number(byKey.get(sweepKey(id))?.sweeps?.N ?? 0);
      return [
        id,
        { sweeps, ...(event && { event: claimIn(event) }), ...(workflow && { workflow: claimIn(workflow) }) },
      ];
    });
  }

  return {
    async states(eventIds) {
      return new Map((await inParallel(chunksOf(eventIds, eventsPerBatch), batchesAtATime, statesOf)).flat());
    },
    async count(eventId, { nowMs, pauseMs }) {
      const command = new UpdateItemCommand({
        TableName: tableName,
        Key: { eventId: { S: sweepKey(eventId) } },
        UpdateExpression: "SET sweptAt = :now, #ttl = :ttl ADD sweeps :one",
        ConditionExpression: "attribute_not_exists(sweptAt) OR sweptAt <= :pauseAgo",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":now": { N: String(nowMs) },
          ":pauseAgo": { N: String(nowMs - pauseMs) },
          ":ttl": { N: String(dedupWindowEnd(nowMs)) },
          ":one": { N: "1" },
        },
      });
      try {
        await inDomainTerms("Counting a sweep", client.send(command));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}

function claimIn(item: Item) {
  const lease = item.leaseExpiresAt?.N;
  return { status: statusIn(item), ...(lease !== undefined && { leaseExpiresAt: Number(lease) }) };
}
