import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type ClaimRequest,
  type ClaimResult,
  type ClaimStatus,
  type ClaimStore,
  dedupWindowEnd,
  type FencedResult,
  type FirstSeen,
  refusalOf,
  replayText,
} from "../domain/claims.ts";
import { inDomainTerms } from "./errors.ts";

type Item = Record<string, AttributeValue>;

/** Claims in the table `processed-webhooks`: key `eventId`, one UpdateItem per claim, completion or failure. */
export function createClaimStore(client: DynamoDBClient, tableName: string): ClaimStore {
  const keyed = (key: string) => ({ TableName: tableName, Key: { eventId: { S: key } } });

  async function end(
    key: string,
    lockToken: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<FencedResult> {
    try {
      const command = new UpdateItemCommand({ ...keyed(key), ...endingUpdate(attributes, lockToken) });
      await inDomainTerms("Ending a claim", client.send(command));
      return "written";
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return "lost-lease";
      throw error;
    }
  }

  return {
    async claim(request) {
      try {
        const output = await inDomainTerms(
          "Claiming",
          client.send(new UpdateItemCommand({ ...keyed(request.key), ...claimUpdate(request) })),
        );
        return claimedFrom(output.Attributes ?? {}, request.lockToken);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return refusalOf(statusIn(error.Item), firstSeenIn(error.Item ?? {}));
        }
        throw error;
      }
    },
    complete: ({ key, lockToken, status, result, nowMs }) =>
      end(key, lockToken, { status, result, processingCompletedAt: isoOf(nowMs) }),
    fail: ({ key, lockToken, error, nowMs }) =>
      end(key, lockToken, { status: "FAILED", error, processingCompletedAt: isoOf(nowMs) }),
    async noteReplay(key, replay) {
      try {
        const command = new UpdateItemCommand({
          ...keyed(key),
          // A set: the same text is in it once, however often it is added.
          UpdateExpression: "ADD replays :replays",
          ConditionExpression: "attribute_exists(eventId)",
          ExpressionAttributeValues: { ":replays": { SS: [replayText(replay)] } },
        });
        await inDomainTerms("Noting a replay", client.send(command));
        return "noted";
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return "gone";
        throw error;
      }
    },
    async statusOf(key) {
      const output = await inDomainTerms(
        "Reading a claim",
        client.send(
          new GetItemCommand({
            ...keyed(key),
            ConsistentRead: true,
            ProjectionExpression: "#status",
            ExpressionAttributeNames: { "#status": "status" },
          }),
        ),
      );
      return output.Item === undefined ? undefined : statusIn(output.Item);
    },
  };
}

/** The claim's condition lists every way in which a key is free; everything else is completed or busy. */
const claimable = [
  "attribute_not_exists(eventId)",
  "#status = :failed",
  "#ttl <= :nowSeconds",
  "(#status = :processing AND leaseExpiresAt <= :nowMs)",
].join(" OR ");

function claimUpdate(request: ClaimRequest) {
  const { lockToken, nowMs, leaseSeconds, owner, delivery, firstSeen, replay } = request;
  const set = assignments({ status: "PROCESSING", lockToken, processingStartedAt: isoOf(nowMs), owner, ...delivery });
  const setOnce = assignments({
    firstReceivedAt: firstSeen?.receivedAt,
    firstOccurredAt: firstSeen?.occurredAt,
    firstContent: firstSeen?.content,
  });
  const clauses = [
    ...set.names.map((name) => `#${name} = :${name}`),
    ...setOnce.names.map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
    "leaseExpiresAt = :leaseExpiresAt",
    "#ttl = :ttl",
    "retryCount = if_not_exists(retryCount, :minusOne) + :one",
  ];
  return {
    UpdateExpression: `SET ${clauses.join(", ")} REMOVE #error, #result, processingCompletedAt${replay ? " ADD replays :replays" : ""}`,
    ConditionExpression:
      owner === undefined ? claimable : `${claimable} OR (#status = :processing AND #owner = :owner)`,
    ExpressionAttributeNames: {
      ...set.placeholders,
      ...setOnce.placeholders,
      "#ttl": "ttl",
      "#error": "error",
      "#result": "result",
    },
    ExpressionAttributeValues: {
      ...set.values,
      ...setOnce.values,
      ":failed": { S: "FAILED" },
      ":processing": { S: "PROCESSING" },
      ":nowSeconds": { N: String(Math.floor(nowMs / 1000)) },
      ":nowMs": { N: String(nowMs) },
      ":leaseExpiresAt": { N: String(nowMs + leaseSeconds * 1000) },
      ":ttl": { N: String(dedupWindowEnd(nowMs)) },
      ":minusOne": { N: "-1" },
      ":one": { N: "1" },
      ...(replay && { ":replays": { SS: [replayText(replay)] } }),
    },
    ReturnValues: "ALL_NEW",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  } as const;
}

/** Ends the lease under a new status, if the claim is still the token's. */
function endingUpdate(attributes: Readonly<Record<string, string>>, lockToken: string) {
  const { names, placeholders, values } = assignments(attributes);
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")} REMOVE leaseExpiresAt`,
    ConditionExpression: "lockToken = :lockToken",
    ExpressionAttributeNames: placeholders,
    ExpressionAttributeValues: { ...values, ":lockToken": { S: lockToken } },
  };
}

/** Text attributes that have a value, with placeholders named after them, since many of the names are reserved words. */
function assignments(attributes: Readonly<Record<string, string | undefined>>) {
  const given = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  return {
    names: given.map(({ name }) => name),
    placeholders: Object.fromEntries(given.map(({ name }) => [`#${name}`, name])),
    values: Object.fromEntries(given.map(({ name, value }) => [`:${name}`, { S: value }])),
  };
}

function claimedFrom(item: Item, lockToken: string): ClaimResult {
  const firstSeen = firstSeenIn(item);
  const retryCount = Number(item.retryCount?.N ?? 0);
  return { kind: "claimed", lockToken, retryCount, ...(firstSeen && { firstSeen }) };
}

function firstSeenIn(item: Item): FirstSeen | undefined {
  const receivedAt = item.firstReceivedAt?.S;
  const occurredAt = item.firstOccurredAt?.S;
  const content = item.firstContent?.S;
  if (receivedAt === undefined || occurredAt === undefined || content === undefined) return undefined;
  return { receivedAt, occurredAt, content };
}

/** The status of a claim's record. @throws Error when it has none that we know */
export function statusIn(item: Item | undefined): ClaimStatus {
  const status = item?.status?.S;
  const known: readonly string[] = ["PROCESSING", "COMPLETED", "FAILED", "SKIPPED"] satisfies ClaimStatus[];
  if (status === undefined || !known.includes(status)) throw new Error("A claim's record has no status that we know");
  return status as ClaimStatus;
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
