/** Discrepancies in the table `reconciliation`, as a person looks at them and closes them. */
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { indexes, type Names } from "../../config/names.ts";
import { type Discrepancy, discrepancySchema, severities } from "../../config/reconciliation.ts";
import { createDiscrepancyStore } from "../../lambdas/shared/aws/discrepancy-store.ts";

export interface Discrepancies {
  /** Worst first, then oldest. The index lags behind the table by a moment. */
  open(): Promise<readonly Discrepancy[]>;
  /** Closed ones, too, in the same order. Reads the whole table. */
  all(): Promise<readonly Discrepancy[]>;
  find(id: string): Promise<Discrepancy | undefined>;
  /** Closes an open one by a person's word. `not-open`: somebody or a run was faster, or there is none of that id. */
  resolve(id: string, word: Resolution): Promise<"closed" | "not-open">;
}

interface Resolution {
  readonly by: string;
  readonly why: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly at: string;
}

type Item = Record<string, AttributeValue>;

const prefix = "discrepancy#";
/** What is no id isn't asked for: DynamoDB refuses one that is too long with words of its own. */
const idShape = /^[0-9a-f]{16}$/;

export function createDiscrepancies(client: DynamoDBClient, { tables }: Names): Discrepancies {
  const TableName = tables.reconciliation;
  const store = createDiscrepancyStore(client, TableName);
  const keyOf = (id: string) => ({ id: { S: `${prefix}${id}` } });

  async function read(pages: AsyncIterable<{ readonly Items?: Item[] | undefined }>): Promise<readonly Discrepancy[]> {
    const found: Discrepancy[] = [];
    for await (const { Items = [] } of pages) found.push(...Items.map(discrepancyIn));
    return found.sort(worstFirst);
  }

  return {
    open: () =>
      read(
        paginateQuery(
          { client },
          {
            TableName,
            IndexName: indexes.openDiscrepancies,
            KeyConditionExpression: "discrepancyStatus = :open",
            ExpressionAttributeValues: { ":open": { S: "OPEN" } },
          },
        ),
      ),
    all: () =>
      read(
        paginateScan(
          { client },
          {
            TableName,
            FilterExpression: "begins_with(id, :prefix)",
            ExpressionAttributeValues: { ":prefix": { S: prefix } },
            ConsistentRead: true,
          },
        ),
      ),
    async find(id) {
      if (!idShape.test(id)) return undefined;
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true }));
      return Item === undefined ? undefined : discrepancyIn(Item);
    },
    resolve: (id, word) => store.close(id, { status: "RESOLVED", ...word }),
  };
}

function discrepancyIn(item: Item): Discrepancy {
  const { id, ...fields } = unmarshall(item);
  const result = v.safeParse(discrepancySchema, { ...fields, id: String(id).slice(prefix.length) });
  if (result.success) return result.output;
  const places = result.issues.map((issue) => v.getDotPath(issue) ?? "its shape");
  throw new Error(`A discrepancy in the table is not as this version writes it: ${[...new Set(places)].join(", ")}`);
}

function worstFirst(one: Discrepancy, other: Discrepancy): number {
  const bySeverity = severities.indexOf(one.severity) - severities.indexOf(other.severity);
  return bySeverity || (one.firstSeenAt < other.firstSeenAt ? -1 : 1);
}
