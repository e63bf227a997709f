import { environments } from "../../../config/environments.ts";
import { createTierOf, routingAmountOf } from "../../../lambdas/shared/domain/routing.ts";
import {
  amountIn,
  boundaryAmounts,
  longAmounts,
  type Money,
  thirdOfLowCents,
  usCentsOf,
} from "../../../tools/demo/amounts.ts";
import { createRandom } from "../../../tools/demo/random.ts";
import { environment } from "../../../tools/demo/runtime-arguments.ts";

const { routingThresholdsUsd } = environments[environment];

const usd = (amountMinor: string): Money => ({ amountMinor, currency: "USD" });

describe("usCentsOf", () => {
  it.each<[Money, bigint]>([
    [usd("12345"), 12345n],
    [{ amountMinor: "100", currency: "JPY" }, 66n],
    [{ amountMinor: "1000", currency: "KWD" }, 326n],
    [{ amountMinor: "101", currency: "EUR" }, 117n],
    // Above the high tier's threshold a fraction counts as a cent, below it as none.
    [{ amountMinor: "2000001", currency: "EUR" }, 2320002n],
    [usd("180000000001"), 100_000_000_000n],
  ])("of %j is %s", (money, cents) => expect(usCentsOf(money)).toBe(cents));

  it("agrees with the pipeline on every amount that is planned", () => {
    const random = createRandom(9);
    const planned = (["low", "medium", "high"] as const).flatMap((tier) =>
      Array.from({ length: 300 }, () => amountIn(tier, random)),
    );
    for (const money of [...planned, ...[...boundaryAmounts, ...longAmounts].map(([amount]) => amount)]) {
      const { routingAmountUsd = Number.NaN } =
        routingAmountOf(money.amountMinor, money.currency, routingThresholdsUsd) ?? {};
      expect([money, usCentsOf(money)]).toEqual([money, BigInt(Math.round(routingAmountUsd * 100))]);
    }
  });
});

it("long amounts have more than eight digits, and there are some in every tier", () => {
  for (const [{ amountMinor }] of longAmounts) expect(amountMinor.length).toBeGreaterThan(8);
  expect(new Set(longAmounts.map(([, tier]) => tier))).toEqual(new Set(["low", "medium", "high"]));
});

it.each([...boundaryAmounts, ...longAmounts])("%j is %s to the pipeline, too", (money, tier) => {
  const routed = routingAmountOf(money.amountMinor, money.currency, routingThresholdsUsd);
  expect(createTierOf(routingThresholdsUsd)({ type: "payment.succeeded", ...money, ...routed })).toBe(tier);
});

it("three times a third of a low amount is low", () => {
  const random = createRandom(3);
  for (let time = 0; time < 100; time++) {
    expect(3 * thirdOfLowCents(random)).toBeLessThan(100 * routingThresholdsUsd.mediumFrom);
  }
});
