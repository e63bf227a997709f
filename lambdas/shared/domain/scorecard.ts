/** Scores one event by the scorecard. Pure: the same event, histories, card and time always give the same score. */
import type { Decision, FraudScore, PaymentEvent } from "../../../config/events.ts";
import type { Scorecard, Steps } from "../../../config/scorecard.ts";
import { amountStatistics, centsOf, paymentsWithin, type SubjectHistory, windows } from "./subject-history.ts";

/** Histories of the event's subjects before the event; absent where the event names no such subject. */
export interface Histories {
  readonly customer?: SubjectHistory;
  readonly card?: SubjectHistory;
}

type Reason = FraudScore["reasons"][number];

/**
 * The score of an event, with a reason for each weight in it: what was found, in words and numbers, without any id.
 * Reasons come heaviest first. `nowMs` bounds the event's own time, as it does in its subjects' histories.
 */
export function scoreOf(event: PaymentEvent, histories: Histories, scorecard: Scorecard, nowMs: number): FraudScore {
  const found = [
    ...(isPayment(event, scorecard) ? comparedWithHistory(event, histories, scorecard, nowMs) : []),
    countryMismatch(event, scorecard),
    providerRisk(event, scorecard),
    roundAmount(event, scorecard),
    justBelow(event, scorecard),
  ];
  const reasons = found
    .flatMap((reason) => (reason !== undefined && reason.weight > 0 ? [reason] : []))
    .sort((a, b) => b.weight - a.weight || (a.code < b.code ? -1 : 1));
  const sum = reasons.reduce((total, { weight }) => total + weight, 0);
  // Weights have two decimals: rounding removes what adding floats leaves behind, so that a sum meets its cut-off.
  const score = Math.min(1, Math.round(sum * 100) / 100);
  const { modelVersion } = scorecard;
  return { eventId: event.eventId, score, decision: decisionOf(score, scorecard), reasons, modelVersion };
}

/** Whether an event is an attempt to pay: it counts in histories and is compared with them. */
export function isPayment({ type }: Pick<PaymentEvent, "type">, { paymentTypes }: Scorecard): boolean {
  return paymentTypes.includes(type);
}

function decisionOf(score: number, { cutOffs }: Scorecard): Decision {
  if (score >= cutOffs.block) return "BLOCK";
  return score >= cutOffs.review ? "REVIEW" : "APPROVE";
}

function comparedWithHistory(
  event: PaymentEvent,
  { customer, card }: Histories,
  scorecard: Scorecard,
  nowMs: number,
): readonly (Reason | undefined)[] {
  const velocities = scorecard.velocity.map(({ code, subject, window, steps }) => {
    const history = subject === "customer" ? customer : card;
    if (history === undefined) return undefined;
    const count = paymentsWithin(history, window, event, nowMs) + 1;
    const detail = `${count} payments of this ${subject} within ${window} (counted in steps of ${windows[window].slotName})`;
    return { code, weight: weightAt(steps, count), detail };
  });
  if (customer === undefined) return velocities;
  return [
    ...velocities,
    customer.payments === 0 ? newCustomer(event, scorecard) : undefined,
    amountDeviation(event, customer, scorecard),
    currencyMismatch(event, customer, scorecard),
  ];
}

function newCustomer({ routingAmountUsd }: PaymentEvent, scorecard: Scorecard): Reason {
  const amount = routingAmountUsd === undefined ? "" : `, ${usd(routingAmountUsd * 100)}`;
  const weight = weightAt(scorecard.newCustomer, routingAmountUsd ?? 0);
  return { code: "new-customer", weight, detail: `First known payment of this customer${amount}` };
}

function amountDeviation(event: PaymentEvent, customer: SubjectHistory, scorecard: Scorecard): Reason | undefined {
  const { minAmounts, minDeviationShare, steps } = scorecard.amountDeviation;
  const cents = centsOf(event);
  const { count } = customer.amounts;
  if (cents === undefined || count < minAmounts) return undefined;
  const { mean, deviation } = amountStatistics(customer);
  const unit = Math.max(deviation, mean * minDeviationShare);
  if (unit === 0) return undefined;
  const distance = (Number(cents) - mean) / unit;
  const detail =
    `${usd(Number(cents))} is ${distance.toFixed(1)} deviations of ${usd(unit)} above the customer's mean ` +
    `of ${usd(mean)} over ${count} payments`;
  return { code: "amount-deviation", weight: weightAt(steps, distance), detail };
}

function currencyMismatch(event: PaymentEvent, customer: SubjectHistory, scorecard: Scorecard): Reason | undefined {
  const { minPayments, weight } = scorecard.currencyMismatch;
  const { currency } = event;
  const isNew = currency !== undefined && customer.currencies[currency] === undefined;
  if (!isNew || customer.payments < minPayments) return undefined;
  const usual = Object.keys(customer.currencies).sort().join(", ") || "none known";
  const detail = `${currency} is new after ${customer.payments} payments of this customer (so far: ${usual})`;
  return { code: "currency-mismatch", weight, detail };
}

function countryMismatch({ signals }: PaymentEvent, scorecard: Scorecard): Reason | undefined {
  const { cardCountry, customerCountry } = signals;
  if (cardCountry === undefined || customerCountry === undefined || cardCountry === customerCountry) return undefined;
  const detail = `The card was issued in ${cardCountry}, the customer is in ${customerCountry}`;
  return { code: "country-mismatch", weight: scorecard.countryMismatch, detail };
}

function providerRisk({ signals }: PaymentEvent, scorecard: Scorecard): Reason | undefined {
  const { providerRiskScore } = signals;
  if (providerRiskScore === undefined) return undefined;
  const detail = `The provider's own risk score is ${providerRiskScore} of 100`;
  return { code: "provider-risk", weight: weightAt(scorecard.providerRisk, providerRiskScore), detail };
}

function roundAmount({ amountMinor, currency }: PaymentEvent, scorecard: Scorecard): Reason | undefined {
  const { multipleOfMinor, weight } = scorecard.roundAmount;
  if (amountMinor === undefined || currency === undefined) return undefined;
  const minor = BigInt(amountMinor);
  if (minor === 0n || minor % BigInt(multipleOfMinor) !== 0n) return undefined;
  const detail = `A round amount: a multiple of ${multipleOfMinor} minor units of ${currency}`;
  return { code: "round-amount", weight, detail };
}

function justBelow({ routingAmountUsd }: PaymentEvent, scorecard: Scorecard): Reason | undefined {
  if (routingAmountUsd === undefined) return undefined;
  const band = scorecard.justBelow.find(
    ({ fromUsd, toUsd }) => routingAmountUsd >= fromUsd && routingAmountUsd <= toUsd,
  );
  if (band === undefined) return undefined;
  const detail = `${usd(routingAmountUsd * 100)} lies between ${usd(band.fromUsd * 100)} and ${usd(band.toUsd * 100)}, just below a threshold`;
  return { code: "just-below-threshold", weight: band.weight, detail };
}

function weightAt(steps: Steps, measure: number): number {
  return steps.findLast(({ from }) => measure >= from)?.weight ?? 0;
}

function usd(cents: number): string {
  return `${(cents / 100).toFixed(2)} USD`;
}
