import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { createRecordedEventReader } from "../../../../lambdas/shared/aws/recorded-event-reader.ts";
import { createTransactionStore } from "../../../../lambdas/shared/aws/transaction-store.ts";
import { entryKeys } from "../../../../lambdas/shared/domain/ledger.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";
import { aPaymentEvent } from "../../../support/payment-events.ts";

const tableName = "transactions-test";

describeWithDynamoDb("facts in DynamoDB", (emulator) => {
  beforeAll(() => emulator().createTable(tableName, "transactionId", "entry"));
  const reader = () => createRecordedEventReader(emulator().client, tableName);
  const keyOf = ({ transactionId, occurredAt, eventId }: ReturnType<typeof aPaymentEvent>) => {
    return { transactionId, entry: entryKeys.fact(occurredAt, eventId) };
  };

  it("come back as the events that were booked, with all digits of their amounts", async () => {
    const signals = { cardFingerprint: "card_1", providerRiskScore: 12.5 };
    const event = aPaymentEvent({
      amountMinor: "123456789012345678901234567890",
      signals,
      contentDigest: "aa",
    });
    const store = createTransactionStore(emulator().client, tableName);
    const archivePartition = "2026-11-20T10#00";
    await store.recordFact({ event, source: "webhook", tier: "high", archivePartition });
    const repeat = aPaymentEvent({ eventId: "stripe:evt_2" });
    await store.recordFact({
      event: repeat,
      source: "webhook",
      tier: "low",
      archivePartition,
      sameFactAs: "stripe:evt_1",
    });
    const missing = aPaymentEvent({ eventId: "stripe:evt_3" });
    const { facts, unreadable } = await reader().facts([keyOf(event), keyOf(repeat), keyOf(missing)]);
    expect(unreadable).toEqual([]);
    expect(facts.toSorted((a, b) => (a.event.eventId < b.event.eventId ? -1 : 1))).toEqual([
      { event, tier: "high" },
      { event: repeat, tier: "low", sameFactAs: "stripe:evt_1" },
    ]);
  });

  it.each([
    ["without its traits", {}],
    ["whose event is broken", { eventId: { S: "" } }],
  ])("tells of one %s and goes on with the others", async (_, attributes) => {
    const event = aPaymentEvent({ eventId: "stripe:evt_9" });
    await createTransactionStore(emulator().client, tableName).recordFact({
      ...{ event, source: "webhook", tier: "low", archivePartition: "2026-11-20T10#00" },
    });
    const broken = { transactionId: "stripe:pi_9", entry: "2026-11-20T10:00:00.000Z#stripe:broken" };
    const Item = { transactionId: { S: broken.transactionId }, entry: { S: broken.entry }, ...attributes };
    await emulator().client.send(new PutItemCommand({ TableName: tableName, Item }));
    const { facts, unreadable } = await reader().facts([broken, keyOf(event)]);
    expect([facts.map((one) => one.event), unreadable]).toEqual([[event], [broken]]);
  });
});
