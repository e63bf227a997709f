import { subjectKeysOf } from "../../../../lambdas/shared/domain/fraud-counters.ts";
import { aPaymentEvent } from "../../../support/payment-events.ts";

describe("the subjects of an event", () => {
  it("are its customer and its card, kept apart by provider", () => {
    const event = aPaymentEvent({ customerId: "cus_1", signals: { cardFingerprint: "cus_1" } });
    expect(subjectKeysOf(event)).toEqual({ customer: "customer#stripe#cus_1", card: "card#stripe#cus_1" });
    expect(subjectKeysOf({ ...event, provider: "hmac" }).customer).toBe("customer#hmac#cus_1");
  });

  it("are none where the provider names none", () => {
    expect(subjectKeysOf(aPaymentEvent())).toEqual({});
  });
});
