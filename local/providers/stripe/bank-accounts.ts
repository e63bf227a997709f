/** Where a connected account is paid to. Source: https://docs.stripe.com/connect/testing#account-numbers */
import type Stripe from "stripe";
import * as v from "valibot";
import { invalid } from "./errors.ts";
import { newId } from "./ids.ts";
import { currencyCode, text } from "./params.ts";

/** A token of a test account, or its details. */
export const bankAccount = v.union([
  text,
  v.strictObject({
    object: v.literal("bank_account"),
    country: text,
    currency: currencyCode,
    account_number: text,
    routing_number: v.optional(text),
    account_holder_name: v.optional(text),
    account_holder_type: v.optional(v.picklist(["company", "individual"])),
  }),
]);

/** The list of an account that is paid to this one alone. */
export function listWith(
  account: Pick<Stripe.Account, "id">,
  given: v.InferOutput<typeof bankAccount>,
): NonNullable<Stripe.Account["external_accounts"]> {
  if (typeof given === "string" && !given.startsWith("btok_")) {
    throw invalid(`No such token: '${given}'`, { code: "resource_missing", param: "external_account" });
  }
  const details =
    typeof given === "string" ? { country: "US", currency: "usd", account_number: "000123456789" } : given;
  const bank: Stripe.BankAccount = {
    id: newId("ba_"),
    object: "bank_account",
    account: account.id,
    account_holder_name: null,
    account_holder_type: null,
    account_type: null,
    available_payout_methods: ["standard"],
    bank_name: "STRIPE TEST BANK",
    country: details.country,
    currency: details.currency,
    customer: null,
    default_for_currency: true,
    fingerprint: newId("", 16),
    last4: details.account_number.slice(-4),
    metadata: {},
    routing_number: "110000000",
    status: "new",
  };
  return { object: "list", data: [bank], has_more: false, url: `/v1/accounts/${account.id}/external_accounts` };
}
