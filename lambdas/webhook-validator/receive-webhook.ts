import type { PaymentEvent, RoutingThresholds } from "../../config/events.ts";
import { limits } from "../../config/limits.ts";
import { isProviderName, type ProviderName } from "../../config/providers.ts";
import { sha256Hex } from "../shared/domain/raw-webhook.ts";
import { PermanentError } from "../shared/domain/retryable-error.ts";
import { messagesOf } from "../shared/domain/webhook-messages.ts";
import type { PayloadStore, WebhookQueue } from "../shared/domain/webhook-ports.ts";
import {
  type OpenedProvider,
  type Outside,
  type Preparation,
  type Refusal,
  type RefusalCode,
  signedItemsHeader,
  type UndecidedCode,
  type WebhookHeaders,
  type WebhookRequest,
} from "../shared/providers/types.ts";
import type { ProviderSchemes, Scheme } from "./provider-schemes.ts";

export interface IncomingWebhook extends WebhookRequest {
  /** As the path names it; not checked yet. */
  readonly providerName: string;
  readonly correlationId: string;
}

/** An item of a batch that can't be used, while others of it were accepted. */
interface RejectedItem {
  /** Its place in the body, from 0. */
  readonly index: number;
  readonly code: string;
}

export type Receipt =
  /** Every event is durable in the queue. At least one. */
  | { readonly kind: "accepted"; readonly events: readonly PaymentEvent[]; readonly rejected: readonly RejectedItem[] }
  | Refused;

interface Refused {
  readonly kind: "not-found" | "too-large" | "unauthorized" | "invalid" | "unavailable";
  readonly code: string;
  /** For the sender. */
  readonly message: string;
  /** Where the provider asks for another than the kind's own. */
  readonly status?: number;
  /** For the log, where there was one. */
  readonly error?: Error;
}

export interface ReceiveWebhookPorts {
  readonly schemes: ProviderSchemes;
  readonly queue: WebhookQueue;
  readonly payloads: PayloadStore;
  /** Asked only for providers whose webhooks need more than a secret. */
  readonly outside: Outside;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly routingThresholdsUsd: RoutingThresholds;
}

/**
 * Takes one webhook in: known provider → size → signature over the exact bytes → content → events → queue. Each step is
 * cheaper than the next, and nothing is fetched for a request that an earlier one refuses. On the happy path the queue
 * is the only AWS call.
 *
 * @throws RetryableError when secret store, provider, payload store or queue can't answer. Nothing is lost then: the sender gets
 * no 2xx and sends again, and what the queue already has is deduplicated by event id.
 */
export function createReceiveWebhook(ports: ReceiveWebhookPorts): (webhook: IncomingWebhook) => Promise<Receipt> {
  return async (webhook) => {
    const { providerName } = webhook;
    if (!isProviderName(providerName)) return refusal("not-found", "unknown_provider", "There is no such provider.");
    if (webhook.body.length > limits.webhookBodyBytes) {
      const message = `The body has more than ${limits.webhookBodyBytes} bytes.`;
      return refusal("too-large", "body_too_large", message);
    }
    const nowMs = ports.now();
    const checked = await verified(providerName, webhook, nowMs, ports);
    if (checked.kind !== "verified") return checked;
    const { body, headers } = checked.request;
    const parsed = checked.provider.parse(body);
    if (parsed.kind === "invalid") return refusal("invalid", parsed.code, parsed.message);
    if (Array.isArray(parsed.value) && parsed.value.length > limits.webhookItems) {
      return refusal("invalid", "batch_too_large", `The body has more than ${limits.webhookItems} items.`);
    }

    const bodySha256 = sha256Hex(body);
    const translations = checked.provider.translate(
      { body: parsed.value, headers },
      {
        provider: providerName,
        receivedAt: new Date(nowMs).toISOString(),
        correlationId: webhook.correlationId,
        bodySha256,
        routingThresholdsUsd: ports.routingThresholdsUsd,
      },
    );
    const events = translations.flatMap((item) => (item.kind === "event" ? [item.event] : []));
    const invalid = translations.flatMap((item, index) => (item.kind === "invalid" ? [{ ...item, index }] : []));
    if (events.length === 0) {
      const [first] = invalid;
      return refusal("invalid", first?.code ?? "no_events", first?.message ?? "The body has no items.");
    }
    const archived = archivedHeaders(headers, checked.provider);
    const messages = await messagesOf(
      { source: "webhook", events, body, bodySha256, headers: archived },
      ports.payloads,
    );
    const unqueueable = await sendAll(messages, ports.queue);
    if (unqueueable !== undefined) return unqueueable;
    return { kind: "accepted", events, rejected: invalid.map(({ index, code }) => ({ index, code })) };
  };
}

