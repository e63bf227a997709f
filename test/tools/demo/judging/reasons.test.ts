import { certainReasons } from "../../../../tools/demo/judging/reasons.ts";
import type { PlannedEvent } from "../../../../tools/demo/plan.ts";

const event = (order: Partial<PlannedEvent["order"]>, amountMinor = "12345"): PlannedEvent => ({
  index: 0,
  provider: "stripe",
  type: "payment.succeeded",
  tier: "low",
  order: { type: "payment.succeeded", token: "", occurredAtMs: 0, ...order },
  money: { amountMinor, currency: "USD" },
});

describe("certainReasons", () => {
  it.each<[string, PlannedEvent, string, number]>([
    ["another country", event({ cardCountry: "BR", customerCountry: "DE" }), "country-mismatch", 0.2],
    ["the same country", event({ cardCountry: "DE", customerCountry: "DE" }), "country-mismatch", 0],
    ["a high risk", event({ riskScore: 90 }), "provider-risk", 0.85],
    ["some risk", event({ riskScore: 74 }), "provider-risk", 0.35],
    ["little risk", event({ riskScore: 49 }), "provider-risk", 0],
    ["a round amount", event({}, "20000"), "round-amount", 0.05],
    ["an odd amount", event({}, "20001"), "round-amount", 0],
    ["just below a threshold", event({}, "99999"), "just-below-threshold", 0.1],
    ["on the threshold", event({}, "100000"), "just-below-threshold", 0],
  ])("of %s", (_what, planned, code, weight) => {
    expect(certainReasons(planned).get(code)).toBe(weight);
  });
});
