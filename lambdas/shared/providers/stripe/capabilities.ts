import * as v from "valibot";
import type { ExponentOverrides } from "../../domain/money.ts";
import { liveSecrets, testEvents } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

/**
 * An endpoint and its secret belong to live or to test mode, but a live endpoint of Connect is sent the test events of
 * connected accounts, too. Source: https://docs.stripe.com/connect/webhooks
 */
const stripeSettings = v.object({ secrets: liveSecrets, testEvents });
export type StripeSettings = v.InferOutput<typeof stripeSettings>;

export const stripeCapabilities: Capabilities<StripeSettings> = {
  settings: stripeSettings,
  archivedHeaders: () => ["stripe-signature"],
  isTimestamped: () => true,
  documentation: "https://docs.stripe.com/webhooks#verify-manually",
};

/**
 * Where Stripe's minor units aren't ISO's (https://docs.stripe.com/currencies): ISK and UGX became zero-decimal, yet the
 * API keeps two decimals, always 00 (5 UGX is 500); MGA is zero-decimal at Stripe and has two decimals in ISO 4217.
 * HUF and TWD are restricted to whole units in payouts only, and even there the amount keeps its two decimals.
 */
export const stripeExponents: ExponentOverrides = new Map([
  ["ISK", 2],
  ["UGX", 2],
  ["MGA", 0],
]);
