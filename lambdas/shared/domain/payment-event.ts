/** Builds the canonical PaymentEvent from what a provider's translation found, the same way for every provider. */
import * as v from "valibot";
import {
  monetaryEventTypes,
  type PaymentEvent,
  type PaymentEventType,
  paymentEventSchema,
  type RoutingThresholds,
} from "../../../config/events.ts";
import type { ProviderName } from "../../../config/providers.ts";
import { decimalText } from "./exact-json.ts";
import { type Amount, upperCaseCode } from "./money.ts";
import { withoutPersonalData } from "./personal-data.ts";
import { routingAmountOf } from "./routing.ts";

/**
 * Begins an `objectVersion` that is one fact under whichever of the provider's words it is told, as Square tells a payment
 * that is completed by `payment.created` and again by `payment.updated`. `factVersion` of providers/fields.ts makes one.
 */
export const acrossWords = "fact:";

/** What a translation knows of one item of a webhook. Strings come from outside and are checked here. */
export interface EventDraft {
  /** The provider's id of the event. Without a usable one the SHA-256 of the body takes its place (WEBHOOK_RULES 6). */
  readonly providerEventId: unknown;
  /** Id of the object that the event is about; the event's own id where it is about nothing. */
  readonly objectId: unknown;
  readonly type: PaymentEventType;
  readonly providerType: unknown;
  /**
   * The provider's version of the object, by which one fact is recognised under two event ids (WEBHOOK_RULES 5). Left
   * out where two facts may have the same one: better counted twice and seen than lost and not. It is one of the
   * provider's word (`providerType`), unless it begins with `acrossWords`.
   */
  readonly objectVersion?: string | undefined;
  /**
   * Digest of what the provider repeats unchanged when it sends the event again, besides transaction, word and money.
   * Where it differs, the event id has been used for something else.
   */
  readonly contentDigest: string;
  /** The money in it, if any: as the provider states it. */
  readonly money?: { readonly amount: Amount; readonly currency: unknown };
  readonly signals?: {
    readonly cardFingerprint?: unknown;
    readonly cardCountry?: unknown;
    readonly customerCountry?: unknown;
    readonly providerRiskScore?: unknown;
  };
  readonly customerId?: unknown;
  /** Milliseconds since 1970; the time of receipt where the provider doesn't say. */
  readonly occurredAtMs?: number | undefined;
}

export interface EventContext {
  readonly provider: ProviderName;
  /** ISO 8601 UTC with milliseconds. */
  readonly receivedAt: string;
  readonly correlationId: string;
  /** SHA-256 of the body (of the item, in a batch), hex. */
  readonly bodySha256: string;
  /** Over which the routing amount is not rounded. */
  readonly routingThresholdsUsd: RoutingThresholds;
}

/** One item of a webhook: an event, or why it isn't one. */
export type Translation =
  | { readonly kind: "event"; readonly event: PaymentEvent }
  | { readonly kind: "invalid"; readonly code: string; readonly message: string };

/**
 * The event of a draft. Optional facts that are unusable are left out, never guessed; a monetary event without a
 * usable amount carries none and is unroutable (WEBHOOK_RULES 10). The result is checked against the contract, so that
 * nothing is accepted that a later stage would have to refuse.
 */
export function toPaymentEvent(draft: EventDraft, context: EventContext): Translation {
  const { provider } = context;
  const eventId = idOf(draft.providerEventId, 200) ?? context.bodySha256;
  const event = {
    eventId: `${provider}:${eventId}`,
    transactionId: `${provider}:${idOf(draft.objectId, 200) ?? eventId}`,
    provider,
    type: draft.type,
    providerType: idOf(draft.providerType, 256) ?? "unknown",
    ...optional("objectVersion", draft.objectVersion),
    contentDigest: draft.contentDigest,
    ...moneyFields(draft, context.routingThresholdsUsd),
    signals: {
      ...optional("cardFingerprint", idOf(draft.signals?.cardFingerprint, 128)),
      ...optional("cardCountry", upperCaseCode(draft.signals?.cardCountry, 2)),
      ...optional("customerCountry", upperCaseCode(draft.signals?.customerCountry, 2)),
      ...optional("providerRiskScore", riskScore(draft.signals?.providerRiskScore)),
    },
    ...optional("customerId", idOf(draft.customerId, 256)),
    occurredAt: isoTime(draft.occurredAtMs) ?? context.receivedAt,
    receivedAt: context.receivedAt,
    correlationId: context.correlationId,
  };
  const checked = v.safeParse(paymentEventSchema, event);
  return checked.success
    ? { kind: "event", event: checked.output }
    : invalidItem("event_invalid", `The event has an unusable ${v.getDotPath(checked.issues[0]) ?? "shape"}.`);
}

export function invalidItem(code: string, message: string): Translation {
  return { kind: "invalid", code, message };
}

/** An id or a word that goes wherever the event goes. */
function idOf(value: unknown, maxLength: number): string | undefined {
  const text = plainText(value, maxLength);
  return text === undefined ? undefined : withoutPersonalData(text);
}

/** Nearly every id; asking of each character what Unicode calls it takes ten times as long. */
const printableAscii = /^[\x20-\x7e]*$/;

/**
 * An id or a word from outside: text of sensible length that isn't blank, without control characters or broken Unicode,
 * which queues and tables refuse, and without invisible characters, which make two ids look like one. JSON numbers count
 * (Shopify's ids are numbers, some beyond 2^53).
 */
export function plainText(value: unknown, maxLength: number): string | undefined {
  const text = decimalText(value);
  if (text === undefined || text.length > maxLength || text.trim() === "") return undefined;
  if (printableAscii.test(text)) return text;
  return text.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Cn}]/u.test(text) ? text : undefined;
}

/**
 * What is known of the money, and its routing amount or why there is none. A payment below zero keeps its amount, which
 * is exact, but a person looks at it before it counts as one.
 */
function moneyFields({ type, money }: EventDraft, thresholdsUsd: RoutingThresholds): Partial<PaymentEvent> {
  if (money === undefined) return monetaryEventTypes.has(type) ? { amountProblem: "amount_missing" } : {};
  const { amount, currency } = money;
  if (amount.kind === "unusable") {
    return { ...optional("currency", upperCaseCode(currency, 3)), amountProblem: amount.reason };
  }
  const { amountMinor, currency: known } = amount;
  const exact = { amountMinor, currency: known };
  if (type.startsWith("payment.") && amountMinor.startsWith("-")) return { ...exact, amountProblem: "amount_negative" };
  return { ...exact, ...(routingAmountOf(amountMinor, known, thresholdsUsd) ?? { amountProblem: "rate_unknown" }) };
}

function riskScore(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= 100 ? value : undefined;
}

/** ISO 8601 UTC of a time between 2000 and 2100; anything else was not a time. */
function isoTime(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined) return undefined;
  const plausible = milliseconds >= Date.UTC(2000) && milliseconds < Date.UTC(2100);
  return plausible ? new Date(milliseconds).toISOString() : undefined;
}

function optional<TName extends string, TValue>(name: TName, value: TValue | undefined): { [name in TName]?: TValue } {
  return value === undefined ? {} : ({ [name]: value } as { [name in TName]?: TValue });
}
