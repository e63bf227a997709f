import { asFirstSeen, entriesOf, entryKeys } from "../../../../lambdas/shared/domain/ledger.ts";
import { factVersion } from "../../../../lambdas/shared/providers/fields.ts";
import { aPaymentEvent, aWebhookMessage } from "../../../support/payment-events.ts";

const firstSeen = { receivedAt: "2026-11-19T23:59:59.000Z", occurredAt: "2026-11-19T23:59:58.000Z" };

describe("the entries of a delivery", () => {
  it("rule 18: are in the partition of the first receipt, whenever the delivery itself came in", () => {
    const message = aWebhookMessage();
    const event = asFirstSeen(message.event, { ...firstSeen, content: "" });
    const { fact, raw } = entriesOf(message, event, { tier: "low" });
    expect(fact.archivePartition).toMatch(/^2026-11-19T23#\d\d$/);
    // Whoever has the fact finds the raw entry by its key; in the index it would only cost.
    expect(raw).not.toHaveProperty("archivePartition");
    expect(fact.event).toMatchObject(firstSeen);
    expect(raw.occurredAt).toBe(firstSeen.occurredAt);
  });

  it("rule 1: keep the raw webhook with its own time of receipt, by which its signature is fresh", () => {
    const message = aWebhookMessage();
    const { raw } = entriesOf(message, asFirstSeen(message.event, { ...firstSeen, content: "" }), { tier: "low" });
    expect(raw.receivedAt).toBe(message.event.receivedAt);
    expect(raw.raw).toEqual(message.raw);
  });

  it("are the event's own where nothing was seen before", () => {
    expect(asFirstSeen(aPaymentEvent(), undefined)).toEqual(aPaymentEvent());
  });
});

describe("the key of an object's version", () => {
  it("rule 5: is one of the provider's word, unless the version is one fact across its words", () => {
    const digest = "ab".repeat(32);
    expect(entryKeys.version("a.created", digest)).not.toBe(entryKeys.version("a.updated", digest));
    const fact = factVersion("payment.succeeded", "pay1", "100", "USD");
    expect(entryKeys.version("a.created", fact)).toBe(entryKeys.version("a.updated", fact));
    const other = factVersion("payment.failed", "pay1", "100", "USD");
    expect(entryKeys.version("a.updated", other)).not.toBe(entryKeys.version("a.updated", fact));
  });
});
