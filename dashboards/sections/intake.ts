import { providerNames } from "../../config/providers.ts";
import { aws } from "../aws-metrics.ts";
import { business, searchBusiness } from "../business-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { bars, fiveMinutes, latency, lines, stacked, sum } from "../series.ts";
import { evenly, type MetricWidget, type Section } from "../widgets.ts";

/** What providers meet: the API and its answers. */
export function intake(context: DashboardContext): Section {
  const ofApi = { ApiName: context.names.restApi };
  return {
    heading: "Intake: what providers meet",
    meaning:
      "API Gateway's own counts, then ours by the code of the refusal. 5xx answers are sent again by the provider, 4xx " +
      "mostly are not. Refusals by **signature** that rise for one provider mean that its secret was changed, or that " +
      "somebody guesses.",
    rows: [
      evenly(6, [
        lines({
          title: "Requests",
          unit: "requests",
          series: [
            sum("all", aws("AWS/ApiGateway", "Count", ofApi)),
            sum("4xx", aws("AWS/ApiGateway", "4XXError", ofApi)),
            sum("5xx", aws("AWS/ApiGateway", "5XXError", ofApi)),
          ],
        }),
        errorRate(context),
        latency("API latency", aws("AWS/ApiGateway", "Latency", ofApi), [{ label: "alarm on p95", value: 1_000 }]),
        latency("Of which the function", aws("AWS/ApiGateway", "IntegrationLatency", ofApi)),
      ]),
      evenly(6, [
        byReason(context, "refused", "Refused (4xx) by reason"),
        byReason(context, "undecided", "To be sent again (5xx) by reason"),
        bars({
          title: "Signature refusals by provider",
          unit: "webhooks",
          series: providerNames.map((provider) => sum(provider, business(context, "signatureRefused", { provider }))),
        }),
        bars({
          title: "Accepted by provider",
          unit: "events",
          series: providerNames.map((provider) => sum(provider, business(context, "accepted", { provider }))),
        }),
      ]),
    ],
  };
}

function errorRate({ names }: DashboardContext): MetricWidget {
  const ofApi = { ApiName: names.restApi };
  return lines({
    title: "Error rate (5xx)",
    unit: "per cent of requests",
    series: [
      sum("requests", aws("AWS/ApiGateway", "Count", ofApi), { id: "requests", hidden: true }),
      sum("5xx", aws("AWS/ApiGateway", "5XXError", ofApi), { id: "errors", hidden: true }),
      { id: "rate", label: "5xx", expression: "100 * FILL(errors, 0) / requests" },
    ],
    marks: [{ label: "alarm", value: 1 }],
  });
}

/** Codes of refusals are many, and each function has its own: whichever there have been. */
function byReason(context: DashboardContext, metric: "refused" | "undecided", title: string): MetricWidget {
  const expression = searchBusiness(context, metric, ["reason"], { stat: "Sum", periodSeconds: fiveMinutes });
  return stacked({ title, unit: "webhooks", series: [{ id: "reasons", label: metric, expression }] });
}
