/**
 * Exact money. An amount is an integer in the currency's ISO 4217 minor units, held as a bigint inside and handed on
 * as decimal digits; nothing here goes through a float (WEBHOOK_RULES 10).
 */
import type { AmountProblem } from "../../../config/events.ts";
import { minorUnitExponents } from "../../../config/money.ts";
import { decimalText } from "./exact-json.ts";

/** What became of a provider's amount: exact minor units, or the reason why it can't be used. */
export type Amount =
  | { readonly kind: "exact"; readonly amountMinor: string; readonly currency: string }
  | { readonly kind: "unusable"; readonly reason: AmountProblem };

/** Exponents in which a provider departs from ISO 4217, by upper-case currency code. */
export type ExponentOverrides = ReadonlyMap<string, number>;

const noOverrides: ExponentOverrides = new Map();
/** As config/events.ts allows, with room to spare in DynamoDB's 38 digits. */
const maxDigits = 30;

/** An exact decimal number: `units` × 10^-`scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/**
 * An ISO code of `length` Latin letters, in upper case. It is tested first: Unicode's case mapping makes Latin letters
 * of others ("uſd" → "USD", "ß" → "SS"), which would be a guess.
 */
export function upperCaseCode(value: unknown, length: 2 | 3): string | undefined {
  if (typeof value !== "string" || value.length !== length) return undefined;
  return /^[A-Za-z]+$/.test(value) ? value.toUpperCase() : undefined;
}

/** The currency's code in upper case, if it is in the ISO table. */
export function knownCurrency(currency: unknown): string | undefined {
  const code = upperCaseCode(currency, 3);
  return code !== undefined && minorUnitExponents.has(code) ? code : undefined;
}

/**
 * Reads a decimal number in JSON's notation exactly: "12.34", "-5", "1.5e4". Refuses anything else, and exponents
 * beyond ±30, which no amount has but which would cost gigabytes of digits.
 */
export function parseDecimal(text: string): Decimal | undefined {
  if (text.length > 100) return undefined;
  const match = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  if (Math.abs(Number(exponent)) > maxDigits) return undefined;
  const digits = BigInt(sign + whole + fraction);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { units: digits, scale } : { units: digits * 10n ** BigInt(-scale), scale: 0 };
}

/**
 * An amount that the provider states as an integer in its minor units, as a number of exact-json.ts or decimal digits.
 * Where the provider's exponent isn't ISO's, the result is converted, exactly or not at all.
 */
export function fromMinorUnits(amount: unknown, currency: unknown, overrides: ExponentOverrides = noOverrides): Amount {
  const code = knownCurrency(currency);
  if (code === undefined) return unusable("currency_unknown");
  const decimal = decimalOf(amount);
  if (decimal === undefined || decimal.scale !== 0) return unusable("amount_malformed");
  const scale = overrides.get(code) ?? isoExponent(code);
  return inMinorUnits({ units: decimal.units, scale }, code);
}

/**
 * An amount in major units, as a number of exact-json.ts or decimal text: "15000" USD is 15,000.00 USD. Trailing zeros
 * are harmless ("12.3400"); other digits below the minor unit make it unusable, and so they do to a number that came
 * out of float arithmetic.
 */
export function fromMajorUnits(amount: unknown, currency: unknown): Amount {
  const code = knownCurrency(currency);
  if (code === undefined) return unusable("currency_unknown");
  const decimal = decimalOf(amount);
  return decimal === undefined ? unusable("amount_malformed") : inMinorUnits(decimal, code);
}

/** The amount without its sign, for providers whose refunds are below zero. */
export function absolute(amount: Amount): Amount {
  return amount.kind === "unusable" ? amount : { ...amount, amountMinor: amount.amountMinor.replace("-", "") };
}

/** Minor-unit exponent of a currency of the table. */
export function isoExponent(knownCode: string): number {
  const exponent = minorUnitExponents.get(knownCode);
  if (exponent === undefined) throw new Error(`${knownCode} is not in the table of currencies`);
  return exponent;
}

function decimalOf(amount: unknown): Decimal | undefined {
  const text = decimalText(amount);
  return text === undefined ? undefined : parseDecimal(text);
}

function inMinorUnits(amount: Decimal, currency: string): Amount {
  const excess = amount.scale - isoExponent(currency);
  const factor = 10n ** BigInt(Math.abs(excess));
  if (excess > 0 && amount.units % factor !== 0n) return unusable("amount_inexact");
  const minor = excess > 0 ? amount.units / factor : amount.units * factor;
  const amountMinor = minor.toString();
  const digits = minor < 0n ? amountMinor.length - 1 : amountMinor.length;
  return digits > maxDigits ? unusable("amount_too_large") : { kind: "exact", amountMinor, currency };
}

function unusable(reason: AmountProblem): Amount {
  return { kind: "unusable", reason };
}
