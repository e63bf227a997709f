import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { Exception } from "../../../config/archive.ts";
import type { ExceptionReader } from "../domain/archive/ports.ts";
import { inDomainTerms } from "./errors.ts";

/** Parts of the table that are read at the same time: each page is 1 MB that DynamoDB filters, so waiting is most of it. */
const segments = 16;

/**
 * Deduplication's records in the table `processed-webhooks`. There is no index by status: the table is read through, and
 * only what is found comes over the network. Records of workflows and reviews have no first receipt.
 */
export function createExceptionReader(client: DynamoDBClient, tableName: string): ExceptionReader {
  async function segment(number: number, take: (exception: Exception) => Promise<void>): Promise<void> {
    let start: Record<string, AttributeValue> | undefined;
    do {
      const command: ScanCommand = new ScanCommand({
        TableName: tableName,
        Segment: number,
        TotalSegments: segments,
        FilterExpression: "attribute_exists(firstReceivedAt) AND NOT #status IN (:completed, :skipped)",
        ProjectionExpression: "eventId, #status, firstReceivedAt, #error",
        ExpressionAttributeNames: { "#status": "status", "#error": "error" },
        ExpressionAttributeValues: {
          ":completed": { S: "COMPLETED" },
          ":skipped": { S: "SKIPPED" },
        },
        ...(start !== undefined && { ExclusiveStartKey: start }),
      });
      const page = await inDomainTerms("Looking for exceptions", client.send(command));
      for (const item of page.Items ?? []) await take(exceptionIn(item));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  return {
    async eachException(take) {
      await Promise.all(Array.from({ length: segments }, (_, number) => segment(number, take)));
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
