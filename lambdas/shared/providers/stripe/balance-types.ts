/**
 * Every kind of entry that Stripe's balance has, and whether an event of ours must tell of it. The table has to name all
 * types of the SDK's version, or it doesn't compile; one that came up since is said to be unreadable, not left out.
 * Source: https://docs.stripe.com/reports/balance-transaction-types and, for the categories that divide a type,
 * https://docs.stripe.com/reports/reporting-categories
 */
import type Stripe from "stripe";
import type { MoneyMovement } from "../../domain/reconciliation/provider-ledger.ts";

/** What an entry is to our books. */
export type EntryRule =
  | { readonly kind: MoneyMovement["kind"] }
  /** No event of ours tells of it, and why none has to. */
  | { readonly why: string };

/** The SDK's list ends in any text, for types that it doesn't know. */
type Named<T> = T extends string ? (string extends T ? never : T) : never;
export type EntryType = Named<Stripe.BalanceTransaction.Type>;

const fee: EntryRule = { why: "A fee: no customer's money. Stripe's invoice has it." };
const stripesOwn: EntryRule = { why: "Settled between Stripe and the account; no payment of a customer's." };
const betweenAccounts: EntryRule = {
  why: "Money between a platform and its accounts: the customer's payment behind it is an entry of its own.",
};
const reserve: EntryRule = { why: "Held back and given free again: it stays the account's." };
const issuing: EntryRule = { why: "Of cards that the account issues: none of their webhooks is translated." };
const lending: EntryRule = { why: "Of Stripe's loans and treasury: none of their webhooks is translated." };
const ownBank: EntryRule = { why: "The account's own money, moved between its bank and its balance by its owner." };

/** By `type`, unless the entry's category says more. */
const byType: Readonly<Record<EntryType, EntryRule>> = {
  // Customers pay.
  charge: { kind: "payment" },
  payment: { kind: "payment" },
  payment_failure_refund: { kind: "payment-failure" },
  payment_reversal: { kind: "payment-failure" },
  payment_unreconciled: {
    why: "A customer's transfer that no payment has taken yet: its payment is an entry of its own.",
  },
  // Customers get it back.
  refund: { kind: "refund" },
  payment_refund: { kind: "refund" },
  refund_failure: { kind: "refund-failure" },
  // Disputes have categories of their own.
  adjustment: { why: "A correction of Stripe's, unless its category names a dispute or a refund." },
  // It is paid out. Payouts themselves are read from their list, once they are paid.
  payout: { why: "It has left the balance, and is paid days later: the list of payouts tells of it then." },
  payout_cancel: { why: "It was called off before it was sent: nobody was told that it was paid." },
  payout_failure: { kind: "payout-failure" },
  payout_minimum_balance_hold: reserve,
  payout_minimum_balance_release: reserve,
  // Fees and taxes.
  application_fee: fee,
  application_fee_refund: fee,
  stripe_fee: fee,
  stripe_fx_fee: fee,
  tax_fee: fee,
  tax_fund: fee,
  fee_credit_funding: fee,
  // Platforms and their accounts.
  connect_collection_transfer: betweenAccounts,
  transfer: betweenAccounts,
  transfer_cancel: betweenAccounts,
  transfer_failure: betweenAccounts,
  transfer_refund: betweenAccounts,
  stripe_balance_payment_debit: betweenAccounts,
  stripe_balance_payment_debit_reversal: betweenAccounts,
  inbound_transfer: ownBank,
  inbound_transfer_reversal: ownBank,
  topup: ownBank,
  topup_reversal: ownBank,

  // Held back.
  payment_network_reserve_hold: reserve,
  payment_network_reserve_release: reserve,
  reserve_hold: reserve,
  reserve_release: reserve,
  reserve_transaction: reserve,
  reserved_funds: reserve,
  // Other products.
  advance: lending,
  advance_funding: lending,
  anticipation_repayment: lending,
  obligation_outbound: lending,
  obligation_reversal_inbound: lending,
  issuing_authorization_hold: issuing,
  issuing_authorization_release: issuing,
  issuing_dispute: issuing,
  issuing_dispute_provisional_credit: issuing,
  issuing_dispute_provisional_credit_reversal: issuing,
  issuing_transaction: issuing,
  climate_order_purchase: stripesOwn,
  climate_order_refund: stripesOwn,
  contribution: stripesOwn,
};

/** Categories that divide a type: `adjustment` is a dispute's, and `refund` also gives back what wasn't captured. */
const byCategory: ReadonlyMap<string, EntryRule> = new Map<string, EntryRule>([
  ["dispute", { kind: "dispute" }],
  ["dispute_reversal", { kind: "dispute" }],
  ["refund_failure", { kind: "refund-failure" }],
  ["partial_capture_reversal", { why: "What was allowed and not captured: the payment says what was captured." }],
]);

export const entryTypes = Object.keys(byType) as readonly EntryType[];

/** Undefined for a type that isn't Stripe's, as far as this version knows. */
export function entryRuleOf(type: string, category: string): EntryRule | undefined {
  return byCategory.get(category) ?? (Object.hasOwn(byType, type) ? byType[type as EntryType] : undefined);
}
