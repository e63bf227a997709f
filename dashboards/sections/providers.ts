import { type ProviderName, providerNames } from "../../config/providers.ts";
import { business } from "../business-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { latency, stacked, sum } from "../series.ts";
import type { Row, Section } from "../widgets.ts";

/** A row per provider of config/providers.ts: the same pipeline, seen from one sender. */
export function providers(context: DashboardContext): Section {
  return {
    heading: "The pipeline by provider",
    meaning:
      "One row per provider: how its webhooks were answered, how fast, and what became of its events. A provider whose " +
      "row goes silent has stopped sending, or sends elsewhere.",
    rows: providerNames.map((provider) => providerRow(context, provider)),
  };
}

function providerRow(context: DashboardContext, provider: ProviderName): Row {
  return {
    height: 5,
    widgets: [
      [
        8,
        stacked({
          title: `${provider}: answers`,
          unit: "webhooks",
          series: [
            sum("accepted", business(context, "accepted", { provider })),
            sum("refused", business(context, "refused", { provider })),
            sum("sent again later", business(context, "undecided", { provider })),
          ],
        }),
      ],
      [8, latency(`${provider}: until the answer`, business(context, "ackLatencyMs", { provider }))],
      [
        8,
        stacked({
          title: `${provider}: events`,
          unit: "events",
          series: [
            sum("recorded", business(context, "recorded", { provider })),
            sum("duplicates", business(context, "duplicate", { provider })),
            sum("decided", business(context, "decision", { provider })),
          ],
        }),
      ],
    ],
  };
}
