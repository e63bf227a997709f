/** The same event with another amount, as a fault of the sender would tell it. */
import { parseToWriteAgain } from "../../../lambdas/shared/domain/exact-json.ts";
import { stripeRules } from "../../../lambdas/shared/providers/stripe/facts.ts";
import type { Misstatement } from "../deliveries.ts";

/** One major unit of most currencies, and a whole one of those that Stripe writes with two zeros. */
const difference = 100;

/** Undefined for an event that states no amount. */
export function misstated(body: string): Misstatement | undefined {
  const event = parseToWriteAgain(body) as { type: string; data: { object: Record<string, unknown> } };
  const { object } = event.data;
  const fields = event.type === "charge.refunded" ? ["amount_refunded"] : (stripeRules.get(event.type)?.amount ?? []);
  const field = fields.find((name) => typeof object[name] === "number");
  if (field === undefined) return undefined;
  const actual = Number(object[field]);
  const stated = actual + difference;
  const changed = { ...event, data: { ...event.data, object: { ...object, [field]: stated } } };
  return { body: JSON.stringify(changed, null, 2), field, actual, stated };
}
