/**
 * Minor-unit exponents (ISO 4217 list one). An unknown currency has no entry, and money in it is never guessed
 * (WEBHOOK_RULES 10). Providers with exponents of their own say so in their folder (Stripe: ISK, HUF, UGX …).
 */
const zeroDecimal = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ");
const threeDecimal = "BHD IQD JOD KWD LYD OMR TND".split(" ");
const fourDecimal = "CLF UYW".split(" ");
const twoDecimal = (
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP " +
  "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR " +
  "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN " +
  "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP " +
  "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG"
).split(" ");

export const minorUnitExponents: ReadonlyMap<string, number> = new Map([
  ...zeroDecimal.map((code) => [code, 0] as const),
  ...twoDecimal.map((code) => [code, 2] as const),
  ...threeDecimal.map((code) => [code, 3] as const),
  ...fourDecimal.map((code) => [code, 4] as const),
]);

/** A whole or decimal number of US dollars for people: `10,000 USD`. */
export function usd(dollars: number): string {
  return `${dollars.toLocaleString("en-US")} USD`;
}
