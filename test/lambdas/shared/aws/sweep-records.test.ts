import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createClaimStore } from "../../../../lambdas/shared/aws/claim-store.ts";
import { createSweepRecords } from "../../../../lambdas/shared/aws/sweep-records.ts";
import { dedupWindowEnd, workflowClaimKey } from "../../../../lambdas/shared/domain/claims.ts";
import { sweepKey } from "../../../../lambdas/shared/domain/sweep.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";
import { createProcessedWebhooks } from "../../../support/processed-webhooks.ts";

const tableName = "processed-webhooks-test";
const nowMs = Date.UTC(2026, 10, 20, 10);
const pauseMs = 30 * 60 * 1000;

describeWithDynamoDb("records of sweeps in DynamoDB", (emulator) => {
  beforeAll(() => createProcessedWebhooks(emulator().client, tableName));
  const records = () => createSweepRecords(emulator().client, tableName);

  it("say how far each event has come, however many are asked for", async () => {
    const claims = createClaimStore(emulator().client, tableName);
    const claim = { lockToken: "token", nowMs, leaseSeconds: 30 };
    await claims.claim({ ...claim, key: "evt_1" });
    await claims.complete({ key: "evt_1", lockToken: "token", status: "COMPLETED", result: "done", nowMs });
    await claims.claim({ ...claim, key: workflowClaimKey("evt_1") });
    const ids = Array.from({ length: 70 }, (_, at) => `evt_${at}`);
    const states = await records().states(ids);
    expect([...states.keys()]).toEqual(ids);
    expect(states.get("evt_0")).toEqual({ sweeps: 0, kept: "none" });
    expect(states.get("evt_1")).toEqual({
      event: { status: "COMPLETED" },
      workflow: { status: "PROCESSING", leaseExpiresAt: nowMs + 30_000 },
      sweeps: 0,
      kept: "none",
    });
  });

  it("count sweeps, of which two within the pause are one", async () => {
    const count = (afterMs: number) =>
      records().count("evt_counted", { nowMs: nowMs + afterMs, pauseMs, isLast: false });
    const counted = async () => (await records().states(["evt_counted"])).get("evt_counted")?.sweeps;
    await Promise.all([count(0), count(0), count(1)]);
    await count(pauseMs - 1);
    expect(await counted()).toBe(1);
    await count(pauseMs + 1);
    expect(await counted()).toBe(2);
  });

  const keyOf = (eventId: string) => ({ transactionId: "stripe:pi_1", entry: `2026-11-20T09:00:00.000Z#${eventId}` });
  async function keptIds() {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await records().page({ limit: 2, ...(after !== undefined && { after }) });
      ids.push(...page.keys.map(({ entry }) => entry.slice(25)));
      after = page.next;
    } while (after !== undefined);
    return ids;
  }
  async function ttlOf(eventId: string) {
    const command = new GetItemCommand({ TableName: tableName, Key: { eventId: { S: sweepKey(eventId) } } });
    return (await emulator().client.send(command)).Item?.ttl?.N;
  }

  it("keep undecided events until they are closed, those first that are kept longest", async () => {
    const ids = ["evt_b", "evt_a", "evt_c"];
    for (const [at, id] of ids.entries()) await records().keep(keyOf(id), { nowMs: nowMs + at, isForGood: false });
    await records().keep(keyOf("evt_b"), { nowMs: nowMs + 9, isForGood: false });
    expect(await keptIds()).toEqual(ids);
    expect((await records().states(["evt_b"])).get("evt_b")).toEqual({ sweeps: 0, kept: "open" });
    await records().close("evt_a", nowMs);
    await records().close("evt_never", nowMs);
    // One that a person has given up, or that was decided, isn't kept anew.
    await records().keep(keyOf("evt_a"), { nowMs, isForGood: false });
    expect(await keptIds()).toEqual(["evt_b", "evt_c"]);
    const states = await records().states(["evt_a", "evt_never"]);
    expect([...states.values()].map(({ kept }) => kept)).toEqual(["closed", "none"]);
  });

  it("end by themselves, but for events that only a person can do something about", async () => {
    await records().keep(keyOf("evt_ends"), { nowMs, isForGood: false });
    await records().keep(keyOf("evt_stays"), { nowMs, isForGood: true });
    expect([await ttlOf("evt_ends"), await ttlOf("evt_stays")]).toEqual([String(dedupWindowEnd(nowMs)), undefined]);
    await records().count("evt_ends", { nowMs, pauseMs, isLast: true });
    expect(await ttlOf("evt_ends")).toBeUndefined();
    await records().close("evt_ends", nowMs);
    expect(await ttlOf("evt_ends")).toBe(String(dedupWindowEnd(nowMs)));
  });

  it("save how far sweeps have come, and never go back", async () => {
    expect(await records().progress()).toBeUndefined();
    const saved = { asOfMs: nowMs, hoursLeft: ["2026-11-20T08", "2026-11-20T09"] };
    await records().saveProgress(saved);
    await records().saveProgress({ asOfMs: nowMs - 1, hoursLeft: [] });
    expect(await records().progress()).toEqual(saved);
  });
});
