import { translateGithub } from "../../../../../lambdas/shared/providers/github/translate.ts";
import { routingThresholdsUsd, tierOf } from "../../../../support/routing.ts";

const context = {
  provider: "github",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const translate = (body: unknown, headers: Record<string, string>) =>
  translateGithub({ body, headers: new Map(Object.entries(headers)) }, context)[0];

describe("translateGithub", () => {
  it("records any event as other, without money", () => {
    const headers = { "x-github-event": "issues", "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958" };
    const item = translate({ action: "opened", amount: 5, currency: "usd", repository: { id: 1_296_269 } }, headers);
    if (item?.kind !== "event") throw new Error("not an event");
    expect(item.event).toMatchObject({
      eventId: "github:72d3162e-cc78-11e3-81ab-4c9367dc0958",
      transactionId: "github:1296269",
      type: "other",
      providerType: "issues.opened",
      occurredAt: context.receivedAt,
    });
    expect(tierOf(item.event)).toBe("unrouted");
  });

  it("records a ping", () => {
    const item = translate({ zen: "Design for failure.", hook_id: 7 }, { "x-github-event": "ping" });
    expect(item).toMatchObject({
      event: { providerType: "ping", transactionId: "github:7", eventId: `github:${context.bodySha256}` },
    });
  });

  it.each([
    [
      "sponsorship",
      { action: "created", sponsorship: { node_id: "S_1", tier: { monthly_price_in_cents: 500 } } },
      "github:S_1",
    ],
    [
      "marketplace_purchase",
      {
        action: "purchased",
        effective_date: "2026-11-20T00:00:00+00:00",
        marketplace_purchase: { account: { id: 4, node_id: "O_4" }, plan: { monthly_price_in_cents: 1_000 } },
        previous_marketplace_purchase: { account: { id: 4, node_id: "O_4" }, plan: { monthly_price_in_cents: 0 } },
      },
      "github:O_4",
    ],
  ])("rule 10: the prices of a %s are no money that moved", (name, body, transactionId) => {
    const item = translate(body, { "x-github-event": name, "x-github-delivery": "d-1" });
    if (item?.kind !== "event") throw new Error("not an event");
    expect(item.event).toMatchObject({ type: "other", providerType: `${name}.${body.action}`, transactionId });
    expect(item.event).not.toHaveProperty("amountMinor");
    expect(tierOf(item.event)).toBe("unrouted");
  });

  it("rule 5: a replay under another delivery id has the same object version", () => {
    const versions = ["a", "b"].map((id) => translate({}, { "x-github-event": "push", "x-github-delivery": id }));
    expect(versions).toMatchObject([
      { event: { objectVersion: context.bodySha256, contentDigest: context.bodySha256 } },
      { event: { objectVersion: context.bodySha256, contentDigest: context.bodySha256 } },
    ]);
  });

  it("rule 4: needs an event's name and an object", () => {
    expect(translate({}, {})).toMatchObject({ kind: "invalid", code: "event_type_missing" });
    expect(translate([], { "x-github-event": "push" })).toMatchObject({ kind: "invalid", code: "body_not_object" });
  });
});
