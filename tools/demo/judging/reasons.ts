/** The reasons of a score that an event gives by itself, whatever came before it: read from the scorecard alone. */
import { type Steps, scorecard } from "../../../config/scorecard.ts";
import { usCentsOf } from "../amounts.ts";
import type { PlannedEvent } from "../plan.ts";

/** Code → weight; 0 for a reason that must not be there. */
export function certainReasons({ order, money }: PlannedEvent): ReadonlyMap<string, number> {
  const { cardCountry, customerCountry, riskScore } = order;
  const isMismatch = cardCountry !== undefined && customerCountry !== undefined && cardCountry !== customerCountry;
  const reasons = new Map([
    ["country-mismatch", isMismatch ? scorecard.countryMismatch : 0],
    ["provider-risk", riskScore === undefined ? 0 : weightAt(scorecard.providerRisk, riskScore)],
  ]);
  if (money === undefined) return reasons;
  const { multipleOfMinor, weight } = scorecard.roundAmount;
  const isRound = BigInt(money.amountMinor) % BigInt(multipleOfMinor) === 0n;
  const usd = Number(usCentsOf(money)) / 100;
  const band = scorecard.justBelow.find(({ fromUsd, toUsd }) => usd >= fromUsd && usd <= toUsd);
  return reasons.set("round-amount", isRound ? weight : 0).set("just-below-threshold", band?.weight ?? 0);
}

function weightAt(steps: Steps, measure: number): number {
  return steps.findLast(({ from }) => measure >= from)?.weight ?? 0;
}
