import { type ExponentOverrides, isoExponent } from "../../../lambdas/shared/domain/money.ts";
import type { WebhookOrder } from "./types.ts";

/** The amount in a provider's own minor units, which aren't ISO's everywhere. Undefined for one that they can't say. */
export function ownUnits(
  { amountMinor, currency }: NonNullable<WebhookOrder["money"]>,
  exponents: ExponentOverrides,
): number | undefined {
  const shift = (exponents.get(currency) ?? isoExponent(currency)) - isoExponent(currency);
  const factor = 10n ** BigInt(Math.abs(shift));
  const minor = BigInt(amountMinor);
  if (shift < 0 && minor % factor !== 0n) return undefined;
  return Number(shift < 0 ? minor / factor : minor * factor);
}
