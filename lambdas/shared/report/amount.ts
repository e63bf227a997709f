import { isoExponent, knownCurrency } from "../domain/money.ts";

/** Minor units as decimal text in major units, exactly: "1234567" USD is "12345.67". Undefined for an unknown currency. */
export function majorUnits(amountMinor: string, currency: string): string | undefined {
  const code = knownCurrency(currency);
  if (code === undefined) return undefined;
  const exponent = isoExponent(code);
  const isNegative = amountMinor.startsWith("-");
  const digits = (isNegative ? amountMinor.slice(1) : amountMinor).padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = digits.slice(digits.length - exponent);
  return `${isNegative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** For people: "12,345.67 USD"; an amount in a currency that nobody knows stays in its minor units, and says so. */
export function amountText(amountMinor: string | undefined, currency: string | undefined): string {
  if (amountMinor === undefined || currency === undefined) return "no amount";
  const major = majorUnits(amountMinor, currency);
  if (major === undefined) return `${amountMinor} minor units of ${currency}`;
  const [whole = "", fraction] = major.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${grouped}${fraction === undefined ? "" : `.${fraction}`} ${currency}`;
}
