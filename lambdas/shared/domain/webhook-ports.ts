/** What accepting a webhook needs from the outside. Every method throws RetryableError when it can't be done now. */
import type { ProviderName } from "../../../config/providers.ts";

export interface WebhookQueue {
  /** Resolves once every message is durable in `webhook-events`. If it throws, some of them may be there already. */
  send(messages: readonly string[]): Promise<void>;
}

export interface PayloadStore {
  /** Stores a body that is too large for the queue. Storing the same key again is harmless. */
  put(key: string, bytes: Uint8Array): Promise<{ readonly bucket: string; readonly key: string }>;
}

/** What the secret store holds for a provider. */
export type SecretLookup =
  | { readonly kind: "found"; readonly value: unknown }
  /** The secret exists, or should, but nobody has put a value into it yet. */
  | { readonly kind: "no-value" };

export interface SecretStore {
  /** The value as parsed JSON, undefined where it isn't JSON. One call of the store each time. */
  fetch(provider: ProviderName): Promise<SecretLookup>;
}
