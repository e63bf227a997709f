/** The thresholds that the tests' amounts are made for, as in dev, and the tiers that they make. */
import { createTierOf } from "../../lambdas/shared/domain/routing.ts";

export const routingThresholdsUsd = { mediumFrom: 1_000, highAbove: 10_000 } as const;

export const tierOf = createTierOf(routingThresholdsUsd);
