/** Plans single webhooks: what is posted, and what a correct pipeline makes of it. Everything by chance is the seed's. */
import type { Decision, PaymentEventType, Tier } from "../../config/events.ts";
import type { ProviderName } from "../../config/providers.ts";
import type { WebhookOrder } from "../commands/webhooks/types.ts";
import { amountIn, type Money, type PaidTier } from "./amounts.ts";
import type { MixedKind } from "./mix.ts";
import type { PlannedEvent, PlannedTransaction, PlannedWebhook } from "./plan.ts";
import type { Random } from "./random.ts";

export const payers = [
  ["stripe", 55],
  ["shopify", 15],
  ["standard-webhooks", 15],
  ["hmac", 15],
] as const satisfies readonly (readonly [ProviderName, number])[];
export const payTiers = [
  ["low", 70],
  ["medium", 20],
  ["high", 10],
] as const satisfies readonly (readonly [PaidTier, number])[];

const customers = 120;
const cards = 60;

/** A webhook that tells of an event. */
export type EventWebhook = PlannedWebhook & { readonly event: PlannedEvent };

/** What a payment has to be; the rest is by chance. */
export interface Wish {
  readonly provider?: ProviderName;
  readonly money?: Money;
  readonly tier?: Tier;
  readonly order?: Partial<WebhookOrder>;
  readonly verdicts?: readonly Decision[];
  /** A payment that names no customer, and so is compared with nobody's history. */
  readonly isAnonymous?: boolean;
  readonly reuses?: PlannedEvent;
}

export class Planner {
  readonly random: Random;
  readonly events: PlannedEvent[] = [];
  readonly transactions: PlannedTransaction[] = [];
  readonly #startMs: number;
  readonly #made = new Map<MixedKind, number>();

  constructor(random: Random, startMs: number) {
    this.random = random;
    this.#startMs = startMs;
  }

  payment(wish: Wish = {}): EventWebhook {
    const { random } = this;
    const provider = wish.provider ?? random.pickWeighted(payers);
    const paidTier = random.pickWeighted(payTiers);
    const money = wish.money ?? amountIn(paidTier, random);
    const more = { ...this.#card(provider), ...wish.order };
    const { customerId, ...order } = this.order("payment.succeeded", money, more);
    const event = this.event({
      provider,
      order: wish.isAnonymous === true || customerId === undefined ? order : { ...order, customerId },
      tier: wish.tier ?? paidTier,
      ...(wish.tier === "unroutable" ? {} : { money }),
      ...(wish.verdicts === undefined ? {} : { verdicts: wish.verdicts }),
      ...(wish.reuses === undefined ? {} : { reuses: wish.reuses }),
    });
    return { provider, order: event.order, status: 200, event };
  }

  /** A refund of so much of a payment, some minutes after it. */
  refund({ provider, tier, order }: PlannedEvent, money: Money, minutesLater: number): EventWebhook {
    const { transactionId = "", occurredAtMs } = order;
    const more = { transactionId, occurredAtMs: occurredAtMs + minutesLater * 60_000 };
    const refunded = this.order("refund.created", money, more);
    const event = this.event({ provider, order: refunded, tier, money });
    return { provider, order: refunded, status: 200, event };
  }

  /** The same happening once more: an event of its own, by nothing but its id. */
  again({ event: { index: _own, type: _derived, ...same }, ...webhook }: EventWebhook): EventWebhook {
    const order = { ...webhook.order, token: this.random.hex(24) };
    return { ...webhook, order, event: this.event({ ...same, order }) };
  }

  order(type: PaymentEventType, money?: Money, more: Partial<WebhookOrder> = {}): WebhookOrder {
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

  event(event: Omit<PlannedEvent, "index" | "type">): PlannedEvent {
    const planned = { ...event, type: event.order.type, index: this.events.length };
    this.events.push(planned);
    return planned;
  }

  /** A fresh id of the object that is paid. */
  transaction(provider: ProviderName): Pick<WebhookOrder, "transactionId"> {
    return { transactionId: `${provider === "stripe" ? "pi" : "pay"}_${this.random.hex(24)}` };
  }

  /** Cards come again, as customers do. */
  cardFingerprint(): string {
    return `card${this.random.integer(1, cards)}`;
  }

  /** The variants of a kind in turn, so that the first few have one of each. */
  next<T>(kind: MixedKind, variants: readonly [T, ...T[]]): T {
    const made = this.#made.get(kind) ?? 0;
    this.#made.set(kind, made + 1);
    return variants[made % variants.length] ?? variants[0];
  }

  /** Half of Stripe's payments and of the Standard Webhooks sender's say which card paid. */
  #card(provider: ProviderName): Pick<WebhookOrder, "cardFingerprint"> {
    const isTold = this.random.integer(0, 1) === 1 && (provider === "stripe" || provider === "standard-webhooks");
    return isTold ? { cardFingerprint: this.cardFingerprint() } : {};
  }

  /** Some second of the last hour, early enough for refunds to follow; providers state whole seconds. */
  #time(): number {
    return Math.floor(this.#startMs / 1_000) * 1_000 - this.random.integer(240, 3_600) * 1_000;
  }
}
