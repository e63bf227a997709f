/** One try at verifying a captured webhook, as the validator would have made it then. */
import type { ProviderName } from "../../config/providers.ts";
import { RetryableError } from "../../lambdas/shared/domain/retryable-error.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import type {
  OpenedProvider,
  Outside,
  RefusalCode,
  WebhookHeaders,
  WebhookRequest,
} from "../../lambdas/shared/providers/types.ts";

/** All that decides whether a webhook is believed. */
export interface Captured {
  readonly provider: ProviderName;
  /** As it lies in the secret store: `{ secrets: [...], ...settings }`. */
  readonly secretValue: unknown;
  readonly headers: WebhookHeaders;
  readonly body: Uint8Array;
  /** When it came in, or is supposed to; epoch milliseconds. */
  readonly atMs: number;
}

export type Attempt =
  | {
      readonly kind: "valid";
      readonly scheme: OpenedProvider;
      /** With what the provider has brought besides, such as a certificate, or the object that was asked for. */
      readonly request: WebhookRequest;
      /** Places of the items that are signed, if not all of a batch are. */
      readonly items?: readonly number[];
      /** Why the provider's API could not be asked for what the webhook doesn't say itself, such as amounts. */
      readonly unasked?: string;
    }
  | {
      readonly kind: "refused";
      readonly code: RefusalCode | "secret_misconfigured" | "secret_not_live";
      readonly detail: string;
    }
  /** It takes something that has to be fetched, and could not be. */
  | { readonly kind: "undecided"; readonly why: string };

/**
 * The validator leaves a webhook to its sender while the provider's API can't be asked. Whoever looks at a captured one
 * still wants to know whether its signature holds: it goes on without the answers, where the provider can.
 */
export async function attempt(captured: Captured, outside: Outside): Promise<Attempt> {
  const { provider, secretValue, atMs } = captured;
  const opened = providers[provider].open(secretValue);
  if (opened.kind === "misconfigured") return { kind: "refused", code: "secret_misconfigured", detail: opened.detail };
  const { provider: scheme } = opened;
  if (!scheme.hasLiveSecret(atMs)) {
    return { kind: "refused", code: "secret_not_live", detail: "No secret is live at that time." };
  }
  let unasked: string | undefined;
  const ask: Outside["ask"] = (question) =>
    outside.ask(question).catch((error: unknown) => {
      if (!(error instanceof RetryableError)) throw error;
      unasked = error.message;
      return { kind: "unasked" };
    });
  try {
    const prepared = await scheme.prepare(captured, { ...outside, ask }, atMs);
    if (prepared.kind === "refused") return prepared;
    if (prepared.kind === "undecided") return { kind: "undecided", why: prepared.detail };
    const { request } = prepared;
    const verification = scheme.verify(request, atMs);
    if (verification.kind === "refused") return verification;
    const { items } = verification;
    return { kind: "valid", scheme, request, ...(items && { items }), ...(unasked !== undefined && { unasked }) };
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
    return { kind: "undecided", why: unasked ?? error.message };
  }
}
