/** Makes the plan: a fixed mix of good, repeated, late, odd and bad webhooks, in an order that the seed decides. */
import type { PaymentEventType, Tier } from "../../config/events.ts";
import type { ProviderName } from "../../config/providers.ts";
import type { WebhookOrder } from "../commands/webhooks/types.ts";
import { amountIn, boundaryAmounts, type Money, type PaidTier, unknownCurrency } from "./amounts.ts";
import type { Plan, PlannedEvent, PlannedWebhook, Spoiling, Step } from "./plan.ts";
import { createRandom, type Random } from "./random.ts";

/** Share of the webhooks in per mille, and how many webhooks one of its kind is. Payments take what is left. */
const mix = {
  boundary: { share: 30, size: 1 },
  risky: { share: 40, size: 1 },
  "out-of-order": { share: 40, size: 2 },
  "no-money": { share: 40, size: 1 },
  unroutable: { share: 15, size: 1 },
  large: { share: 10, size: 1 },
  duplicate: { share: 60, size: 2 },
  "concurrent-duplicate": { share: 60, size: 4 },
  "same-fact": { share: 16, size: 2 },
  tampered: { share: 30, size: 1 },
  stale: { share: 20, size: 1 },
  future: { share: 20, size: 1 },
  unsigned: { share: 20, size: 1 },
  malformed: { share: 15, size: 1 },
  oversized: { share: 5, size: 1 },
  "unknown-provider": { share: 5, size: 1 },
  "wrong-method": { share: 5, size: 1 },
} as const;

const refusals: Readonly<Record<Spoiling, number>> = {
  tampered: 401,
  stale: 401,
  future: 401,
  unsigned: 401,
  malformed: 400,
  oversized: 413,
  "unknown-provider": 404,
  "wrong-method": 405,
};

const payers = [
  ["stripe", 55],
  ["shopify", 15],
  ["standard-webhooks", 15],
  ["hmac", 15],
] as const satisfies readonly (readonly [ProviderName, number])[];
/** Providers whose signature covers a time. */
const timestamped = [
  ["stripe", 2],
  ["standard-webhooks", 1],
  ["hmac", 1],
] as const satisfies readonly (readonly [ProviderName, number])[];
const payTiers = [
  ["low", 70],
  ["medium", 20],
  ["high", 10],
] as const satisfies readonly (readonly [PaidTier, number])[];

const customers = 120;
const largeBytes = 150_000;

/** @param startMs when the demo begins: events happened in the hour before it */
export function makePlan(options: { readonly count: number; readonly seed: number; readonly startMs: number }): Plan {
  const planner = new Planner(createRandom(options.seed), options.startMs);
  const steps: Step[][] = [];
  let left = options.count;
  for (const [kind, { share, size }] of Object.entries(mix)) {
    for (let times = Math.floor((options.count * share) / 1_000 / size); times > 0 && left >= size; times--) {
      steps.push(planner.make(kind as keyof typeof mix));
      left -= size;
    }
  }
  for (; left > 0; left--) steps.push([[planner.payment()]]);
  // Steps of one kind keep their order; kinds are shuffled among each other, and a step's successors come later.
  const ordered = interleave(planner.random.shuffled(steps), planner.random);
  return {
    steps: ordered,
    webhooks: ordered.flat(),
    events: planner.events,
    transactions: planner.transactions,
  };
}

/** Puts the later steps of a sequence some way behind its first one. */
function interleave(sequences: readonly (readonly Step[])[], random: Random): Step[] {
  const slots: { readonly at: number; readonly step: Step }[] = [];
  for (const [index, sequence] of sequences.entries()) {
    let at = index;
    for (const step of sequence) {
      slots.push({ at, step });
      at += random.integer(40, 200);
    }
  }
  return slots.sort((a, b) => a.at - b.at).map(({ step }) => step);
}

class Planner {
  readonly random: Random;
  readonly events: PlannedEvent[] = [];
  readonly transactions: { events: PlannedEvent[]; status: string }[] = [];
  readonly #startMs: number;
  #boundaries = 0;

  constructor(random: Random, startMs: number) {
    this.random = random;
    this.#startMs = startMs;
  }

