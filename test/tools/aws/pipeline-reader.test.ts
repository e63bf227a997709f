import { type AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { names } from "../../../config/names.ts";
import { archivePartitionOf } from "../../../lambdas/shared/domain/archive-partition.ts";
import { createPipelineReader } from "../../../tools/aws/pipeline-reader.ts";
import { aClaim, reviewItem } from "../samples.ts";

type Answer = { readonly Items?: readonly object[]; readonly LastEvaluatedKey?: Record<string, AttributeValue> };

/** A reader over prepared answers, and what it asked for. */
function readerOver(...answers: readonly Answer[]) {
  const asked: Record<string, unknown>[] = [];
  const left = [...answers];
  const send = async ({ input }: { input: Record<string, unknown> }) => {
    asked.push({ ...input });
    return left.shift() ?? {};
  };
  // The SDK's paginators look whether they were given a client.
  const client = Object.assign(Object.create(DynamoDBClient.prototype) as DynamoDBClient, { send });
  return { reader: createPipelineReader(client, names("dev")), asked };
}

describe("the pipeline reader", () => {
  it("lists open reviews to the last page", async () => {
    const next = { eventId: { S: "review#stripe:evt_1" } };
    const { reader, asked } = readerOver(
      { Items: [reviewItem], LastEvaluatedKey: next },
      { Items: [], LastEvaluatedKey: next },
      { Items: [{ ...reviewItem, eventId: { S: "review#stripe:evt_2" } }] },
    );
    expect((await reader.openReviews()).map(({ eventId }) => eventId)).toEqual(["stripe:evt_1", "stripe:evt_2"]);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toMatchObject({ TableName: "processed-webhooks-dev", IndexName: "OpenReviewsIndex" });
    expect(asked[1]).toMatchObject({ ExclusiveStartKey: next });
  });

  it("finds the transaction of an event by its place in the archive", async () => {
    const { reader, asked } = readerOver({ Items: [{ transactionId: { S: "stripe:pi_1" } }] });
    const firstReceivedAt = "2026-11-20T08:00:01.000Z";
    const firstOccurredAt = "2026-11-20T08:00:00.000Z";
    const claim = aClaim({ firstReceivedAt, firstOccurredAt });
    expect(await reader.transactionIdOf("stripe:evt_1", claim)).toBe("stripe:pi_1");
    expect(asked[0]).toMatchObject({
      IndexName: "ArchiveIndex",
      ExpressionAttributeValues: {
        ":partition": { S: archivePartitionOf("stripe:evt_1", firstReceivedAt) },
        ":entry": { S: "2026-11-20T08:00:00.000Z#stripe:evt_1" },
      },
    });
  });

  it("asks for no transaction before the event's times are known", async () => {
    const { reader, asked } = readerOver();
    expect(await reader.transactionIdOf("stripe:evt_1", aClaim())).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each(["", "é".repeat(1_025)])("knows without asking that nothing has a key that can't be", async (key) => {
    const { reader, asked } = readerOver();
    expect([await reader.claim(key), asked]).toEqual([undefined, []]);
  });

  it("rule 19: never fetches bodies and headers of a transaction", async () => {
    const { reader, asked } = readerOver({ Items: [] });
    expect(await reader.entries("stripe:pi_1")).toEqual([]);
    const fetched = Object.values(asked[0]?.ExpressionAttributeNames ?? {});
    expect(fetched).toContain("sha256");
    expect(fetched).not.toContain("body");
    expect(fetched).not.toContain("headers");
  });

  it("reads the event's own decision among those of its transaction", async () => {
    const decision = (eventId: string) => ({
      kind: { S: "decision" },
      eventId: { S: eventId },
      decision: { S: "BLOCK" },
      score: { N: "0.9" },
      reasons: { S: "[]" },
      modelVersion: { S: "m" },
      decidedAt: { S: "2026-11-20T08:00:00.000Z" },
      decidedBy: { S: "ada" },
      tier: { S: "high" },
    });
    const { reader, asked } = readerOver({ Items: [decision("stripe:evt_2"), decision("stripe:evt_1")] });
    expect(await reader.decision("stripe:pi_1", "stripe:evt_1")).toMatchObject({ eventId: "stripe:evt_1" });
    expect(asked[0]).toMatchObject({ ConsistentRead: true });
  });
});
