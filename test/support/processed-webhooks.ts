/** The table `processed-webhooks` in an emulator, with its index of undecided events. */
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { indexes } from "../../config/names.ts";

export async function createProcessedWebhooks(client: DynamoDBClient, TableName: string): Promise<void> {
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["eventId", "sweepStatus", "undecidedSince"].map(text),
      KeySchema: [{ AttributeName: "eventId", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: indexes.undecidedEvents,
          KeySchema: [
            { AttributeName: "sweepStatus", KeyType: "HASH" },
            { AttributeName: "undecidedSince", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
}
