/** What is measured of a webhook: our validator's way, and the least that can be done with the same bytes. */
import { createHmac, createVerify, timingSafeEqual, X509Certificate } from "node:crypto";
import { crc32 } from "node:zlib";
import { environments } from "../../config/environments.ts";
import type { EventContext } from "../../lambdas/shared/domain/payment-event.ts";
import { certificateHeader } from "../../lambdas/shared/providers/paypal/capabilities.ts";
import type { WebhookRequest } from "../../lambdas/shared/providers/types.ts";
import type { BenchWebhook } from "./webhooks.ts";

/** Does it once; refuses by throwing, so that nobody measures a refusal. */
export type Work = () => unknown;

/** Verifies, parses and translates, as the validator does. */
export function ours({ provider, opened, request, nowMs }: BenchWebhook): Work {
  const context: EventContext = {
    provider,
    receivedAt: new Date(nowMs).toISOString(),
    correlationId: "bench",
    // The validator needs it for the archive in any case.
    bodySha256: "0".repeat(64),
    routingThresholdsUsd: environments.dev.routingThresholdsUsd,
  };
  return () => {
    const { headers, body } = asItComes(request);
    const verdict = opened.verify({ headers, body }, nowMs);
    if (verdict.kind === "refused") throw new Error(`${provider} refuses its own: ${verdict.detail}`);
    const parsed = opened.parse(body);
    if (parsed.kind === "invalid") throw new Error(`${provider} can't read its own: ${parsed.message}`);
    const items = opened.translate({ body: parsed.value, headers }, context);
    for (const item of items) if (item.kind === "invalid") throw new Error(`${provider}: ${item.message}`);
    return items;
  };
}

/** What of it an SDK's call does, too: to verify, and to parse where the SDK does. */
export function asTheSdk({ provider, opened, request, nowMs }: BenchWebhook, parses: boolean): Work {
  return () => {
    const { headers, body } = asItComes(request);
    const verdict = opened.verify({ headers, body }, nowMs);
    if (verdict.kind === "refused") throw new Error(`${provider} refuses its own: ${verdict.detail}`);
    return parses ? opened.parse(body) : verdict;
  };
}

/** Bytes that nobody has seen: a provider that parses to verify remembers what it parsed. */
function asItComes({ headers, body }: WebhookRequest): WebhookRequest {
  return { headers, body: body.subarray() };
}

/** One message authentication code over the bytes, compared in constant time; then the bytes as JSON, if they are JSON. */
export function floor(webhook: BenchWebhook): Work {
  const { body } = webhook.request;
  const prove = (floors[webhook.provider] ?? hmacOf("sha256"))(webhook);
  if (!isJson(body)) return prove;
  return () => {
    prove();
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
  };
}

/** For anything else there is no floor of parsing. */
export function isJson(body: Uint8Array): boolean {
  return body[0] === 0x7b || body[0] === 0x5b;
}

/** Where the scheme isn't an HMAC of SHA-256. */
const floors: Readonly<Record<string, (webhook: BenchWebhook) => Work>> = { paypal: rsaOf, braintree: hmacOf("sha1") };

function hmacOf(algorithm: string): (webhook: BenchWebhook) => Work {
  return ({ request: { body }, secretValue: { secrets } }) => {
    const key = secrets[0] ?? "";
    const expected = createHmac(algorithm, key).update(body).digest();
    return () => {
      const code = createHmac(algorithm, key).update(body).digest();
      if (!timingSafeEqual(code, expected)) throw new Error("Never");
    };
  };
}

/** PayPal's: the public key is at hand. */
function rsaOf({ request: { body, headers }, secretValue: { secrets } }: BenchWebhook): Work {
  const of = (name: string) => headers.get(`paypal-transmission-${name}`) ?? "";
  const { publicKey } = new X509Certificate(headers.get(certificateHeader) ?? "");
  const signature = Buffer.from(of("sig"), "base64");
  return () => {
    const message = `${of("id")}|${of("time")}|${secrets[0]}|${crc32(body)}`;
    if (!createVerify("SHA256").update(message).verify(publicKey, signature)) throw new Error("Never");
  };
}
