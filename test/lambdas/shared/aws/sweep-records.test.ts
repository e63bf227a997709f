import { createClaimStore } from "../../../../lambdas/shared/aws/claim-store.ts";
import { createSweepRecords } from "../../../../lambdas/shared/aws/sweep-records.ts";
import { workflowClaimKey } from "../../../../lambdas/shared/domain/claims.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";

const tableName = "processed-webhooks-test";
const nowMs = Date.UTC(2026, 10, 20, 10);
const pauseMs = 30 * 60 * 1000;

describeWithDynamoDb("records of sweeps in DynamoDB", (emulator) => {
  beforeAll(() => emulator().createTable(tableName, "eventId"));
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
    expect(states.get("evt_0")).toEqual({ sweeps: 0 });
    expect(states.get("evt_1")).toEqual({
      event: { status: "COMPLETED" },
      workflow: { status: "PROCESSING", leaseExpiresAt: nowMs + 30_000 },
      sweeps: 0,
    });
  });

  it("count sweeps, of which two within the pause are one", async () => {
    const count = (afterMs: number) => records().count("evt_counted", { nowMs: nowMs + afterMs, pauseMs });
    const counted = async () => (await records().states(["evt_counted"])).get("evt_counted")?.sweeps;
    await Promise.all([count(0), count(0), count(1)]);
    await count(pauseMs - 1);
    expect(await counted()).toBe(1);
    await count(pauseMs + 1);
    expect(await counted()).toBe(2);
  });
});
