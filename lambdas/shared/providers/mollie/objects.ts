/** Which of Mollie's objects webhooks speak of, where its API has them, and whether what came from there is the one. */
import { field, fieldAt, parseExactJson } from "../../domain/exact-json.ts";
import { RetryableError } from "../../domain/retryable-error.ts";

export const mollieApiUrl = "https://api.mollie.com";

/** What is fetched: where it is, and its id. */
export interface Wanted {
  readonly id: string;
  readonly path: string;
}

/**
 * By the id of a classic webhook: `tr_` of payments, those of payment links, subscriptions and orders among them, and
 * whatever happens to them (refunds, chargebacks); `ord_` of orders.
 * Sources: https://docs.mollie.com/reference/webhooks, https://docs.mollie.com/reference/get-payment and, for payment
 * links, https://github.com/mollie/api-documentation/issues/843
 */
export function wantedById(id: unknown): Wanted | undefined {
  if (typeof id !== "string") return undefined;
  if (/^tr_[A-Za-z0-9]{1,60}$/.test(id)) return { id, path: `/v2/payments/${id}?embed=refunds,chargebacks` };
  if (/^ord_[A-Za-z0-9.]{1,60}$/.test(id)) return { id, path: `/v2/orders/${id}?embed=payments,refunds` };
  return undefined;
}

/** What may be fetched for an event, besides payments: what has money in it that the table of facts reads. */
const entityPath =
  /^\/v2\/(?:payments\/tr_[A-Za-z0-9]{1,60}\/(?:refunds|chargebacks)\/((?:re|chb)_[A-Za-z0-9]{1,60})|payouts\/(payout_[A-Za-z0-9]{1,60}))$/;

/** What a signed event without a snapshot speaks of; undefined where it has one, or tells of nothing that is read. */
export function wantedByEvent(event: unknown): Wanted | undefined {
  if (fieldAt(event, "_embedded", "entity") !== undefined) return undefined;
  const type = field(event, "type");
  if (typeof type !== "string" || !/^(payment|refund|chargeback|payout)\./.test(type)) return undefined;
  const href = fieldAt(event, "_links", "entity", "href");
  const path = typeof href === "string" && href.startsWith(mollieApiUrl) ? href.slice(mollieApiUrl.length) : "";
  const [, ofPayment, payout] = entityPath.exec(path) ?? [];
  const id = ofPayment ?? payout;
  return id === undefined ? wantedById(field(event, "entityId")) : { id, path };
}

/**
 * The object's mode, if it says one: `live` or `test`.
 * @throws RetryableError where the answer isn't the object that was asked for: something else has answered
 */
export function modeIn(text: string, wanted: Wanted): unknown {
  const parsed = parseExactJson(Buffer.from(text));
  if (parsed.kind === "invalid" || field(parsed.value, "id") !== wanted.id) {
    throw new RetryableError("provider-answer", "Mollie's API answered with something else than was asked for.");
  }
  return field(parsed.value, "mode");
}
