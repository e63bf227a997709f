/** How each kind of the mix is made: the steps that it takes, one after the other. */
import type { PaymentEventType } from "../../config/events.ts";
import type { ProviderName } from "../../config/providers.ts";
import type { WebhookOrder } from "../commands/webhooks/types.ts";
import {
  amountIn,
  boundaryAmounts,
  longAmounts,
  type Money,
  type PaidTier,
  thirdOfLowCents,
  unknownCurrency,
} from "./amounts.ts";
import type { MixedKind } from "./mix.ts";
import { lateIdPrefix, type PlannedWebhook, type Spoiling, type Step } from "./plan.ts";
import { type Planner, payers, payTiers } from "./planner.ts";

type Maker = (planner: Planner) => readonly Step[];

/** Providers whose signature covers a time. */
const timestamped = [
  ["stripe", 2],
  ["standard-webhooks", 1],
  ["hmac", 1],
] as const satisfies readonly (readonly [ProviderName, number])[];
/** Providers that let two bodies come under one event id, in the body or in a header, and what their ids begin with. */
const idPrefixes = [
  ["stripe", "evt_"],
  ["standard-webhooks", "msg_"],
  ["hmac", "ntf_"],
] as const satisfies readonly (readonly [ProviderName, string])[];
const moneyless = [
  ["github", "other"],
  ["stripe", "account.updated"],
  ["shopify", "other"],
] as const satisfies readonly (readonly [ProviderName, PaymentEventType])[];
/**
 * Who tells two equal refunds of one payment, and how: Stripe by the charge that both are of, or each by an object of its
 * own; the others in the very same body, under an id each.
 */
const refundForms = ["stripe-charge", "stripe", "standard-webhooks", "hmac"] as const;
const largeBytes = 150_000;

export const makers: Readonly<Record<MixedKind, Maker>> = {
  boundary: (planner) => [[stripePayment(planner, planner.next("boundary", boundaryAmounts))]],
  long: (planner) => [[stripePayment(planner, planner.next("long", longAmounts))]],
  risky: (planner) => [[risky(planner)]],
  reviewed: (planner) => [[reviewed(planner)]],
  "out-of-order": outOfOrder,
  "partial-refunds": partialRefunds,
  "no-money": (planner) => {
    const [provider, type] = planner.next<(typeof moneyless)[number]>("no-money", moneyless);
    const order = planner.order(type);
    return [[{ provider, order, status: 200, event: planner.event({ provider, order, tier: "unrouted" }) }]];
  },
  unroutable: (planner) => [
    [planner.payment({ provider: "standard-webhooks", money: unknownCurrency, tier: "unroutable" })],
  ],
  large: (planner) => [[{ ...planner.payment({ provider: "stripe" }), paddingBytes: largeBytes }]],
  duplicate: (planner) => {
    const webhook = planner.payment();
    return [[webhook], [webhook]];
  },
  "concurrent-duplicate": (planner) => {
    const webhook = planner.payment();
    return [[webhook, webhook, webhook, webhook]];
  },
  "same-fact": sameFact,
  "reused-id": reusedId,
  late: (planner) => {
    const order = { eventId: lateIdPrefix + planner.random.hex(24) };
    return [[{ ...planner.payment({ provider: "stripe", order }), isLate: true }]];
  },
  tampered: spoilt("tampered", 401),
  stale: spoilt("stale", 401),
  future: spoilt("future", 401),
  unsigned: spoilt("unsigned", 401),
  malformed: spoilt("malformed", 400),
  oversized: spoilt("oversized", 413),
  "unknown-provider": spoilt("unknown-provider", 404),
  "wrong-method": spoilt("wrong-method", 405),
};

function stripePayment(planner: Planner, [money, tier]: readonly [Money, PaidTier]): PlannedWebhook {
  return planner.payment({ provider: "stripe", money, tier });
}

