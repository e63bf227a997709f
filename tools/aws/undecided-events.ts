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
import { givenUpDays } from "../../config/sweep.ts";
import { sweepKey } from "../../lambdas/shared/domain/sweep.ts";
import { canBeKey } from "./records.ts";

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
  /** Absent once it is decided. */
  sweepStatus: v.optional(v.picklist(["OPEN", "GIVEN_UP"])),
  sweepClosedAt: v.optional(v.string()),
  sweepClosedBy: v.optional(v.string()),
  why: v.optional(v.string()),
});

export interface UndecidedEvent {
  readonly eventId: string;
  readonly transactionId: string;
  /** ISO 8601: when a sweep first came upon it. */
  readonly undecidedSince: string;
  /** How often it was put on the bus again. */
  readonly sweeps: number;
  /** Neither decided nor given up. */
  readonly isOpen: boolean;
  /** By whom, why and when (ISO 8601), where a person has said that nobody has to decide. */
  readonly givenUp?: { readonly at: string; readonly by: string; readonly why: string };
}

type Status = "OPEN" | "GIVEN_UP";

export interface UndecidedEvents {
  /** Of these statuses, one after the other; those first that are undecided longest. The index lags by a moment. */
  list(statuses: readonly Status[]): Promise<readonly UndecidedEvent[]>;
  /** Undefined where no sweep has come upon it. */
  find(eventId: string): Promise<UndecidedEvent | undefined>;
  /** By a person's word, kept `givenUpDays`. `not-open`: it is decided by now, or somebody was faster. */
  giveUp(eventId: string, word: Word): Promise<"given-up" | "not-open">;
}

const daySeconds = 24 * 60 * 60;

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
    async list(statuses) {
      const found: UndecidedEvent[] = [];
      for (const status of statuses) {
        const query = {
          TableName,
          IndexName: indexes.undecidedEvents,
          KeyConditionExpression: "sweepStatus = :status",
          ExpressionAttributeValues: { ":status": { S: status } },
        };
        for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items.map(undecidedIn));
      }
      return found;
    },
    async find(eventId) {
      if (eventId === "" || !canBeKey(sweepKey(eventId))) return undefined;
      const command = new GetItemCommand({ TableName, Key: keyOf(eventId), ConsistentRead: true });
      const { Item } = await client.send(command);
      // Sweeps of before events were kept have left a count alone.
      return Item?.undecidedSince === undefined ? undefined : undecidedIn(Item);
    },
    async giveUp(eventId, { by, why, nowMs }) {
      const command = new UpdateItemCommand({
        TableName,
        Key: keyOf(eventId),
        UpdateExpression:
          "SET sweepStatus = :givenUp, sweepClosedAt = :at, sweepClosedBy = :by, why = :why, #ttl = :ttl",
        ConditionExpression: "sweepStatus = :open",
        ExpressionAttributeNames: { "#ttl": "ttl" },
        ExpressionAttributeValues: {
          ":open": { S: "OPEN" },
          ":givenUp": { S: "GIVEN_UP" },
          ":at": { S: new Date(nowMs).toISOString() },
          ":by": { S: by },
          ":why": { S: why },
          ":ttl": { N: String(Math.floor(nowMs / 1000) + givenUpDays * daySeconds) },
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
  const { sweepStatus, sweepClosedAt: at, sweepClosedBy: by, why, ...event } = result.output;
  const isGivenUp = at !== undefined && by !== undefined && why !== undefined;
  return { ...event, isOpen: sweepStatus === "OPEN", ...(isGivenUp && { givenUp: { at, by, why } }) };
}
