import type { Exception } from "../../../../config/archive.ts";
import { createClaimStore } from "../../../../lambdas/shared/aws/claim-store.ts";
import { createExceptionReader } from "../../../../lambdas/shared/aws/exception-reader.ts";
import { compareText } from "../../../../lambdas/shared/domain/archive/sums.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";

const tableName = "processed-webhooks-archive-test";

describeWithDynamoDb("exceptions", (emulator) => {
  beforeAll(() => emulator().createTable(tableName, "eventId"));

  it("are the events that aren't completed or skipped, with a first receipt", async () => {
    const claims = createClaimStore(emulator().client, tableName);
    const nowMs = Date.parse("2026-11-20T10:00:00.000Z");
    async function claimed(key: string, receivedAt?: string): Promise<void> {
      const firstSeen =
        receivedAt === undefined ? {} : { firstSeen: { receivedAt, occurredAt: receivedAt, content: "c" } };
      await claims.claim({ key, lockToken: key, nowMs, leaseSeconds: 30, ...firstSeen });
    }
    await claimed("e:processing", "2026-11-18T00:00:00.000Z");
    await claimed("e:failed", "2026-11-18T23:59:59.999Z");
    await claims.fail({ key: "e:failed", lockToken: "e:failed", error: "bus: down", nowMs });
    await claimed("e:completed", "2026-11-18T12:00:00.000Z");
    await claims.complete({ key: "e:completed", lockToken: "e:completed", status: "COMPLETED", result: "", nowMs });
    await claimed("e:skipped", "2026-11-18T12:00:00.000Z");
    await claims.complete({ key: "e:skipped", lockToken: "e:skipped", status: "SKIPPED", result: "", nowMs });
    await claimed("workflow#e:processing");
    const found: Exception[] = [];
    await createExceptionReader(emulator().client, tableName).eachException(async (one) => void found.push(one));
    expect(found.toSorted((a, b) => compareText(a.eventId, b.eventId))).toEqual([
      { eventId: "e:failed", status: "FAILED", receivedAt: "2026-11-18T23:59:59.999Z", error: "bus: down" },
      { eventId: "e:processing", status: "PROCESSING", receivedAt: "2026-11-18T00:00:00.000Z" },
    ]);
  });
});
