import { type ProviderName, providerNames } from "../../config/providers.ts";
import { business } from "../business-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { latency, lines, onTheRight, sum } from "../series.ts";
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
        // A webhook may hold several events, so what was accepted doesn't add up with the others.
        lines({
          title: `${provider}: answers`,
          unit: "events",
          unitOnTheRight: "webhooks",
          series: [
            sum("accepted", business(context, "accepted", { provider })),
            onTheRight(sum("refused", business(context, "refused", { provider }))),
            onTheRight(sum("sent again later", business(context, "undecided", { provider }))),
          ],
        }),
      ],
      [8, latency(`${provider}: until the answer`, business(context, "ackLatencyMs", { provider }))],
      [
        8,
        // An event is recorded and then decided: these are one after the other, and no parts of a whole.
        lines({
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
