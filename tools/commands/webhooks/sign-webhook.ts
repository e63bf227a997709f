import type { ProviderName } from "../../../config/providers.ts";
import { signers } from "../../../lambdas/shared/providers/sign.ts";
import type { SignedWebhook } from "../../../lambdas/shared/providers/types.ts";
import type { WebhookToSend } from "./types.ts";

/**
 * What its provider would post of a webhook.
 * @param secretValue value of the provider's secret
 * @throws SigningError if the secret can't sign
 */
export function signWebhook(
  provider: ProviderName,
  { body, deliveryId, topic }: WebhookToSend,
  { secretValue, nowMs }: { readonly secretValue: unknown; readonly nowMs: number },
): SignedWebhook {
  return signers[provider]({ body: bytesOf(body), secretValue, nowMs, deliveryId, topic });
}

function bytesOf(body: WebhookToSend["body"]): Uint8Array {
  return body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
}
