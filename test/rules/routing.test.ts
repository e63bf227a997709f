/** Exactly one rule on the bus matches any event, and it is the one that the recorded tier says. */
import * as fc from "fast-check";
import { environments } from "../../config/environments.ts";
import { type PaymentEvent, paymentEventSource, type RoutingThresholds, type Tier } from "../../config/events.ts";
import { limits } from "../../config/limits.ts";
import { createTierOf } from "../../lambdas/shared/domain/routing.ts";
import { compilePattern } from "../../local/services/events/matcher.ts";
import { synthesizeEnvironments } from "../stacks/synthesized.ts";
import { environmentOf, everyStack, ofType, type StackResource } from "./stacks.ts";

const tiersByRule: Readonly<Record<string, Tier>> = {
  "high-value": "high",
  "medium-value": "medium",
  "low-value": "low",
  unroutable: "unroutable",
};

/** Logs whatever there is, and takes nothing away from the others. */
const isLog = ({ config }: StackResource) => String(config.name).startsWith("every-event-");

const rules = ofType(everyStack, "aws_cloudwatch_event_rule")
  .filter((rule) => rule.stack === "pipeline-dev" && !isLog(rule))
  .map(({ config }) => ({
    tier: tiersByRule[String(config.name).replace(/-dev$/, "")],
    matches: compilePattern(String(config.event_pattern)),
  }));

/** Tiers of the rules that match an event with the amount, or without one. */
function tiersOf(routingAmountUsd: number | undefined, source: string = paymentEventSource): (Tier | undefined)[] {
  const detail = { eventId: "stripe:evt_1", ...(routingAmountUsd !== undefined && { routingAmountUsd }) };
  const event = { source, "detail-type": "payment.succeeded", detail };
  return rules.filter(({ matches }) => matches(event)).map(({ tier }) => tier);
}

const tierOf = createTierOf(environments.dev.routingThresholdsUsd);
const recordedTier = (routingAmountUsd: number | undefined) =>
  tierOf({ type: "payment.succeeded", amountMinor: "1", currency: "USD", routingAmountUsd } as PaymentEvent);

describe("routing", () => {
  it.each<[number | undefined, Tier]>([
    [0, "low"],
    [999.99, "low"],
    [1_000, "medium"],
    [1_000.01, "medium"],
    [9_999.99, "medium"],
    [10_000, "medium"],
    [10_000.01, "high"],
    [limits.routingAmountUsdCap, "high"],
    [undefined, "unroutable"],
  ])("rule 11: %p USD goes to %s, and is recorded so", (amount, tier) => {
    expect(tiersOf(amount)).toEqual([tier]);
    expect(recordedTier(amount)).toBe(tier);
  });

  it("rule 11: exactly one rule matches any amount, and it is the recorded tier's", () => {
    const cents = fc.integer({ min: 0, max: limits.routingAmountUsdCap * 100 }).map((each) => each / 100);
    const nearThresholds = fc.integer({ min: 0, max: 2_000_000 }).map((each) => each / 100);
    fc.assert(
      fc.property(fc.option(fc.oneof(cents, nearThresholds), { nil: undefined }), (amount) => {
        expect(tiersOf(amount)).toEqual([recordedTier(amount)]);
      }),
    );
  });

  it("takes nobody else's events", () => {
    expect(tiersOf(5_000, "someone.else")).toEqual([]);
    expect(tiersOf(undefined, "someone.else")).toEqual([]);
  });
});

describe("thresholds", () => {
  const other: RoutingThresholds = { mediumFrom: 250.5, highAbove: 99_999.99 };
  const stack = synthesizeEnvironments([{ ...environments.dev, routingThresholdsUsd: other }])["pipeline-dev"];
  const thresholdsOf = ({ config }: Pick<StackResource, "config">): unknown => {
    const { variables } = config.environment as { variables: Record<string, string> };
    return JSON.parse(variables.ROUTING_THRESHOLDS_USD ?? "null");
  };

  it("of the rules are the environment's", () => {
    const patterns = Object.values(stack?.resource?.aws_cloudwatch_event_rule ?? {}).flatMap((rule) => {
      const { detail } = JSON.parse(String(rule.event_pattern)) as { detail?: { routingAmountUsd: unknown[] } };
      return detail === undefined ? [] : [detail.routingAmountUsd[0]];
    });
    expect(patterns).toHaveLength(4);
    expect(patterns).toEqual(
      expect.arrayContaining([
        { numeric: ["<", 250.5] },
        { numeric: [">=", 250.5, "<=", 99_999.99] },
        { numeric: [">", 99_999.99] },
        { exists: false },
      ]),
    );
  });

  it("of every function that says a tier are those of the rules", () => {
    const told = Object.values(stack?.resource?.aws_lambda_function ?? {}).map((config) => thresholdsOf({ config }));
    expect(told.filter((thresholds) => thresholds !== null)).toEqual([other, other, other, other, other]);
  });

  it("of every function that says a tier are the environment's", () => {
    const telling = ofType(everyStack, "aws_lambda_function").filter((fn) => thresholdsOf(fn) !== null);
    expect(telling.map((fn) => [fn.place, thresholdsOf(fn)])).toEqual(
      telling.map((fn) => [fn.place, environmentOf(fn.stack).routingThresholdsUsd]),
    );
  });
});
