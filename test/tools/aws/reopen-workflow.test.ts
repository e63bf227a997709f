import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { names } from "../../../config/names.ts";
import { createClaimStore } from "../../../lambdas/shared/aws/claim-store.ts";
import { workflowClaimKey } from "../../../lambdas/shared/domain/claims.ts";
import { createPipelineReader } from "../../../tools/aws/pipeline-reader.ts";
import { reopenWorkflow } from "../../../tools/aws/reopen-workflow.ts";
import { describeWithDynamoDb } from "../../support/dynamo-emulator.ts";
import { createProcessedWebhooks } from "../../support/processed-webhooks.ts";

const dev = names("dev");
const tableName = dev.tables.processedWebhooks;
const nowMs = Date.UTC(2026, 10, 20, 10);

describeWithDynamoDb("a workflow's claim that is opened again", (emulator) => {
  beforeAll(() => createProcessedWebhooks(emulator().client, tableName));
  const claims = () => createClaimStore(emulator().client, tableName);
  const readClaim = (key: string) => createPipelineReader(emulator().client, dev).claim(key);

  async function completed(eventId: string, atMs: number) {
    const key = workflowClaimKey(eventId);
    const claim = await claims().claim({ key, lockToken: String(atMs), nowMs: atMs, leaseSeconds: 30 });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    await claims().complete({ key, lockToken: String(atMs), status: "COMPLETED", result: "APPROVE", nowMs: atMs });
    const record = await readClaim(key);
    if (record === undefined) throw new Error("it has no record");
    return record;
  }
  const reopen = (eventId: string, claim: Awaited<ReturnType<typeof completed>>) =>
    reopenWorkflow(emulator().client, dev, { eventId, claim, why: "Replayed by ada: gone" });

  it("can be taken by the next execution, and says why until then", async () => {
    const key = workflowClaimKey("stripe:evt_1");
    await reopen("stripe:evt_1", await completed("stripe:evt_1", nowMs));
    expect(await readClaim(key)).toMatchObject({ status: "FAILED", error: "Replayed by ada: gone" });
    const next = await claims().claim({ key, lockToken: "next", nowMs, leaseSeconds: 30 });
    expect(next).toMatchObject({ kind: "claimed", retryCount: 1 });
  });

  it("stays as it is where an execution has taken or completed it since", async () => {
    const seen = await completed("stripe:evt_2", nowMs);
    await reopen("stripe:evt_2", seen);
    await completed("stripe:evt_2", nowMs + 1);
    await reopen("stripe:evt_2", seen);
    expect(await readClaim(workflowClaimKey("stripe:evt_2"))).toMatchObject({ status: "COMPLETED" });
  });

  it("isn't made where there is none", async () => {
    await reopen("stripe:evt_3", await completed("stripe:evt_4", nowMs));
    const Key = { eventId: { S: workflowClaimKey("stripe:evt_3") } };
    expect((await emulator().client.send(new GetItemCommand({ TableName: tableName, Key }))).Item).toBeUndefined();
  });
});
