/** Reading fields of webhooks, none of which can be trusted to be there or to be what it should. */
import type { PaymentEventType } from "../../../config/events.ts";
import { decimalText } from "../domain/exact-json.ts";
import { type ExponentOverrides, fromMinorUnits } from "../domain/money.ts";
import { acrossWords, type EventContext, type EventDraft, plainText } from "../domain/payment-event.ts";
import { sha256Hex } from "../domain/raw-webhook.ts";
import type { WebhookHeaders } from "./types.ts";

/** Milliseconds of seconds since 1970, as Stripe states times. */
export function msOfSeconds(value: unknown): number | undefined {
  return typeof value === "number" ? value * 1000 : undefined;
}

const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;

/** Milliseconds of an ISO 8601 time with an offset; a local time without one is not a time that we know. */
export function msOfIso(value: unknown): number | undefined {
  if (typeof value !== "string" || !iso8601.test(value)) return undefined;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The elements of a JSON array; none for anything else. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * An id that a header holds; undefined where it is missing, empty or nothing that an id may be. To be asked for before
 * an id is composed with anything: what is put together from an empty one is the same for every webhook.
 */
export function idInHeader(headers: WebhookHeaders, name: string): string | undefined {
  return plainText(headers.get(name), 200);
}

/** Money that is stated as an integer in minor units, ISO's except where the provider has its own. */
export function moneyInMinorUnits(
  amount: unknown,
  currency: unknown,
  overrides?: ExponentOverrides,
): NonNullable<EventDraft["money"]> {
  const isMissing = amount === undefined || amount === null;
  if (isMissing) return { amount: { kind: "unusable", reason: "amount_missing" }, currency };
  return { amount: fromMinorUnits(amount, currency, overrides), currency };
}

/** Digest of parts of a body, for `contentDigest` and `objectVersion`. Blank space and escapes of the text don't matter. */
export function digestOf(...parts: readonly unknown[]): string {
  return sha256Hex(JSON.stringify(parts));
}

/**
 * The context of one item of a body with several. An item without an id that may be one is told apart by its content, of
 * which a digest is made only then: of a large one it takes longer than to verify it.
 */
export function contextOfItem(context: EventContext, id: unknown, item: unknown): EventContext {
  return plainText(id, 200) === undefined ? { ...context, bodySha256: digestOf(item) } : context;
}

/**
 * The `objectVersion` of what is one fact under several of the provider's words: a version of this type and of these
 * parts, which have to say which object it is, and how much money.
 */
export function factVersion(type: PaymentEventType, ...parts: readonly unknown[]): string {
  return acrossWords + digestOf(type, ...parts);
}

/** An id in a body as text, whether it is written as a number or as text. */
export function idText(value: unknown): string | undefined {
  const text = decimalText(value);
  return text === "" ? undefined : text;
}