  make(kind: keyof typeof mix): Step[] {
    switch (kind) {
      case "boundary": {
        const [money, tier] = boundaryAmounts[this.#boundaries++ % boundaryAmounts.length] ?? boundaryAmounts[0];
        return [[this.payment({ provider: "stripe", money, tier })]];
      }
      case "risky":
        return [[this.risky()]];
      case "out-of-order":
        return this.outOfOrder();
      case "no-money":
        return [[this.withoutMoney()]];
      case "unroutable":
        return [[this.payment({ provider: "standard-webhooks", money: unknownCurrency, tier: "unroutable" })]];
      case "large":
        return [[{ ...this.payment({ provider: "stripe" }), paddingBytes: largeBytes }]];
      case "duplicate": {
        const webhook = this.payment();
        return [[webhook], [webhook]];
      }
      case "concurrent-duplicate": {
        const webhook = this.payment();
        return [[webhook, webhook, webhook, webhook]];
      }
      case "same-fact":
        return this.sameFact();
      default:
        return [[this.spoilt(kind)]];
    }
  }

  payment(
    wish: { provider?: ProviderName; money?: Money; tier?: Tier; order?: Partial<WebhookOrder> } = {},
  ): PlannedWebhook {
    const { random } = this;
    const provider = wish.provider ?? random.pickWeighted(payers);
    const paidTier = random.pickWeighted(payTiers);
    const money = wish.money ?? amountIn(paidTier, random);
    const order = this.#order("payment.succeeded", money, wish.order);
    const event = this.#event({
      provider,
      type: order.type,
      tier: wish.tier ?? paidTier,
      customerId: order.customerId ?? "",
      ...(wish.tier === "unroutable" ? {} : { money }),
    });
    return { provider, order, status: 200, event };
  }

  /** The provider's own risk score and a foreign card: reviewed or blocked in every tier. */
  risky(): PlannedWebhook {
    const { random } = this;
    const tier = random.pickWeighted([
      ["low", 30],
      ["medium", 30],
      ["high", 40],
    ] as const);
    const riskScore = random.pick([78, 82, 95, 99]);
    const order = { riskScore, cardCountry: "BR", customerCountry: "DE" };
    return this.payment({
      provider: random.pick(["stripe", "standard-webhooks"]),
      money: amountIn(tier, random),
      tier,
      order,
    });
  }

  /** The refund arrives before the payment that it refunds. */
  outOfOrder(): Step[] {
    const { random } = this;
    const tier = random.pickWeighted(payTiers);
    const money = amountIn(tier, random);
    const provider = random.pickWeighted(timestamped);
    const transactionId = `${provider === "stripe" ? "pi" : "pay"}_${random.hex(24)}`;
    const paidAtMs = this.#time();
    const payment = this.payment({ provider, money, tier, order: { transactionId, occurredAtMs: paidAtMs } });
    const order = this.#order("refund.created", money, { transactionId, occurredAtMs: paidAtMs + 60_000 });
    const event = this.#event({ provider, type: "refund.created", tier, money });
    if (payment.event !== undefined) this.transactions.push({ events: [event, payment.event], status: "refunded" });
    return [[{ provider, order, status: 200, event }], [payment]];
  }

  withoutMoney(): PlannedWebhook {
    const [provider, type] = this.random.pick<[ProviderName, PaymentEventType]>([
      ["github", "other"],
      ["stripe", "account.updated"],
      ["shopify", "other"],
    ]);
    const order = this.#order(type, undefined);
    return { provider, order, status: 200, event: this.#event({ provider, type, tier: "unrouted" }) };
  }

  /** Stripe tells one fact under two event ids (WEBHOOK_RULES 5). */
  sameFact(): Step[] {
    const first = this.payment({ provider: "stripe" });
    if (first.event === undefined) return [[first]];
    const { index: _own, ...same } = first.event;
    const event = this.#event({ ...same, sameFactAs: first.event });
    const second = { ...first, order: { ...first.order, eventId: `evt_${this.random.hex(24)}` }, event };
    return [[first], [second]];
  }

  spoilt(spoiling: Spoiling): PlannedWebhook {
    const { random } = this;
    const needsTime = spoiling === "stale" || spoiling === "future";
    const provider = random.pickWeighted(needsTime ? timestamped : payers);
    const order = this.#order("payment.succeeded", amountIn(random.pickWeighted(payTiers), random));
    return { provider, order, spoiling, status: refusals[spoiling] };
  }

  #order(type: PaymentEventType, money: Money | undefined, more: Partial<WebhookOrder> = {}): WebhookOrder {
    return {
      type,
      ...(money === undefined ? {} : { money }),
      token: this.random.hex(24),
      // Digits, as Shopify's are.
      customerId: String(7_000_000 + this.random.integer(1, customers)),
      occurredAtMs: this.#time(),
      ...more,
    };
  }

  #event(event: Omit<PlannedEvent, "index">): PlannedEvent {
    const planned = { ...event, index: this.events.length };
    this.events.push(planned);
    return planned;
  }

  /** Some second of the last hour; providers state whole seconds. */
  #time(): number {
    return Math.floor(this.#startMs / 1_000) * 1_000 - this.random.integer(120, 3_600) * 1_000;
  }
}
