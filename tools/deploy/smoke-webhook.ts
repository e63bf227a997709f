/** The webhook that the smoke test sends, and the answer that says it is accepted. */
import type { ProviderName } from "../../config/providers.ts";
import type { Posted } from "../commands/post-webhook.ts";
import type { ApiAnswer } from "../commands/send-answer.ts";
import { webhookBuilders } from "../commands/webhooks/index.ts";
import { signWebhook } from "../commands/webhooks/sign-webhook.ts";
import type { WebhookOrder } from "../commands/webhooks/types.ts";
import type { SmokePorts, SmokeTest } from "./smoke.ts";

/** Signed anew with each attempt, since a signature ages; always under one id, so that it counts once. */
export async function sendSmokeWebhook(
  { provider, apiUrl, token }: Pick<SmokeTest, "provider" | "apiUrl" | "token">,
  secretValue: unknown,
  { post, now }: Pick<SmokePorts, "post" | "now">,
): Promise<Posted> {
  const webhook = webhookBuilders[provider].build(orderOf(provider, token, now()), secretValue);
  if (webhook.kind === "usage") throw new Error(webhook.message);
  const { headers, body } = signWebhook(provider, webhook, { secretValue, nowMs: now() });
  return post(`${apiUrl}/webhooks/${provider}`, headers, body);
}

function orderOf(provider: ProviderName, token: string, occurredAtMs: number): WebhookOrder {
  return {
    type: "payment.failed",
    money: { amountMinor: "100", currency: "USD" },
    token,
    eventId: provider === "stripe" ? `evt_smoke_${token}` : `smoke_${token}`,
    // Shopify's ids are numbers, made of the token.
    ...(provider === "shopify"
      ? {}
      : { transactionId: provider === "stripe" ? `pi_smoke_${token}` : `smoke_${token}` }),
    occurredAtMs,
  };
}

/** Id of the event that the API has accepted; undefined for any other answer. */
export function acceptedId({ status, text }: ApiAnswer): string | undefined {
  if (status !== 200) return undefined;
  try {
    const { eventId } = JSON.parse(text) as { readonly eventId?: unknown };
    return typeof eventId === "string" ? eventId : undefined;
  } catch {
    return undefined;
  }
}
