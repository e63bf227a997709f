/** Connected accounts. Source: https://docs.stripe.com/api/accounts */
import type Stripe from "stripe";
import * as v from "valibot";
import { bankAccount, listWith } from "./bank-accounts.ts";
import { type Books, type Kinds, platformId, prefixes } from "./books.ts";
import type { Call, Operation } from "./call.ts";
import { noAccess } from "./errors.ts";
import { newId } from "./ids.ts";
import { listOf } from "./lists.ts";
import { boolean, common, currencyCode, integer, metadata, paging, readParams, text } from "./params.ts";

type Account = Kinds["account"];

const changeable = {
  ...common,
  business_type: v.optional(v.picklist(["company", "government_entity", "individual", "non_profit"])),
  business_profile: v.optional(
    v.strictObject({
      mcc: v.optional(text),
      name: v.optional(text),
      url: v.optional(text),
      product_description: v.optional(text),
    }),
  ),
  capabilities: v.optional(v.record(v.string(), v.strictObject({ requested: boolean }))),
  default_currency: v.optional(currencyCode),
  email: v.optional(text),
  external_account: v.optional(bankAccount),
  metadata: v.optional(metadata),
  tos_acceptance: v.optional(
    v.strictObject({ date: v.optional(integer), ip: v.optional(text), user_agent: v.optional(text) }),
  ),
};

const createParams = v.strictObject({
  ...changeable,
  type: v.optional(v.picklist(["custom", "express", "standard"]), "standard"),
  country: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)), "US"),
});

export const createAccount: Operation = ({ platform, form }) => {
  const { type, country, ...given } = readParams(createParams, form);
  const account = changed(newAccount(platform, newId(prefixes.account, 16), type, country), given);
  platform.put("account", account);
  return account;
};

const updateParams = v.strictObject(changeable);

export const updateAccount: Operation = (call) => {
  const before = connectedAccount(call);
  const account = changed(before, readParams(updateParams, call.form));
  call.platform.put("account", account);
  call.booksOf(account.id).emit("account.updated", account, call.asked, differences(before, account));
  return account;
};

export const deleteAccount: Operation = (call) => {
  const { id } = connectedAccount(call);
  call.platform.remove("account", id);
  return { id, object: "account", deleted: true };
};

export const retrieveAccount: Operation = (call) =>
  call.id === platformId ? call.platform.require("account", platformId) : connectedAccount(call);

export const retrieveOwnAccount: Operation = ({ books }) => books.require("account", books.account);

export const listAccounts: Operation = ({ platform, form }) => {
  const params = readParams(v.strictObject(paging), form);
  return listOf(platform, "account", "/v1/accounts", params, ({ id }) => id !== platformId);
};

/** @throws StripeRefusal as Stripe refuses an account that isn't connected, whether or not there is one */
function connectedAccount({ platform, id, key }: Call): Account {
  const account = id === platformId ? undefined : platform.get("account", id);
  if (account === undefined) throw noAccess(key, id);
  return account;
}

export function newAccount(platform: Books, id: string, type: Stripe.Account.Type, country: string): Account {
  return {
    id,
    object: "account",
    business_profile: null,
    business_type: null,
    capabilities: {},
    charges_enabled: false,
    controller: { type: "application", is_controller: true },
    country,
    created: platform.now(),
    default_currency: currencies[country] ?? "usd",
    details_submitted: false,
    email: null,
    external_accounts: { object: "list", data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` },
    metadata: {},
    payouts_enabled: false,
    requirements: requirementsOf(needed),
    settings: null,
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type,
  };
}

const currencies: Readonly<Record<string, string>> = {
  GB: "gbp",
  JP: "jpy",
  CA: "cad",
  AU: "aud",
  DE: "eur",
  FR: "eur",
  IE: "eur",
  NL: "eur",
};
/** What has to be known of somebody before he is paid; Stripe asks for more, by country and kind of business. */
const needed = ["business_type", "external_account", "tos_acceptance.date"] as const;

function requirementsOf(missing: readonly string[]): Stripe.Account.Requirements {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: [...missing],
    disabled_reason: missing.length === 0 ? null : "requirements.past_due",
    errors: [],
    eventually_due: [...missing],
    past_due: [...missing],
    pending_verification: [],
  };
}

function changed(before: Account, given: v.InferOutput<typeof updateParams>): Account {
  const { business_profile, capabilities = {}, external_account, tos_acceptance, expand: _expand, ...plain } = given;
  const requested = Object.fromEntries(Object.keys(capabilities).map((name) => [name, "active" as const]));
  const merged: Account = {
    ...before,
    ...(Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as Partial<Account>),
    metadata: { ...before.metadata, ...plain.metadata },
    capabilities: { ...before.capabilities, ...requested },
    tos_acceptance: { ...before.tos_acceptance, ...(tos_acceptance as Stripe.Account.TosAcceptance) },
    ...(business_profile !== undefined && { business_profile: { ...noProfile, ...(business_profile as object) } }),
    ...(external_account !== undefined && { external_accounts: listWith(before, external_account) }),
  };
  const missing = needed.filter((name) => !isKnown(merged, name));
  const isReady = missing.length === 0;
  return {
    ...merged,
    charges_enabled: isReady,
    payouts_enabled: isReady,
    details_submitted: isReady,
    requirements: requirementsOf(missing),
  };
}

const noProfile: Stripe.Account.BusinessProfile = {
  mcc: null,
  minority_owned_business_designation: null,
  name: null,
  product_description: null,
  specified_commercial_transactions_act_url: null,
  support_address: null,
  support_email: null,
  support_phone: null,
  support_url: null,
  url: null,
};

function isKnown(account: Account, name: (typeof needed)[number]): boolean {
  if (name === "business_type") return account.business_type !== null;
  if (name === "external_account") return (account.external_accounts?.data.length ?? 0) > 0;
  return (account.tos_acceptance?.date ?? null) !== null;
}

/** Old values of the members that changed. */
function differences(before: Account, after: Account): object {
  return Object.fromEntries(
    Object.entries(before).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name as keyof Account]),
    ),
  );
}
