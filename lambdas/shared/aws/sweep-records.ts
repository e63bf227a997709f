import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { indexes } from "../../../config/names.ts";
import { eventIdIn } from "../domain/archive/records.ts";
import { chunksOf } from "../domain/chunks-of.ts";
import { dedupWindowEnd, workflowClaimKey } from "../domain/claims.ts";
import { inParallel } from "../domain/in-parallel.ts";
import { type SweepRecords, type SweepState, sweepKey, sweepProgressKey } from "../domain/sweep.ts";
import { batchGet, batchGetKeys, type Item } from "./batch-get.ts";
import { statusIn } from "./claim-store.ts";
import { inDomainTerms } from "./errors.ts";
import { required } from "./ledger-item.ts";

/** An event's two claims and its count are read together. */
const eventsPerBatch = Math.floor(batchGetKeys / 3);
const batchesAtATime = 4;
const stateAttributes = ["eventId", "status", "leaseExpiresAt", "sweeps", "sweepStatus", "sweepClosedAt"];

/**
 * Claims, counts of sweeps and undecided events in the table `processed-webhooks`. An event is kept as undecided by
 * `sweepStatus` OPEN and `undecidedSince`, which put it into an index; `sweepClosedAt` says that it isn't any longer. What a
 * person has given up stays in the index, as GIVEN_UP: tools/aws/undecided-events.ts writes that.
 */
export function createSweepRecords(client: DynamoDBClient, tableName: string): SweepRecords {
  async function statesOf(eventIds: readonly string[]): Promise<readonly (readonly [string, SweepState])[]> {
    const keys = eventIds.flatMap((id) => [id, workflowClaimKey(id), sweepKey(id)]);
    const wanted = keys.map((key) => ({ eventId: { S: key } }));
    const items = await batchGet(client, tableName, wanted, stateAttributes);
    const byKey = new Map(items.map((item) => [item.eventId?.S, item]));
    return eventIds.map((id) => {
      const [event, workflow] = [byKey.get(id), byKey.get(workflowClaimKey(id))];
      const sweep = sweepIn(byKey.get(sweepKey(id)));
      return [
        id,
        { ...sweep, ...(event && { event: claimIn(event) }), ...(workflow && { workflow: claimIn(workflow) }) },
      ];
    });
  }

  /** Does nothing where the condition isn't met. */
  async function update(key: string, what: string, input: Omit<UpdateItemCommandInput, "TableName" | "Key">) {
    const command = new UpdateItemCommand({ TableName: tableName, Key: { eventId: { S: key } }, ...input });
    try {
      await inDomainTerms(what, client.send(command));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  return {
    async states(eventIds) {
      return new Map((await inParallel(chunksOf(eventIds, eventsPerBatch), batchesAtATime, statesOf)).flat());
    },
    count: (eventId, { nowMs, pauseMs, isLast }) =>
      update(sweepKey(eventId), "Counting a sweep", {
        UpdateExpression: `SET sweptAt = :now${isLast ? " REMOVE #ttl" : ", #ttl = :ttl"} ADD sweeps :one`,
        ConditionExpression: "attribute_not_exists(sweptAt) OR sweptAt <= :pauseAgo",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":now": { N: String(nowMs) },
          ":pauseAgo": { N: String(nowMs - pauseMs) },
          ":one": { N: "1" },
          ...(!isLast && { ":ttl": { N: String(dedupWindowEnd(nowMs)) } }),
        },
      }),
    keep: ({ transactionId, entry }, { nowMs, isForGood }) =>
      update(sweepKey(eventIdIn(entry)), "Keeping an undecided event", {
        UpdateExpression:
          "SET sweepStatus = :open, undecidedSince = :now, transactionId = :id, entry = :entry" +
          (isForGood ? "" : ", #ttl = :ttl"),
        ConditionExpression: "attribute_not_exists(sweepStatus) AND attribute_not_exists(sweepClosedAt)",
        ...(!isForGood && { ExpressionAttributeNames: { "#ttl": "ttl" } }),
        ExpressionAttributeValues: {
          ":open": { S: "OPEN" },
          ":now": { S: new Date(nowMs).toISOString() },
          ":id": { S: transactionId },
          ":entry": { S: entry },
          ...(!isForGood && { ":ttl": { N: String(dedupWindowEnd(nowMs)) } }),
        },
      }),
    close: (eventId, nowMs) =>
      update(sweepKey(eventId), "Closing an undecided event", {
        UpdateExpression: "SET sweepClosedAt = :now, #ttl = :ttl REMOVE sweepStatus",
        ConditionExpression: "sweepStatus = :open",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":open": { S: "OPEN" },
          ":now": { S: new Date(nowMs).toISOString() },
          ":ttl": { N: String(dedupWindowEnd(nowMs)) },
        },
      }),
    async page({ limit, after }) {
      const command = new QueryCommand({
        TableName: tableName,
        IndexName: indexes.undecidedEvents,
        KeyConditionExpression: "sweepStatus = :open",
        ExpressionAttributeValues: { ":open": { S: "OPEN" } },
        Limit: limit,
        ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) as Item }),
      });
      const { Items = [], LastEvaluatedKey: last } = await inDomainTerms(
        "Reading undecided events",
        client.send(command),
      );
      const keys = Items.map((item) => {
        return { transactionId: required(item, "transactionId"), entry: required(item, "entry") };
      });
      return { keys, ...(last !== undefined && { next: JSON.stringify(last) }) };
    },
    async progress() {
      const command = new GetItemCommand({
        TableName: tableName,
        Key: { eventId: { S: sweepProgressKey } },
        ConsistentRead: true,
      });
      const { Item: item } = await inDomainTerms("Reading the sweeps' progress", client.send(command));
      if (item?.asOfMs?.N === undefined) return undefined;
      return { asOfMs: Number(item.asOfMs.N), hoursLeft: (item.hoursLeft?.L ?? []).map(({ S = "" }) => S) };
    },
    saveProgress: ({ asOfMs, hoursLeft }) =>
      update(sweepProgressKey, "Saving the sweeps' progress", {
        UpdateExpression: "SET asOfMs = :asOf, hoursLeft = :left",
        ConditionExpression: "attribute_not_exists(asOfMs) OR asOfMs <= :asOf",
        ExpressionAttributeValues: {
          ":asOf": { N: String(asOfMs) },
          ":left": { L: hoursLeft.map((hour) => ({ S: hour })) },
        },
      }),
  };
}

function sweepIn(item: Item | undefined): Pick<SweepState, "sweeps" | "kept"> {
  const sweeps = Number(item?.sweeps?.N ?? 0);
  if (item?.sweepStatus?.S === "OPEN") return { sweeps, kept: "open" };
  return { sweeps, kept: item?.sweepClosedAt === undefined ? "none" : "closed" };
}

function claimIn(item: Item) {
  const lease = item.leaseExpiresAt?.N;
  return { status: statusIn(item), ...(lease !== undefined && { leaseExpiresAt: Number(lease) }) };
}
