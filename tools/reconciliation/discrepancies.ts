/** Discrepancies in the table `reconciliation`, as a person looks at them and closes them. */
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { indexes, type Names } from "../../config/names.ts";
import { type Discrepancy, severities } from "../../config/reconciliation.ts";
import {
  createDiscrepancyStore,
  type DiscrepancyReading,
  readDiscrepancy,
} from "../../lambdas/shared/aws/discrepancy-store.ts";
import type { UnreadableDiscrepancy } from "../../lambdas/shared/domain/reconciliation/ports.ts";

export interface Discrepancies {
  /** Worst first, then oldest. The index lags behind the table by a moment. */
  open(): Promise<Found>;
  /** Closed ones, too, in the same order. Reads the whole table. */
  all(): Promise<Found>;
  /** Undefined where there is none of that id. */
  find(id: string): Promise<DiscrepancyReading | undefined>;
  /** Closes an open one by a person's word. `not-open`: somebody or a run was faster, or there is none of that id. */
  resolve(id: string, word: Resolution): Promise<"closed" | "not-open">;
}

/** What there is, and what of it isn't as this version writes it. */
export interface Found {
  readonly discrepancies: readonly Discrepancy[];
  readonly unreadable: readonly UnreadableDiscrepancy[];
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

  async function read(pages: AsyncIterable<{ readonly Items?: Item[] | undefined }>): Promise<Found> {
    const discrepancies: Discrepancy[] = [];
    const unreadable: UnreadableDiscrepancy[] = [];
    for await (const { Items = [] } of pages) {
      for (const reading of Items.map(readDiscrepancy)) {
        if (reading.kind === "discrepancy") discrepancies.push(reading.discrepancy);
        else unreadable.push(reading.unreadable);
      }
    }
    return { discrepancies: discrepancies.sort(worstFirst), unreadable };
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
      return Item === undefined ? undefined : readDiscrepancy(Item);
    },
    resolve: (id, word) => store.close(id, { status: "RESOLVED", ...word }),
  };
}

function worstFirst(one: Discrepancy, other: Discrepancy): number {
  const bySeverity = severities.indexOf(one.severity) - severities.indexOf(other.severity);
  return bySeverity || (one.firstSeenAt < other.firstSeenAt ? -1 : 1);
}
