import { minorUnitExponents } from "../../config/money.ts";
import { finance } from "../../dashboards/finance.ts";
import { context, expressionsOf, widgetOf } from "./fixtures.ts";

const sealed = expressionsOf(widgetOf(finance(context), "Payments, sealed"));

/** Exponents of the searches that find a currency. */
function foundBy(currency: string): readonly number[] {
  return Object.entries(sealed)
    .filter(([, expression]) => {
      const isExcluded = expression.includes(`NOT currency="${currency}"`);
      const isOffered = expression.includes(`currency="${currency}"`);
      return expression.includes("NOT currency=") ? !isExcluded : isOffered;
    })
    .map(([id]) => Number(id.replace("exponent", "")));
}

describe("the dashboard for finance", () => {
  it("finds each currency once, by the decimals that it has", () => {
    for (const [currency, exponent] of minorUnitExponents)
      expect([currency, foundBy(currency)]).toEqual([currency, [exponent]]);
  });

  it.each([
    ["exponent0", /86400\)$/],
    ["exponent2", /86400\) \/ 100$/],
    ["exponent3", /86400\) \/ 1000$/],
    ["exponent4", /86400\) \/ 10000$/],
  ])("shows sums of %s in whole units of the currency", (id, end) => expect(sealed[id]).toMatch(end));

  it.each([
    ["Payments, sealed", "sealedMinor", "payment.succeeded"],
    ["Refunds, sealed", "sealedMinor", "refund.created"],
    ["Disputes opened, sealed", "sealedMinor", "dispute.opened"],
    ["Payouts, sealed", "sealedMinor", "payout.paid"],
    ["Payments, as recorded so far", "recordedMinor", "payment.succeeded"],
    ["Refunds, as recorded so far", "recordedMinor", "refund.created"],
  ])("has a table by day of %s", (title, metric, type) => {
    const widget = widgetOf(finance(context), title);
    expect(widget).toMatchObject({ view: "table", periodSeconds: 86_400 });
    for (const expression of Object.values(expressionsOf(widget))) {
      expect(expression).toContain(`MetricName="${metric}" environment="test"`);
      expect(expression).toContain(` type="${type}" `);
    }
  });

  it("keeps a day a day, whatever the time range", () => expect(finance(context).periods).toBe("as written"));
});
