import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { Manifest } from "../../../config/archive.ts";
import type { ExceptionReader } from "../domain/archive/ports.ts";
import { compareText } from "../domain/archive/sums.ts";
import { inDomainTerms } from "./errors.ts";

type Exception = Manifest["exceptions"][number];

/** Parts of the table that are read at the same time: each page is 1 MB that DynamoDB filters, so waiting is most of it. */
const segments = 16;

/**
 * Deduplication's records in the table `processed-webhooks`. There is no index by time: the table is read through once
 * per sealed day, and only what is found comes over the network. Records of workflows and reviews have no first receipt.
 */
export function createExceptionReader(client: DynamoDBClient, tableName: string): ExceptionReader {
  async function segment(day: string, number: number): Promise<Exception[]> {
    const found: Exception[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const command: ScanCommand = new ScanCommand({
        TableName: tableName,
        Segment: number,
        TotalSegments: segments,
        FilterExpression: "begins_with(firstReceivedAt, :day) AND NOT #status IN (:completed, :skipped)",
        ProjectionExpression: "eventId, #status, firstReceivedAt, #error",
        ExpressionAttributeNames: { "#status": "status", "#error": "error" },
        ExpressionAttributeValues: {
          ":day": { S: `${day}T` },
          ":completed": { S: "COMPLETED" },
          ":skipped": { S: "SKIPPED" },
        },
        ...(start !== undefined && { ExclusiveStartKey: start }),
      });
      const page = await inDomainTerms("Looking for exceptions", client.send(command));
      for (const item of page.Items ?? []) found.push(exceptionIn(item));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  }

  return {
    async exceptionsOf(day) {
      const numbers = Array.from({ length: segments }, (_, number) => number);
      const found = await Promise.all(numbers.map((number) => segment(day, number)));
      return found.flat().toSorted((a, b) => compareText(a.eventId, b.eventId));
    },
  };
}

function exceptionIn(item: Record<string, AttributeValue>): Exception {
  const error = item.error?.S;
  return {
    eventId: item.eventId?.S ?? "",
    status: item.status?.S ?? "",
    receivedAt: item.firstReceivedAt?.S ?? "",
    ...(error !== undefined && { error }),
  };
}
