/** The one shape of what `cli send` can say in a provider's words. Reading one provider's file teaches all. */
import type { PaymentEventType } from "../../../config/events.ts";
import type { Usage } from "../result.ts";

/** What to say, in our words. */
export interface WebhookOrder {
  readonly type: PaymentEventType;
  /** Exact minor units of at most 15 digits, which every JSON number holds; more than 0. */
  readonly money?: { readonly amountMinor: string; readonly currency: string };
  /** 24 hexadecimal digits that nobody has used, from which ids are made that weren't given. */
  readonly token: string;
  /** Ids in the provider's form. */
  readonly eventId?: string;
  readonly transactionId?: string;
  readonly customerId?: string;
  readonly occurredAtMs: number;
  /** For the fraud score, where the provider's objects tell it. */
  readonly riskScore?: number;
  readonly cardFingerprint?: string;
  readonly cardCountry?: string;
  readonly customerCountry?: string;
}

/** What is signed and posted. `deliveryId` and `topic` travel in headers where the provider has them there. */
export interface WebhookToSend {
  readonly kind: "webhook";
  /** Posted as JSON, or as it is where the provider doesn't speak JSON. */
  readonly body: Readonly<Record<string, unknown>> | Uint8Array;
  readonly deliveryId: string;
  readonly topic: string;
}

export interface WebhookBuilder {
  /** Types that the provider can tell of. */
  readonly types: readonly PaymentEventType[];
  /** `settings` is the value of the provider's secret, which says how this sender speaks. */
  build(order: WebhookOrder, settings: unknown): WebhookToSend | Usage;
}