/** Queues the messages. What the queue can never take is the sender's to mend: a 503 would be sent again for days. */
async function sendAll(messages: readonly string[], queue: WebhookQueue): Promise<Refused | undefined> {
  try {
    await queue.send(messages);
    return undefined;
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { ...refusal("invalid", "event_not_queueable", "The queue can't take the event's text."), error };
  }
}

type Checked =
  /** What came in, as its provider has prepared it. */
  { readonly kind: "verified"; readonly provider: OpenedProvider; readonly request: WebhookRequest } | Refused;

/** Checks the signature; if no secret fits, once more with freshly read ones (WEBHOOK_RULES 3). */
async function verified(
  name: ProviderName,
  request: WebhookRequest,
  nowMs: number,
  { schemes, outside }: Pick<ReceiveWebhookPorts, "schemes" | "outside">,
): Promise<Checked> {
  const check = async (scheme: Scheme) => judged(request, scheme, outside, nowMs);
  const scheme = await schemes.current(name);
  const first = await check(scheme);
  if (!mayBeAnotherSecret(first)) return first;
  const fresh = await schemes.afterMismatch(name, scheme);
  return fresh === undefined ? first : check(fresh);
}

async function judged(request: WebhookRequest, scheme: Scheme, outside: Outside, nowMs: number): Promise<Checked> {
  if (scheme.kind === "closed") return notSetUp(scheme);
  const { provider } = scheme;
  if (!provider.hasLiveSecret(nowMs)) return noneLive;
  const prepared = await provider.prepare(request, outside, nowMs);
  if (prepared.kind === "refused") return unauthorized(prepared, provider);
  if (prepared.kind === "undecided") return undecided(prepared);
  const verification = provider.verify(prepared.request, nowMs);
  if (verification.kind === "refused") return unauthorized(verification, provider);
  const { body, headers } = prepared.request;
  const { items } = verification;
  if (items === undefined) return { kind: "verified", provider, request: prepared.request };
  const listed = new Map([...headers, [signedItemsHeader, items.join(",")]]);
  return { kind: "verified", provider, request: { body, headers: listed } };
}

/** No secret fits, or not for each item, or none is live: after a rotation the new one may not have been read yet. */
function mayBeAnotherSecret(checked: Checked): boolean {
  if (checked.kind === "verified") return checked.request.headers.has(signedItemsHeader);
  return secretCodes.has(checked.code) || checked === noneLive;
}

/** What another value of the secret may decide otherwise. */
const secretCodes: ReadonlySet<string> = new Set([
  "signature_mismatch",
  "object_unknown",
  "api_key_refused",
  "credentials_missing",
  "credentials_mismatch",
] satisfies (RefusalCode | UndecidedCode)[]);

function unauthorized({ code, detail }: Refusal, { refusalStatus }: OpenedProvider): Refused {
  return {
    ...refusal("unauthorized", code, detail),
    ...(refusalStatus === undefined ? {} : { status: refusalStatus }),
  };
}

/** The headers that prove the signature, and nothing else of what was sent. */
function archivedHeaders(headers: WebhookHeaders, provider: OpenedProvider): Readonly<Record<string, string>> {
  const kept = provider.archivedHeaders.flatMap((name) => {
    const value = headers.get(name);
    return value === undefined ? [] : [[name, value.toWellFormed()] as const];
  });
  return Object.fromEntries(kept);
}

function notSetUp({ code, error }: Extract<Scheme, { readonly kind: "closed" }>): Refused {
  return { ...refusal("unavailable", code, "The provider is not set up here yet. Send it again later."), error };
}

function undecided({ code, detail }: Extract<Preparation, { readonly kind: "undecided" }>): Refused {
  const message = "It can't be decided now, by what is set up here. Send it again later.";
  return { ...refusal("unavailable", code, message), error: new Error(detail) };
}

const noneLive: Refused = refusal(
  "unavailable",
  "secret_not_live",
  "No secret of the provider is live now. Send it again later.",
);

function refusal(kind: Refused["kind"], code: string, message: string): Refused {
  return { kind, code, message };
}
