import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { names } from "../../../config/names.ts";
import { createSweepRecords } from "../../../lambdas/shared/aws/sweep-records.ts";
import { sweepKey } from "../../../lambdas/shared/domain/sweep.ts";
import { createUndecidedEvents } from "../../../tools/aws/undecided-events.ts";
import { describeWithDynamoDb } from "../../support/dynamo-emulator.ts";
import { createProcessedWebhooks } from "../../support/processed-webhooks.ts";

const { tables, ...others } = names("dev");
const nowMs = Date.UTC(2026, 10, 20, 10);
const keyOf = (eventId: string) => ({ transactionId: "stripe:pi_1", entry: `2026-11-20T09:00:00.000Z#${eventId}` });

describeWithDynamoDb("undecided events, as a person sees them", (emulator) => {
  beforeAll(() => createProcessedWebhooks(emulator().client, tables.processedWebhooks));
  const sweeps = () => createSweepRecords(emulator().client, tables.processedWebhooks);
  const events = () => createUndecidedEvents(emulator().client, { tables, ...others });

  it("are those that sweeps keep, with how often they were swept", async () => {
    await sweeps().keep(keyOf("stripe:evt_1"), { nowMs, isForGood: false });
    await sweeps().keep(keyOf("stripe:evt_2"), { nowMs: nowMs + 1, isForGood: false });
    await sweeps().count("stripe:evt_1", { nowMs, pauseMs: 1, isLast: false });
    const first = {
      eventId: "stripe:evt_1",
      transactionId: "stripe:pi_1",
      undecidedSince: "2026-11-20T10:00:00.000Z",
      sweeps: 1,
      isOpen: true,
    };
    expect(await events().list(["OPEN"])).toEqual([
      first,
      expect.objectContaining({ eventId: "stripe:evt_2", sweeps: 0 }),
    ]);
    expect(await events().find("stripe:evt_1")).toEqual(first);
    expect(await events().find("stripe:evt_9")).toBeUndefined();
  });

  it("stay given up, and are given up once", async () => {
    await sweeps().keep(keyOf("stripe:evt_3"), { nowMs, isForGood: false });
    const word = { by: "ada", why: "refunded by hand", nowMs };
    expect(await events().giveUp("stripe:evt_3", word)).toBe("given-up");
    expect(await events().giveUp("stripe:evt_3", { ...word, by: "bob" })).toBe("not-open");
    const givenUp = { by: "ada", why: "refunded by hand", at: "2026-11-20T10:00:00.000Z" };
    expect(await events().find("stripe:evt_3")).toMatchObject({ isOpen: false, givenUp });
    expect((await sweeps().states(["stripe:evt_3"])).get("stripe:evt_3")).toMatchObject({ kept: "closed" });
    expect((await events().list(["OPEN"])).map(({ eventId }) => eventId)).not.toContain("stripe:evt_3");
    expect((await events().list(["OPEN", "GIVEN_UP"])).at(-1)).toMatchObject({ eventId: "stripe:evt_3", givenUp });
  });

  it("stay on record as given up for as long as audits may ask, whatever a late sweep says", async () => {
    await sweeps().keep(keyOf("stripe:evt_4"), { nowMs, isForGood: false });
    await events().giveUp("stripe:evt_4", { by: "ada", why: "refunded by hand", nowMs });
    await sweeps().close("stripe:evt_4", nowMs);
    const key = { eventId: { S: sweepKey("stripe:evt_4") } };
    const { Item } = await emulator().client.send(
      new GetItemCommand({ TableName: tables.processedWebhooks, Key: key, ConsistentRead: true }),
    );
    expect(Item).toMatchObject({ sweepStatus: { S: "GIVEN_UP" }, ttl: { N: String(nowMs / 1000 + 550 * 86_400) } });
  });

  it.each(["", "é".repeat(1_025)])("aren't looked for under a key that can't be", async (id) => {
    expect(await events().find(id)).toBeUndefined();
  });
});