/** The provider's own risk score and a foreign card: reviewed or blocked in every tier. */
function risky(planner: Planner): PlannedWebhook {
  const { random } = planner;
  const tier = planner.next<PaidTier>("risky", ["low", "medium", "high"]);
  const riskScore = random.pick([78, 82, 95, 99]);
  return planner.payment({
    provider: random.pick(["stripe", "standard-webhooks"]),
    money: amountIn(tier, random),
    tier,
    order: { riskScore, cardFingerprint: planner.cardFingerprint(), cardCountry: "BR", customerCountry: "DE" },
    // Whatever else is found is added to it, never taken away.
    verdicts: riskScore > 90 ? ["BLOCK"] : ["REVIEW", "BLOCK"],
  });
}

/** Risky enough for a person and no more, whatever came before: nothing is known of who pays, and the card is new. */
function reviewed(planner: Planner): PlannedWebhook {
  const { random } = planner;
  const cardFingerprint = random.hex(16);
  const order = planner.next<Partial<WebhookOrder>>("reviewed", [
    { riskScore: 78, cardFingerprint, cardCountry: "DE", customerCountry: "DE" },
    { riskScore: 82, cardFingerprint, cardCountry: "BR", customerCountry: "DE" },
  ]);
  const money = amountIn("high", random);
  return planner.payment({ provider: "stripe", money, tier: "high", order, isAnonymous: true, verdicts: ["REVIEW"] });
}

/** The refund arrives before the payment that it refunds. */
function outOfOrder(planner: Planner): readonly Step[] {
  const { random } = planner;
  const tier = random.pickWeighted(payTiers);
  const money = amountIn(tier, random);
  const provider = random.pickWeighted(timestamped);
  const payment = planner.payment({ provider, money, tier, order: planner.transaction(provider) });
  const refund = planner.refund(payment.event, money, 1);
  const events = [refund.event, payment.event];
  planner.transactions.push({ events, status: "refunded", refundedMinor: money.amountMinor });
  return [[refund], [payment]];
}

/** Two refunds of one payment, alike but for their ids: both count. */
function partialRefunds(planner: Planner): readonly Step[] {
  const form = planner.next("partial-refunds", refundForms);
  const provider = form === "stripe-charge" ? "stripe" : form;
  const partMinor = thirdOfLowCents(planner.random);
  const part = { amountMinor: String(partMinor), currency: "USD" };
  const whole = { amountMinor: String(3 * partMinor), currency: "USD" };
  const payment = planner.payment({ provider, money: whole, tier: "low", order: planner.transaction(provider) });
  const first = planner.refund(payment.event, part, 1);
  const second = planner.again(first);
  planner.transactions.push({
    events: [payment.event, first.event, second.event],
    status: "partially-refunded",
    refundedMinor: String(2 * partMinor),
  });
  if (form !== "stripe-charge") return [[payment], [first], [second]];
  return [[payment], [{ ...first, refundedBeforeMinor: "0" }], [{ ...second, refundedBeforeMinor: part.amountMinor }]];
}

/** Stripe tells one fact under two event ids (WEBHOOK_RULES 5). */
function sameFact(planner: Planner): readonly Step[] {
  const first = planner.payment({ provider: "stripe" });
  const { index: _own, type: _derived, ...same } = first.event;
  const order = { ...first.order, eventId: `evt_${planner.random.hex(24)}` };
  const event = planner.event({ ...same, order, sameFactAs: first.event });
  return [[first], [{ ...first, order, event }]];
}

/** Two payments under one event id, by mistake or on purpose: one is booked, a person looks at the other. */
function reusedId(planner: Planner): readonly Step[] {
  const [provider, prefix] = planner.next<(typeof idPrefixes)[number]>("reused-id", idPrefixes);
  const order = { eventId: prefix + planner.random.hex(24) };
  const first = planner.payment({ provider, order });
  return [[first], [planner.payment({ provider, order, reuses: first.event })]];
}

/** What is refused, with its status. */
function spoilt(spoiling: Spoiling, status: number): Maker {
  return (planner) => {
    const { random } = planner;
    const needsTime = spoiling === "stale" || spoiling === "future";
    const provider = random.pickWeighted(needsTime ? timestamped : payers);
    const order = planner.order("payment.succeeded", amountIn(random.pickWeighted(payTiers), random));
    return [[{ provider, order, spoiling, status }]];
  };
}
