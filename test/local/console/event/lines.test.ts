import { names } from "../../../../config/names.ts";
import type { CallAws } from "../../../../local/aws/types.ts";
import { deadLetteredOf } from "../../../../local/console/event/dead-lettered.ts";
import { linesOf } from "../../../../local/console/event/lines.ts";
import { compileFilterPattern } from "../../../../local/services/logs/filter-pattern.ts";

const eventId = "stripe:evt_1";
const dedup = "/aws/lambda/webhook-dedup-dev";
const access = "/aws/apigateway/payment-webhooks-dev";
const logged: Readonly<Record<string, readonly object[]>> = {
  [dedup]: [
    { eventId, correlationId: "one", message: "record done", outcome: "processed" },
    {
      eventId,
      correlationId: "two",
      message: "record is dead-lettered",
      outcome: "dead-lettered",
      code: "event-id-reused",
    },
    { correlationId: "two", message: "a batch of it" },
    { eventId: "stripe:evt_2", correlationId: "three", message: "record done", outcome: "processed" },
  ],
  [access]: [
    { requestId: "one", method: "POST", resource: "/webhooks/{provider}", status: "200", time: "1000" },
    { requestId: "two", method: "POST", resource: "/webhooks/{provider}", status: "200", time: "2000" },
    { requestId: "three", method: "POST", resource: "/webhooks/{provider}", status: "200", time: "3000" },
  ],
};

/** CloudWatch Logs with these lines, a second apart. */
const call: CallAws = async (_who, _service, _operation, input) => {
  const { logGroupName, filterPattern } = input as Readonly<Record<"logGroupName" | "filterPattern", string>>;
  const { startTime = 0 } = input as { readonly startTime?: number };
  const matches = compileFilterPattern(filterPattern);
  const events = (logged[logGroupName] ?? [])
    .map((line, at) => ({ eventId: String(at), timestamp: (at + 1) * 1_000, message: JSON.stringify(line) }))
    .filter(({ message, timestamp }) => timestamp >= startTime && matches(message));
  return { events };
};

const found = (correlationId: string | undefined) => linesOf(call, [dedup, access], { eventId, correlationId });

describe("an event's lines", () => {
  it.each(["one", undefined])("are those of each of its deliveries, once (the first being %s)", async (first) => {
    const lines = await found(first);
    expect(lines.map(({ text }) => text)).toEqual([
      "record done",
      "record is dead-lettered",
      "a batch of it",
      "POST /webhooks/{provider}",
      "POST /webhooks/{provider}",
    ]);
  });

  it("are looked for from its receipt on", async () => {
    const since = await linesOf(call, [dedup], { eventId, correlationId: "one", sinceMs: 1_500.5 });
    expect(since.map(({ text }) => text)).toEqual(["record is dead-lettered", "a batch of it"]);
  });

  it("tell which deliveries were dead-lettered, and where they lie", async () => {
    expect(deadLetteredOf(await found("one"), names("dev"))).toEqual([
      { at: "1970-01-01T00:00:02.000Z", reason: "event-id-reused", queue: names("dev").dlq("webhook-events") },
    ]);
  });
});
