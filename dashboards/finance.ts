import type { PaymentEventType } from "../config/events.ts";
import { minorUnitExponents } from "../config/money.ts";
import { providerNames } from "../config/providers.ts";
import { business, searchBusiness } from "./business-metrics.ts";
import type { DashboardContext } from "./context.ts";
import { highest, latest, lines, oneDay, onTheRight, stacked, sum, total } from "./series.ts";
import { type Dashboard, type ExpressionSeries, evenly, type MetricWidget, type Section } from "./widgets.ts";

/** For finance: what was sealed, by day and currency, and what is still open. */
export function finance(context: DashboardContext): Dashboard {
  return { start: "-P14D", periods: "as written", sections: [books(context), sums(context), traffic(context)] };
}

/** Money by what happened to it, as finance calls it. */
const kinds: readonly (readonly [type: PaymentEventType, title: string])[] = [
  ["payment.succeeded", "Payments"],
  ["refund.created", "Refunds"],
  ["dispute.opened", "Disputes opened"],
  ["payout.paid", "Payouts"],
];

function books(context: DashboardContext): Section {
  return {
    heading: "The books",
    meaning:
      "A day is sealed on the second day after it, at 03:00Z. **Open critical discrepancies** are money or events that a " +
      "provider's books and ours disagree about: `npm run cli -- reconcile list` names them. What **could not be checked** is " +
      "never counted as fine.",
    rows: [
      evenly(4, [
        total("Days and addenda sealed", [sum("sealed", business(context, "sealedDays"))]),
        latest("Hours until sealed", [highest("hours", business(context, "sealedLagHours"))], oneDay),
        latest(
          "Open critical discrepancies",
          [highest("open", business(context, "WebhookReconciliation.OpenCriticalDiscrepancies"))],
          oneDay,
        ),
        latest("Could not be checked", [sum("parts", business(context, "WebhookReconciliation.Unchecked"))], oneDay),
      ]),
      evenly(6, [
        lines({
          title: "Sealed by day of sealing",
          unit: "days and addenda",
          unitOnTheRight: "transactions",
          periodSeconds: oneDay,
          series: [
            sum("sealed", business(context, "sealedDays")),
            onTheRight(sum("transactions archived", business(context, "archived"))),
          ],
        }),
        lines({
          title: "Reconciliation by run",
          unit: "events",
          periodSeconds: oneDay,
          series: [
            sum("checked", business(context, "WebhookReconciliation.EventsChecked")),
            sum("missed, re-entered", business(context, "WebhookReconciliation.MissedEvents")),
            sum("discrepancies", business(context, "WebhookReconciliation.Discrepancies")),
            sum("critical ones", business(context, "WebhookReconciliation.CriticalDiscrepancies")),
          ],
        }),
      ]),
    ],
  };
}

function sums(context: DashboardContext): Section {
  return {
    heading: "Sums by day and currency",
    meaning:
      "From the signed manifests, at the day they are about (UTC), in the currency's own units: 12.34 is twelve dollars and " +
      "34 cents. CloudWatch computes with doubles: **the books are the archive's manifests**, exact to the last cent: " +
      "`npm run cli -- archive query`. A currency without a sum for two weeks isn't listed.",
    rows: [
      ...[kinds.slice(0, 2), kinds.slice(2)].map((pair) =>
        evenly(
          7,
          pair.map(([type, title]) => money(context, "sealedMinor", type, `${title}, sealed`)),
        ),
      ),
      evenly(
        7,
        kinds.slice(0, 2).map(([type, title]) => money(context, "recordedMinor", type, `${title}, as recorded so far`)),
      ),
    ],
  };
}

function money(
  context: DashboardContext,
  metric: "sealedMinor" | "recordedMinor",
  type: PaymentEventType,
  title: string,
): MetricWidget {
  const series = searchesByExponent().map(({ exponent, term }): ExpressionSeries => {
    const among = [`type="${type}"`, term];
    const search = searchBusiness(context, metric, ["type", "currency"], { stat: "Sum", periodSeconds: oneDay, among });
    const expression = exponent === 0 ? search : `${search} / ${10 ** exponent}`;
    return { id: `exponent${exponent}`, label: type, expression };
  });
  return { kind: "metric", view: "table", title, periodSeconds: oneDay, unit: "major units", series };
}

/** Two decimals are what most currencies have: they are searched for as those that aren't any of the others. */
const commonExponent = 2;

/** The currencies of an exponent, as a term of a SEARCH. */
function searchesByExponent(): readonly { readonly exponent: number; readonly term: string }[] {
  const others = [...minorUnitExponents].filter(([, exponent]) => exponent !== commonExponent);
  const named = (code: string) => `currency="${code}"`;
  const exponents = [...new Set(others.map(([, exponent]) => exponent))];
  return [
    { exponent: commonExponent, term: others.map(([code]) => `NOT ${named(code)}`).join(" ") },
    ...exponents.map((exponent) => {
      const codes = others.filter(([, each]) => each === exponent).map(([code]) => named(code));
      return { exponent, term: `(${codes.join(" OR ")})` };
    }),
  ];
}

function traffic(context: DashboardContext): Section {
  return {
    heading: "Events by provider and day",
    meaning:
      "Recorded for the first time, by the provider that told of them: a provider that is missing has sent nothing.",
    rows: [
      evenly(7, [
        stacked({
          title: "Events by provider",
          unit: "events",
          periodSeconds: oneDay,
          series: providerNames.map((provider) => sum(provider, business(context, "recorded", { provider }))),
        }),
      ]),
    ],
  };
}
