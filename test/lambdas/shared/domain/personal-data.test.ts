import * as fc from "fast-check";
import {
  recordedId,
  withoutPersonalData,
  withPersonalDataHidden,
} from "../../../../lambdas/shared/domain/personal-data.ts";

describe("an id that holds personal data", () => {
  it.each([
    ["an email address", "ada@example.com"],
    ["an email address within", "customer:ada+shop@mail.example.co.uk"],
    ["a Visa number", "4242424242424242"],
    ["a Mastercard number", "5555555555554444"],
    ["a Mastercard number of the newer range", "2223003122003222"],
    ["an American Express number", "378282246310005"],
    ["a Discover number", "6011111111111117"],
    ["a number in groups", "4242 4242 4242 4242"],
    ["a number in groups with hyphens", "order-4242-4242-4242-4242"],
    ["a number beside letters", "pan:4000056655665556;"],
    ["a secret key", "sk_live_51Habc"],
    ["a webhook secret", "whsec_abc"],
    ["a bearer token", "Bearer eyJhbGciOi"],
  ])("is replaced: %s", (_what, text) => {
    expect(withoutPersonalData(text)).toMatch(/^hidden-[0-9a-f]{32}$/);
  });

  it("has one digest of its own", () => {
    expect(withoutPersonalData("ada@example.com")).toBe(withoutPersonalData("ada@example.com"));
    expect(withoutPersonalData("ada@example.com")).not.toBe(withoutPersonalData("eve@example.com"));
  });
});

describe("any other id", () => {
  it.each([
    ["of Stripe", "evt_3MtwBwLkdIwHu7ix28a3tqPa"],
    ["of PayPal", "WH-58D329510W468432D-8HN650336L201105X"],
    ["of Shopify, a number", "820982911946154508"],
    ["of Adyen, 16 digits", "7914073381342284"],
    ["whose digits have no check digit", "4242424242424241"],
    ["of a plain notification", "cust_789"],
    ["that is a time", "1700000000000"],
    ["that is a UUID", "123e4567-e89b-42d3-a456-426614174000"],
    ["that is a SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    [
      "that is a SHA-256 with a card's number in it",
      "9f86d081884c7d659a2feaac4242424242424242c15d6c15b0f00a08aaaaaaaa",
    ],
    ["random, with a card's number among its characters", "evt_9f7e44242424242424242a5c7c"],
    ["that is a UUID of digits", "42424242-4242-4242-8242-424242424242"],
    ["with an @ alone", "user@local"],
    ["that is a token of a card, not its number", "tok_visa_4242"],
  ])("stays as it is: %s", (_what, text) => {
    expect(withoutPersonalData(text)).toBe(text);
  });
});

describe("personal data in a person's words", () => {
  it.each([
    ["called ada@example.com back", "called [hidden] back"],
    ["card 4242 4242 4242 4242 12/27 was stolen", "card [hidden] 12/27 was stolen"],
    ["cards 4242424242424242 378282246310005", "cards [hidden] [hidden]"],
    ["order 7 4242-4242-4242-4242, two", "order 7 [hidden], two"],
    ["used sk_live_51Habc and whsec_abc", "used [hidden] and [hidden]"],
    ["sent Bearer eyJhbGciOiJIUzI1NiJ9", "sent [hidden]"],
  ])("is hidden, and nothing else: %s", (text, shown) => {
    expect(withPersonalDataHidden(text)).toBe(shown);
  });

  it.each([
    "known customer, called back",
    "Bearer of bad news",
    "evt_3MtwBwLkdIwHu7ix28a3tqPa twice",
    "ticket 4242424242424241",
    "at 2026-11-20 10:00, from user@local",
    "",
  ])("isn't seen in: %s", (text) => {
    expect(withPersonalDataHidden(text)).toBe(text);
  });

  it("leaves nothing, wherever it stands", () => {
    const secret = fc.constantFrom("ada@example.com", "4242424242424242", "4000 0566 5566 5556", "sk_live_51Habc");
    const word = fc.stringMatching(/^[a-z ,.;()]{0,12}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, secret), { minLength: 1, maxLength: 5 }), (parts) => {
        const shown = withPersonalDataHidden(parts.map(([before, text]) => `${before} ${text}`).join(" "));
        expect(withoutPersonalData(shown)).toBe(shown);
      }),
    );
  });
});

describe("an id as its sender knows it", () => {
  it("is found under the one that is recorded", () => {
    expect(recordedId("hmac:ada@example.com")).toBe(`hmac:${withoutPersonalData("ada@example.com")}`);
    expect(recordedId(recordedId("hmac:ada@example.com"))).toBe(recordedId("hmac:ada@example.com"));
  });

  it.each(["stripe:evt_1", "shopify:1:orders/paid", "evt_1", ""])("is the same where nothing is hidden: %p", (id) => {
    expect(recordedId(id)).toBe(id);
  });
});
