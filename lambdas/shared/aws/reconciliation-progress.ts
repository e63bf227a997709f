import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { reconciliationReachDays } from "../../../config/reconciliation.ts";
import { type CheckedPart, type CheckedTimes, type CheckpointStore, ownParts } from "../domain/reconciliation/ports.ts";
import type { Item } from "./batch-get.ts";
import { inDomainTerms } from "./errors.ts";

/** Checkpoints are of use while their run may go on; a month later nobody asks. */
const checkpointDays = 30;
/** That an account is gone for good is known for longer than any run looks back to its facts. */
const forgottenDays = 2 * reconciliationReachDays;

/**
 * Checkpoints `checkpoint#<runId>` and times `checked#<provider>#<part>` in the table `reconciliation`. The accounts among
 * them are found by reading the table through, once a night: it holds what is open or was closed within its time, so that
 * an index would cost more than it saves.
 */
export function createReconciliationProgress(
  client: DynamoDBClient,
  tableName: string,
  now: () => number,
): CheckpointStore & CheckedTimes {
  async function item(id: string): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true });
    return (await inDomainTerms("Reading how far reconciliation is", client.send(command))).Item;
  }

  /** Whether the condition held. */
  async function update(id: string, change: Omit<UpdateItemCommandInput, "TableName" | "Key">): Promise<boolean> {
    const command = new UpdateItemCommand({ TableName: tableName, Key: { id: { S: id } }, ...change });
    try {
      await inDomainTerms("Writing how far reconciliation is", client.send(command));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    async read(runId) {
      const found = await item(checkpointId(runId));
      const stateKey = found?.stateKey?.S;
      if (found === undefined || stateKey === undefined) return undefined;
      return { revision: Number(found.revision?.N), stateKey, isAnnounced: found.isAnnounced?.BOOL === true };
    },
    async advance(runId, { revision, stateKey }) {
      const endsAt = Math.floor(now() / 1000) + checkpointDays * 24 * 60 * 60;
      const isWritten = await update(checkpointId(runId), {
        UpdateExpression: "SET revision = :revision, stateKey = :stateKey, #ttl = :ttl",
        ConditionExpression: revision === 1 ? "attribute_not_exists(id)" : "revision = :before",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":revision": { N: String(revision) },
          ":stateKey": { S: stateKey },
          ":ttl": { N: String(endsAt) },
          ...(revision > 1 && { ":before": { N: String(revision - 1) } }),
        },
      });
      return isWritten ? "written" : "overtaken";
    },
    async announced(runId) {
      await update(checkpointId(runId), {
        UpdateExpression: "SET isAnnounced = :yes",
        ConditionExpression: "attribute_exists(id)",
        ExpressionAttributeValues: { ":yes": { BOOL: true } },
      });
    },
    async checkedUntil(part) {
      return (await item(checkedId(part)))?.checkedUntil?.S;
    },
    async moveTo(part, until) {
      await update(checkedId(part), {
        UpdateExpression: "SET checkedUntil = :until REMOVE isForgotten, #ttl",
        ConditionExpression: "attribute_not_exists(checkedUntil) OR checkedUntil < :until",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: { ":until": { S: until } },
      });
    },
    async accounts(provider, after) {
      const prefix = checkedId({ provider, part: "" });
      const command = new ScanCommand({
        TableName: tableName,
        FilterExpression: "begins_with(id, :prefix) AND attribute_exists(checkedUntil)",
        ExpressionAttributeValues: { ":prefix": { S: prefix } },
        ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) as Item }),
      });
      const { Items = [], LastEvaluatedKey: last } = await inDomainTerms("Listing accounts", client.send(command));
      const items = Items.flatMap(({ id, checkedUntil }) => {
        const account = id?.S?.slice(prefix.length) ?? "";
        const isOwn = Object.values<string>(ownParts).includes(account);
        return isOwn || checkedUntil?.S === undefined ? [] : [{ account, checkedUntil: checkedUntil.S }];
      });
      return { items, ...(last !== undefined && { next: JSON.stringify(last) }) };
    },
    async forget(part, until) {
      await update(checkedId(part), {
        UpdateExpression: "SET isForgotten = :yes, #ttl = :ends REMOVE checkedUntil",
        ConditionExpression: "checkedUntil = :until",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":until": { S: until },
          ":yes": { BOOL: true },
          ":ends": { N: String(Math.floor(now() / 1000) + forgottenDays * 24 * 60 * 60) },
        },
      });
    },
    async isForgotten(part) {
      return (await item(checkedId(part)))?.isForgotten?.BOOL === true;
    },
  };
}

function checkpointId(runId: string): string {
  return `checkpoint#${runId}`;
}

function checkedId({ provider, part }: CheckedPart): string {
  return `checked#${provider}#${part}`;
}
