/** Reads what `cli send` was asked to send. Pure: the same options, token and time make the same order. */
import { createHash } from "node:crypto";
import { monetaryEventTypes, type PaymentEventType } from "../../config/events.ts";
import { isProviderName, type ProviderName, providerNames } from "../../config/providers.ts";
import { type Amount, fromMajorUnits, knownCurrency } from "../../lambdas/shared/domain/money.ts";
import { dayMs } from "../audit/days.ts";
import type { Moment } from "./moment.ts";
import { type Usage, usage } from "./result.ts";
import { webhookBuilders } from "./webhooks/index.ts";
import type { WebhookOrder } from "./webhooks/types.ts";

/** As typed. */
export interface OrderOptions {
  readonly provider: string;
  readonly type: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly id?: string;
  readonly at?: Moment;
  readonly seed?: string;
  readonly transaction?: string;
  readonly customer?: string;
  readonly risk?: string;
  readonly cardCountry?: string;
  readonly customerCountry?: string;
}

export type OrderResult =
  | { readonly kind: "order"; readonly provider: ProviderName; readonly order: WebhookOrder }
  | Usage;

/** As a token is written. */
const tokenForm = /^[0-9a-f]{24}$/;

/** More digits than these aren't safe in a JSON number, which is how most providers state amounts. */
const mostDigits = 15;

export function readOrder(
  options: OrderOptions,
  { freshToken, nowMs }: { readonly freshToken: string; readonly nowMs: number },
): OrderResult {
  const { provider } = options;
  if (!isProviderName(provider))
    return usage(`There is no provider "${provider}". Choose one of: ${providerNames.join(", ")}.`);
  const { types } = webhookBuilders[provider];
  const type = types.find((one) => one === options.type);
  if (type === undefined)
    return usage(`${provider} sends nothing like "${options.type}". Choose one of: ${types.join(", ")}.`);
  const money = readMoney(type, options.amount, options.currency);
  if (money !== undefined && "kind" in money) return money;
  const { risk } = options;
  const riskScore = risk === undefined ? undefined : Number(risk);
  if (riskScore !== undefined && !(risk?.trim() !== "" && riskScore >= 0 && riskScore <= 100)) {
    return usage(`--risk is a number from 0 to 100, not "${risk}".`);
  }
  const countries = [options.cardCountry, options.customerCountry];
  const odd = countries.find((country) => country !== undefined && !/^[A-Za-z]{2}$/.test(country));
  if (odd !== undefined) return usage(`"${odd}" is no country: write two letters, such as DE.`);
  const token = options.seed ?? (options.id === undefined ? freshToken : tokenOf(options.id));
  if (!tokenForm.test(token)) return usage(`--seed is 24 hexadecimal digits in lower case, not "${token}".`);
  const given = {
    money,
    eventId: options.id,
    transactionId: options.transaction,
    customerId: options.customer,
    riskScore,
    cardCountry: options.cardCountry?.toUpperCase(),
    customerCountry: options.customerCountry?.toUpperCase(),
  };
  return {
    kind: "order",
    provider,
    order: { type, token, occurredAtMs: timeOf(options, nowMs), ...withoutUndefined(given) },
  };
}

/** What the webhook's other ids are made of: the same for the same event id, so that sent again it says the same. */
function tokenOf(eventId: string): string {
  return createHash("sha256").update(eventId).digest("hex").slice(0, 24);
}

/**
 * When it happened. A webhook whose id is given says the day's beginning, so that sent again it says the same: another
 * time under the same id is another event, which is dead-lettered.
 */
function timeOf({ at, id }: OrderOptions, nowMs: number): number {
  if (at !== undefined) return at.fromMs;
  return id === undefined ? nowMs : Math.floor(nowMs / dayMs) * dayMs;
}

function readMoney(type: PaymentEventType, amount?: string, currency?: string): WebhookOrder["money"] | Usage {
  if (amount === undefined && currency === undefined) {
    return monetaryEventTypes.has(type) ? usage(`${type} is about money: give --amount and --currency.`) : undefined;
  }
  if (amount === undefined || currency === undefined) return usage("Give --amount and --currency together.");
  const code = knownCurrency(currency);
  if (code === undefined) return usage(`"${currency}" is no currency of ISO 4217. Write it like EUR.`);
  const exact = fromMajorUnits(amount, code);
  if (exact.kind === "unusable") return usage(problemOf(exact.reason, amount, code));
  const { amountMinor } = exact;
  if (BigInt(amountMinor) <= 0n)
    return usage("--amount is more than 0; a refund of 5 is --type refund.created --amount 5.");
  if (amountMinor.length > mostDigits)
    return usage(`--amount has more than ${mostDigits} digits with its minor units.`);
  return { amountMinor, currency: code };
}

function problemOf(reason: Extract<Amount, { kind: "unusable" }>["reason"], amount: string, code: string): string {
  if (reason === "amount_inexact") return `${amount} ${code} has digits below the currency's smallest unit.`;
  if (reason === "amount_too_large") return `${amount} ${code} is too large.`;
  return `--amount "${amount}" is no decimal number. Write it like 1234.50, in major units.`;
}

type Given<T> = { [name in keyof T]?: Exclude<T[name], undefined> };

function withoutUndefined<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
