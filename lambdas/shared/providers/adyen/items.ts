/** The items of a standard webhook, and what Adyen signs of each. */
import { decimalText, field, type ParsedBody, parseExactJson } from "../../domain/exact-json.ts";

const parsedBodies = new WeakMap<Uint8Array, ParsedBody>();

/** The body as JSON. Signatures are inside it, so that it is read to verify and once more to translate: parsed once. */
export function parseAdyen(body: Uint8Array): ParsedBody {
  const parsed = parsedBodies.get(body) ?? parseExactJson(body);
  parsedBodies.set(body, parsed);
  return parsed;
}

/** `{ live, notificationItems: [{ NotificationRequestItem: {…} }] }`; undefined for any other body. */
export function itemsOf(body: unknown): readonly unknown[] | undefined {
  const wrapped = field(body, "notificationItems");
  return Array.isArray(wrapped) ? wrapped.map((one) => field(one, "NotificationRequestItem")) : undefined;
}

/** The eight values in the order in which they are signed; undefined for one that isn't text, number or truth value. */
export function signedValues(item: unknown): readonly (string | undefined)[] {
  const amount = field(item, "amount");
  return [
    field(item, "pspReference"),
    field(item, "originalReference"),
    field(item, "merchantAccountCode"),
    field(item, "merchantReference"),
    field(amount, "value"),
    field(amount, "currency"),
    field(item, "eventCode"),
    field(item, "success"),
  ].map(textOf);
}

const merchantReferencePlace = 3;

/**
 * What is signed: the values with colons between them, and nothing escaped. So only the merchant's reference may have
 * colons of its own: with more of them the same text could be told as another item. Undefined if it can't be signed.
 */
export function signedText(item: unknown): string | undefined {
  const values = signedValues(item);
  const isUnambiguous = values.every(
    (value, place) => value !== undefined && (place === merchantReferencePlace || !value.includes(":")),
  );
  return isUnambiguous ? values.join(":") : undefined;
}

/** The item's own signature, if it has one. */
export function signatureOf(item: unknown): string | undefined {
  const signature = field(field(item, "additionalData"), "hmacSignature");
  return typeof signature === "string" && signature !== "" ? signature : undefined;
}

/** What is absent is signed as nothing. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  return typeof value === "boolean" ? String(value) : decimalText(value);
}
