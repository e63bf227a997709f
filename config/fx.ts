/**
 * US dollars per unit of a currency, for routing and scoring only: no booked amount is ever computed from it.
 * The rates are approximate and kept by hand, not market data: replace them with your treasury's, and set `date` to
 * the day you did. It is stored with every routed event, and `staleAfterDays` after it the table counts as stale: the
 * function that routes says so in its log, by `staleRatesCode`, and an alarm rings.
 * A currency without an entry makes a monetary event unroutable, never guessed.
 */
export const fx = {
  date: "2026-11-20",
  staleAfterDays: 92,
  usdPerUnit: {
    USD: 1,
    EUR: 1.16,
    GBP: 1.34,
    JPY: 0.0066,
    CHF: 1.25,
    CAD: 0.72,
    AUD: 0.65,
    NZD: 0.58,
    SEK: 0.105,
    NOK: 0.099,
    DKK: 0.155,
    PLN: 0.27,
    CZK: 0.0475,
    HUF: 0.003,
    RON: 0.228,
    ISK: 0.0081,
    INR: 0.0113,
    SGD: 0.77,
    HKD: 0.128,
    CNY: 0.14,
    KRW: 0.0007,
    TWD: 0.0325,
    THB: 0.031,
    MYR: 0.238,
    IDR: 0.00006,
    PHP: 0.017,
    VND: 0.000038,
    AED: 0.2723,
    SAR: 0.2667,
    QAR: 0.2747,
    KWD: 3.26,
    BHD: 2.65,
    OMR: 2.6,
    JOD: 1.41,
    TND: 0.34,
    ILS: 0.306,
    TRY: 0.0238,
    ZAR: 0.0577,
    NGN: 0.00069,
    KES: 0.00774,
    EGP: 0.0211,
    MXN: 0.0541,
    BRL: 0.186,
    CLP: 0.00106,
    COP: 0.00026,
    PEN: 0.297,
    ARS: 0.0007,
    UGX: 0.00028,
  } as Readonly<Record<string, number>>,
} as const;

/** Code of the log line that says that the rates are stale; the alarm's metric filter looks for it. */
export const staleRatesCode = "fx-rates-stale";
