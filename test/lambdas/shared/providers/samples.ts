/** A valid webhook of every provider, to take apart in tests. */
import type { ProviderName } from "../../../../config/providers.ts";
import { providers } from "../../../../lambdas/shared/providers/index.ts";
import { certificateHeader } from "../../../../lambdas/shared/providers/paypal/capabilities.ts";
import { signers } from "../../../../lambdas/shared/providers/sign.ts";
import type { OpenedProvider, WebhookRequest } from "../../../../lambdas/shared/providers/types.ts";
import { freshPaypalSecret } from "../../../../local/providers/paypal/test-sender.ts";

/** 2026-11-21T08:00:00.500Z. */
export const nowMs = 1_795_248_000_500;

export interface Sample {
  readonly topic: string;
  readonly body: unknown;
  /** As it lies in the secret store: the newest secret first. */
  readonly secretValue: { readonly secrets: readonly string[] };
  /** The header that holds the signature. */
  readonly signatureHeader: string;
  /** The header that holds the signed time, where it has one of its own. */
  readonly timestampHeader?: string;
  readonly isTimestamped: boolean;
  /** What `prepare` adds to the headers. */
  readonly prepared?: Readonly<Record<string, string>>;
}

const paypalSecret = freshPaypalSecret(nowMs);

export const samples: Readonly<Record<ProviderName, Sample>> = {
  stripe: {
    topic: "",
    body: {
      id: "evt_1",
      object: "event",
      type: "payment_intent.succeeded",
      created: 1_795_247_990,
      data: { object: { id: "pi_1", object: "payment_intent", amount: 1_500_000, currency: "usd", customer: "cus_1" } },
    },
    secretValue: { secrets: ["whsec_new", "whsec_old"] },
    signatureHeader: "stripe-signature",
    isTimestamped: true,
  },
  github: {
    topic: "ping",
    body: { zen: "Keep it logically awesome.", hook_id: 7, repository: { id: 1_296_269 } },
    secretValue: { secrets: ["github-new", "github-old"] },
    signatureHeader: "x-hub-signature-256",
    isTimestamped: false,
  },
  shopify: {
    topic: "orders/paid",
    body: {
      id: 450_789_469,
      financial_status: "paid",
      total_price: "409.94",
      currency: "USD",
      customer: { id: 207_119_551 },
    },
    secretValue: { secrets: ["shopify-new", "shopify-old"] },
    signatureHeader: "x-shopify-hmac-sha256",
    isTimestamped: false,
  },
  "standard-webhooks": {
    topic: "",
    body: {
      type: "payment.succeeded",
      timestamp: "2026-11-21T07:59:50Z",
      data: { payment_id: "pay_1", amount: 250_000, currency: "EUR" },
    },
    secretValue: {
      secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
    },
    signatureHeader: "webhook-signature",
    timestampHeader: "webhook-timestamp",
    isTimestamped: true,
  },
  hmac: {
    topic: "",
    body: {
      transaction_id: "txn_123456",
      amount: 15_000,
      currency: "USD",
      provider: "stripe",
      customer_id: "cust_789",
    },
    secretValue: { secrets: ["hmac-new", "hmac-old"] },
    signatureHeader: "x-webhook-signature",
    timestampHeader: "x-webhook-timestamp",
    isTimestamped: true,
  },
  paypal: {
    topic: "",
    body: {
      id: "WH-2CL46544TB770421K-5VB92446WP7345818",
      event_version: "1.0",
      create_time: "2026-11-21T07:59:50.336Z",
      resource_type: "capture",
      resource_version: "2.0",
      event_type: "PAYMENT.CAPTURE.COMPLETED",
      resource: { id: "29Y24445UY2083144", status: "COMPLETED", amount: { value: "100.00", currency_code: "USD" } },
    },
    secretValue: { ...paypalSecret, secrets: ["5GP028458E2496506", "1JE4291016473214C"] },
    signatureHeader: "paypal-transmission-sig",
    timestampHeader: "paypal-transmission-time",
    isTimestamped: true,
    prepared: { [certificateHeader]: paypalSecret.testSender?.certificates ?? "" },
  },
};

/** The provider with its secret read. Throws where the secret's value is refused. */
export function opened(name: ProviderName, secretValue: unknown): OpenedProvider {
  const result = providers[name].open(secretValue);
  if (result.kind === "misconfigured") throw new Error(result.detail);
  return result.provider;
}

export interface SignChanges {
  readonly body?: Uint8Array;
  readonly secretValue?: unknown;
  readonly atMs?: number;
  readonly deliveryId?: string;
  readonly topic?: string;
}

/** The sample, signed by its provider's secrets and prepared, with changes. */
export function signed(name: ProviderName, changes: SignChanges = {}): WebhookRequest {
  const sample = samples[name];
  const body = changes.body ?? Buffer.from(JSON.stringify(sample.body));
  const headers = signers[name]({
    body,
    secretValue: changes.secretValue ?? sample.secretValue,
    nowMs: changes.atMs ?? nowMs,
    deliveryId: changes.deliveryId ?? "delivery-1",
    topic: changes.topic ?? sample.topic,
  });
  return { body, headers: new Map(Object.entries({ ...headers, ...sample.prepared })) };
}
