/** Events that a sweep has found undecided, as a person looks at them and gives them up. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { indexes, type Names } from "../../config/names.ts";
import { dedupWindowEnd } from "../../lambdas/shared/domain/claims.ts";
import { sweepKey } from "../../lambdas/shared/domain/sweep.ts";

/** `sweep#<eventId>` in `processed-webhooks`, as lambdas/shared/aws/sweep-records.ts writes it. */
const undecidedSchema = v.object({
  eventId: v.pipe(
    v.string(),
    v.transform((key) => key.slice(sweepKey("").length)),
  ),
  transactionId: v.string(),
  /** ISO 8601: when a sweep first came upon it. */
  undecidedSince: v.string(),
  /** How often it was put on the bus again. */
  sweeps: v.optional(v.number(), 0),
  /** Absent once it is decided or given up. */
  sweepStatus: v.optional(v.literal("OPEN")),
});
export type UndecidedEvent = Omit<v.InferOutput<typeof undecidedSchema>, "sweepStatus"> & { readonly isOpen: boolean };

export interface UndecidedEvents {
  /** Those first that are undecided longest. The index lags behind the table by a moment. */
  list(): Promise<readonly UndecidedEvent[]>;
  /** Undefined where no sweep has come upon it. */
  find(eventId: string): Promise<UndecidedEvent | undefined>;
  /** By a person's word. `not-open`: it is decided by now, or somebody was faster. */
  giveUp(eventId: string, word: Word): Promise<"given-up" | "not-open">;
}

interface Word {
  readonly by: string;
  readonly why: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

export function createUndecidedEvents(client: DynamoDBClient, { tables }: Names): UndecidedEvents {
  const TableName = tables.processedWebhooks;
  const keyOf = (eventId: string) => ({ eventId: { S: sweepKey(eventId) } });
  return {
    async list() {
      const query = {
        TableName,
        IndexName: indexes.undecidedEvents,
        KeyConditionExpression: "sweepStatus = :open",
        ExpressionAttributeValues: { ":open": { S: "OPEN" } },
      };
      const found: UndecidedEvent[] = [];
      for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items.map(undecidedIn));
      return found;
    },
    async find(eventId) {
      const command = new GetItemCommand({ TableName, Key: keyOf(eventId), ConsistentRead: true });
      const { Item } = await client.send(command);
      // Sweeps of before events were kept have left a count alone.
      return Item?.undecidedSince === undefined ? undefined : undecidedIn(Item);
    },
    async giveUp(eventId, { by, why, nowMs }) {
      const command = new UpdateItemCommand({
        TableName,
        Key: keyOf(eventId),
        UpdateExpression: "SET sweepClosedAt = :at, sweepClosedBy = :by, why = :why, #ttl = :ttl REMOVE sweepStatus",
        ConditionExpression: "attribute_exists(sweepStatus)",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":at": { S: new Date(nowMs).toISOString() },
          ":by": { S: by },
          ":why": { S: why },
          ":ttl": { N: String(dedupWindowEnd(nowMs)) },
        },
      });
      try {
        await client.send(command);
        return "given-up";
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return "not-open";
        throw error;
      }
    },
  };
}

function undecidedIn(item: Record<string, AttributeValue>): UndecidedEvent {
  const result = v.safeParse(undecidedSchema, unmarshall(item));
  if (!result.success) {
    const places = result.issues.map((issue) => v.getDotPath(issue) ?? "its shape");
    throw new Error(`An undecided event in the table is not as this version writes it: ${places.join(", ")}`);
  }
  const { sweepStatus, ...event } = result.output;
  return { ...event, isOpen: sweepStatus === "OPEN" };
}
