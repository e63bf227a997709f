/** A workflow's claim, opened again: the workflow has ended, and the decision that it ended with is gone. */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Names } from "../../config/names.ts";
import { workflowClaimKey } from "../../lambdas/shared/domain/claims.ts";
import type { ClaimRecord } from "./records.ts";

export interface Reopening {
  readonly eventId: string;
  /** The claim as it was read, COMPLETED. One that has changed since is somebody else's, and stays as it is. */
  readonly claim: ClaimRecord;
  /** Kept on the claim, as its error, until the workflow takes it. */
  readonly why: string;
}

/** Makes the claim FAILED, as the workflow itself does when it fails, so that the next execution may take it. */
export async function reopenWorkflow(
  client: DynamoDBClient,
  { tables }: Names,
  { eventId, claim: { processingCompletedAt: endedAt }, why }: Reopening,
): Promise<void> {
  const command = new UpdateItemCommand({
    TableName: tables.processedWebhooks,
    Key: { eventId: { S: workflowClaimKey(eventId) } },
    UpdateExpression: "SET #status = :failed, #error = :why REMOVE #result",
    ConditionExpression: `#status = :completed AND ${
      endedAt === undefined ? "attribute_not_exists(processingCompletedAt)" : "processingCompletedAt = :endedAt"
    }`,
    ExpressionAttributeNames: { "#status": "status", "#error": "error", "#result": "result" },
    ExpressionAttributeValues: {
      ":failed": { S: "FAILED" },
      ":completed": { S: "COMPLETED" },
      ":why": { S: why },
      ...(endedAt !== undefined && { ":endedAt": { S: endedAt } }),
    },
  });
  try {
    await client.send(command);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
