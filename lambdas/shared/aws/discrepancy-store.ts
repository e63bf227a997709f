import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { indexes } from "../../../config/names.ts";
import {
  closedDiscrepancyDays,
  type Discrepancy,
  discrepancySchema,
  ledgerProviders,
} from "../../../config/reconciliation.ts";
import { chunksOf } from "../domain/chunks-of.ts";
import { inParallel } from "../domain/in-parallel.ts";
import type { DiscrepancyStore, UnreadableDiscrepancy } from "../domain/reconciliation/ports.ts";
import { PermanentError } from "../domain/retryable-error.ts";
import { batchGet, batchGetKeys, type Item } from "./batch-get.ts";
import { inDomainTerms } from "./errors.ts";

const writesAtATime = 16;
const batchesAtATime = 4;
const prefix = "discrepancy#";

/**
 * Discrepancies in the table `reconciliation`: items `discrepancy#<id>` with the fields of config/reconciliation.ts.
 * `discrepancyStatus` is there while one is open, so that the index of open ones stays small, and `ttl` once it is closed.
 */
export function createDiscrepancyStore(client: DynamoDBClient, tableName: string): DiscrepancyStore {
  /** Whether the update's condition held. */
  async function update(id: string, change: Change): Promise<boolean> {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: { id: { S: `${prefix}${id}` } },
      ...expressionsOf(change),
    });
    try {
      await inDomainTerms("Writing a discrepancy", client.send(command));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  async function recordOne(found: Discrepancy): Promise<void> {
    const problems = problemsOf(found);
    if (problems !== undefined) {
      const what = `A discrepancy of kind ${found.kind} can't be written down: it would be unreadable at ${problems}.`;
      throw new PermanentError("discrepancy-unreadable", what);
    }
    const { id, ...discrepancy } = found;
    const { lastSeenAt, lastRun, retries } = discrepancy;
    const isNew = await update(id, {
      set: { ...discrepancy, discrepancyStatus: "OPEN" },
      remove: ["closedAt", "closedBy", "why", "ttl"],
      // Repaired by this very run, it is being written down a second time.
      condition: "attribute_not_exists(id) OR (#status = :repaired AND #lastRun <> :lastRun)",
      values: { repaired: "REPAIRED" },
      names: ["status"],
    });
    if (isNew) return;
    await update(id, {
      set: { lastSeenAt, lastRun, retries },
      condition: "#lastRun <> :lastRun AND attribute_exists(id)",
    });
  }

  return {
    async record(found) {
      await inParallel(found, writesAtATime, recordOne);
    },
    async read(ids) {
      const keys = [...new Set(ids)].map((id) => ({ id: { S: `${prefix}${id}` } }));
      const items = await inParallel(chunksOf(keys, batchGetKeys), batchesAtATime, (chunk) =>
        batchGet(client, tableName, chunk),
      );
      return new Map(
        items
          .flat()
          .map(readDiscrepancy)
          .flatMap((one) => (one.kind === "discrepancy" ? [[one.discrepancy.id, one.discrepancy] as const] : [])),
      );
    },
    async open(after) {
      const command = new QueryCommand({
        TableName: tableName,
        IndexName: indexes.openDiscrepancies,
        KeyConditionExpression: "discrepancyStatus = :open",
        ExpressionAttributeValues: { ":open": { S: "OPEN" } },
        ...(after !== undefined && { ExclusiveStartKey: JSON.parse(after) as Item }),
      });
      const { Items = [], LastEvaluatedKey: last } = await inDomainTerms("Reading discrepancies", client.send(command));
      const read = Items.map(readDiscrepancy);
      return {
        items: read.flatMap((one) => (one.kind === "discrepancy" ? [one.discrepancy] : [])),
        unreadable: read.flatMap((one) => (one.kind === "unreadable" ? [one.unreadable] : [])),
        ...(last !== undefined && { next: JSON.stringify(last) }),
      };
    },
    async close(id, { status, at, by, why }) {
      const isClosed = await update(id, {
        set: { status, closedAt: at, closedBy: by, why, ttl: endOfClosed(at) },
        remove: ["discrepancyStatus"],
        condition: "discrepancyStatus = :open",
        values: { open: "OPEN" },
      });
      return isClosed ? "closed" : "not-open";
    },
  };
}

interface Change {
  /** Fields without a value are left as they are. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly condition: string;
  /** Values of the condition, beside those that are set. */
  readonly values?: Readonly<Record<string, string>>;
  /** Names of the condition, beside those that are set. */
  readonly names?: readonly string[];
}

/** Placeholders are named after the fields, since some of these are reserved words. */
function expressionsOf({ set, remove = [], condition, values = {}, names = [] }: Change) {
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  const clauses = given.map(([name]) => `#${name} = :${name}`).join(", ");
  const removal = remove.length === 0 ? "" : ` REMOVE ${remove.map((name) => `#${name}`).join(", ")}`;
  const all = [...given.map(([name]) => name), ...remove, ...names];
  const attributes = Object.fromEntries(
    [...given, ...Object.entries(values)].map(([name, value]) => [`:${name}`, value]),
  );
  return {
    UpdateExpression: `SET ${clauses}${removal}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(all.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall(attributes, { removeUndefinedValues: true }),
  };
}

/** Seconds since 1970 at which DynamoDB may delete it. */
function endOfClosed(closedAt: string): number {
  return Math.floor(Date.parse(closedAt) / 1000) + closedDiscrepancyDays * 24 * 60 * 60;
}

export type DiscrepancyReading =
  | { readonly kind: "discrepancy"; readonly discrepancy: Discrepancy }
  | { readonly kind: "unreadable"; readonly unreadable: UnreadableDiscrepancy };

/** An item of the table. One that can't be read is named, so that the others can be. */
export function readDiscrepancy(item: Item): DiscrepancyReading {
  const { id: key, ...fields } = unmarshall(item);
  const id = String(key).slice(prefix.length);
  const result = v.safeParse(discrepancySchema, { ...fields, id });
  if (result.success) return { kind: "discrepancy", discrepancy: result.output };
  // One of a provider that this version doesn't know has to stand somewhere: its places say that it is not that one's.
  const provider = ledgerProviders.find((one) => one === fields.provider) ?? ledgerProviders[0];
  return { kind: "unreadable", unreadable: { id, provider, places: placesOf(result.issues) } };
}

function problemsOf(discrepancy: Discrepancy): string | undefined {
  const result = v.safeParse(discrepancySchema, discrepancy);
  return result.success ? undefined : placesOf(result.issues).join(", ");
}

function placesOf(issues: readonly v.InferIssue<typeof discrepancySchema>[]): readonly string[] {
  return [...new Set(issues.map((issue) => v.getDotPath(issue) ?? "its shape"))];
}
