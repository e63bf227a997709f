/**
 * What GoCardless's events mean for money.
 * Source: https://developer.gocardless.com/api-reference/#events-event-actions
 */
import type { PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import { idText } from "../fields.ts";

/**
 * By resource type and action. A debit is a payment once the banks can't return it any more the usual way (`confirmed`);
 * `paid_out`, and everything that is `settled`, tells of it again as a part of a payout. A payment may fail, be tried
 * again and fail again: each is a fact. A cancelled payment was never tried. Actions that aren't here move no money.
 */
const rules: ReadonlyMap<string, PaymentEventType> = new Map<string, PaymentEventType>([
  ["payments.confirmed", "payment.succeeded"],
  ["payments.failed", "payment.failed"],
  ["payments.customer_approval_denied", "payment.failed"],
  ["payments.charged_back", "dispute.opened"],
  ["payments.chargeback_cancelled", "dispute.closed"],
  ["refunds.created", "refund.created"],
  ["payouts.paid", "payout.paid"],
  ["outbound_payments.executed", "payout.paid"],
  ["outbound_payments.failed", "payout.failed"],
]);

export const gocardlessEventNames: readonly string[] = [...rules.keys()];

const accountResources: ReadonlySet<string> = new Set(["creditors", "organisations"]);

export interface GocardlessFact {
  /** `payments.confirmed`; undefined for what isn't an event. */
  readonly name: string | undefined;
  readonly type: PaymentEventType;
  /** As the API's path has it: `payments`. */
  readonly resource: string;
  /** Of the resource that the event is about. */
  readonly resourceId: string | undefined;
  /** Whether it is about money. */
  readonly isMonetary: boolean;
}

export function factOf(event: unknown): GocardlessFact {
  const [resource, action] = [field(event, "resource_type"), field(event, "action")];
  if (typeof resource !== "string" || typeof action !== "string") {
    return { name: undefined, type: "other", resource: "", resourceId: undefined, isMonetary: false };
  }
  const name = `${resource}.${action}`;
  const told = rules.get(name);
  return {
    name,
    type: told ?? (accountResources.has(resource) ? "account.updated" : "other"),
    resource,
    resourceId: idText(fieldAt(event, "links", resource.replace(/s$/, ""))),
    isMonetary: told !== undefined,
  };
}
