/** A valid webhook of every provider, to take apart in tests. */
import type { ProviderName } from "../../../../config/providers.ts";
import { providers } from "../../../../lambdas/shared/providers/index.ts";
import { signers } from "../../../../lambdas/shared/providers/sign.ts";
import type { OpenedProvider, WebhookRequest } from "../../../../lambdas/shared/providers/types.ts";
import { adyenSample } from "./adyen/sample.ts";
import { braintreeSample } from "./braintree/sample.ts";
import { githubSample } from "./github/sample.ts";
import { gocardlessSample } from "./gocardless/sample.ts";
import { hmacSample } from "./hmac/sample.ts";
import { mollieSample } from "./mollie/sample.ts";
import { paddleSample } from "./paddle/sample.ts";
import { paypalSample } from "./paypal/sample.ts";
import { razorpaySample } from "./razorpay/sample.ts";
import { nowMs, type Sample } from "./sample.ts";
import { shopifySample } from "./shopify/sample.ts";
import { squareSample } from "./square/sample.ts";
import { standardWebhooksSample } from "./standard-webhooks/sample.ts";
import { stripeSample } from "./stripe/sample.ts";

export { nowMs } from "./sample.ts";

export const samples: Readonly<Record<ProviderName, Sample>> = {
  stripe: stripeSample,
  github: githubSample,
  shopify: shopifySample,
  "standard-webhooks": standardWebhooksSample,
  hmac: hmacSample,
  paypal: paypalSample,
  adyen: adyenSample,
  square: squareSample,
  paddle: paddleSample,
  razorpay: razorpaySample,
  gocardless: gocardlessSample,
  mollie: mollieSample,
  braintree: braintreeSample,
};

/** The provider with its secret read. Throws where the secret's value is refused. */
export function opened(name: ProviderName, secretValue: unknown): OpenedProvider {
  const result = providers[name].open(secretValue);
  if (result.kind === "misconfigured") throw new Error(result.detail);
  return result.provider;
}

/** What a provider signs of its sample. */
export function sampleBytes(name: ProviderName): Uint8Array {
  const { body } = samples[name];
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
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
  const body = changes.body ?? sampleBytes(name);
  const sent = signers[name]({
    body,
    secretValue: changes.secretValue ?? sample.secretValue,
    nowMs: changes.atMs ?? nowMs,
    deliveryId: changes.deliveryId ?? "delivery-1",
    topic: changes.topic ?? sample.topic,
  });
  return { body: sent.body, headers: new Map(Object.entries({ ...sent.headers, ...sample.prepared })) };
}
