import { eventIn } from "../../../tools/demo/read-queues.ts";

describe("eventIn", () => {
  const event = { eventId: "stripe:1", amountMinor: "123456789", currency: "USD" };

  it.each<[string, unknown]>([
    ["an alert", event],
    ["a webhook message", { version: 1, event }],
    ["an envelope of the bus", { source: "payment-webhooks", detail: event }],
    ["a workflow that failed", { event, error: {} }],
    ["a number where text belongs", { ...event, amountMinor: 123456789 }],
  ])("finds the event in %s", (_what, told) => {
    expect(eventIn(JSON.stringify(told))).toEqual(event);
  });

  it.each(["", "no JSON", "null", "[]", "{}"])("finds none in %j", (text) => {
    expect(eventIn(text)).toEqual({ eventId: "" });
  });
});
