import type { CallAws } from "../../../../local/aws/types.ts";
import type { Fact } from "../../../../local/console/answers.ts";
import { rulesFor } from "../../../../local/console/event/rules.ts";

const fact: Fact = {
  eventId: "stripe:evt_1",
  transactionId: "stripe:pi_1",
  provider: "stripe",
  type: "payment.succeeded",
  providerType: "payment_intent.succeeded",
  occurredAt: "2026-11-20T12:00:00.000Z",
  receivedAt: "2026-11-20T12:00:01.000Z",
  correlationId: "one",
  source: "webhook",
  tier: "low",
};

const rules = [
  { Name: "a-refund", EventPattern: JSON.stringify({ "detail-type": ["payment.refunded"] }) },
  { Name: "every-event", EventPattern: JSON.stringify({ source: [{ prefix: "" }] }) },
];
const call: CallAws = async (_who, _service, operation) =>
  operation === "ListRules" ? { Rules: rules } : { Targets: [{ Arn: "arn:aws:lambda:r:1:function:one" }] };

const matched = async (changes: Partial<Fact>) =>
  (await rulesFor(call, "bus", { ...fact, ...changes })).map(({ name, isMatch }) => [name, isMatch]);

describe("rules of the bus", () => {
  it("are asked about an event that went there", async () => {
    expect(await matched({})).toEqual([
      ["every-event", true],
      ["a-refund", false],
    ]);
  });

  it.each([{ tier: "unrouted" }, { sameFactAs: "stripe:evt_0" }])(
    "say nothing of one that didn't: %j",
    async (changes) => {
      expect(await matched(changes)).toEqual([]);
    },
  );
});
