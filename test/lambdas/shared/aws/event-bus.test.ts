import type { EventBridgeClient, PutEventsCommand, PutEventsCommandOutput } from "@aws-sdk/client-eventbridge";
import { createEventBus } from "../../../../lambdas/shared/aws/event-bus.ts";

/** A client that answers every call alike and keeps the commands. */
function aClient(answer: Partial<PutEventsCommandOutput>) {
  const sent: PutEventsCommand[] = [];
  const client = {
    async send(command: PutEventsCommand) {
      sent.push(command);
      return answer;
    },
  } as unknown as EventBridgeClient;
  return { client, sent };
}

const entry = { detailType: "payment.succeeded", detail: '{"eventId":"stripe:evt_1"}' };

describe("the bus payment-events", () => {
  it("sends entries in one call, with source, type and detail", async () => {
    const { client, sent } = aClient({ FailedEntryCount: 0, Entries: [{ EventId: "1" }, { EventId: "2" }] });
    const traced = { ...entry, traceHeader: "Root=1-0-0;Sampled=1" };
    expect(await createEventBus(client, "payment-events-test").put([entry, traced])).toEqual([undefined, undefined]);
    const plain = {
      EventBusName: "payment-events-test",
      Source: "payment-webhooks",
      DetailType: "payment.succeeded",
      Detail: entry.detail,
    };
    expect(sent.map(({ input }) => input)).toEqual([
      { Entries: [plain, { ...plain, TraceHeader: "Root=1-0-0;Sampled=1" }] },
    ]);
  });

  it("rule 13: finds the refused entries in a call that succeeded", async () => {
    const { client } = aClient({
      FailedEntryCount: 2,
      Entries: [
        { EventId: "1" },
        { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" },
        { ErrorCode: "MalformedDetail", ErrorMessage: "not JSON" },
      ],
    });
    expect(await createEventBus(client, "bus").put([entry, entry, entry])).toEqual([
      undefined,
      { code: "ThrottlingException", isPermanent: false },
      { code: "MalformedDetail", isPermanent: true },
    ]);
  });

  it("rule 13: takes an entry without any result for refused", async () => {
    const { client } = aClient({ FailedEntryCount: 1, Entries: [] });
    expect(await createEventBus(client, "bus").put([entry])).toEqual([{ code: "NoResult", isPermanent: false }]);
  });
});
