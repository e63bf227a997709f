import type { Construct } from "constructs";
import type { EnvironmentSettings } from "../../config/environment-settings.ts";
import { AnomalyAlarm } from "../constructs/AnomalyAlarm.ts";
import { businessMetric, type Watching } from "./watching.ts";

/** That there are more or fewer webhooks than usual at that hour. Usual is what CloudWatch has learnt, so it doesn't page. */
export function watchTraffic(
  scope: Construct,
  watching: Watching,
  { bandWidth }: NonNullable<EnvironmentSettings["trafficAlarms"]>,
): void {
  new AnomalyAlarm(scope, "unusual-traffic", {
    ...businessMetric(watching, "accepted", "Sum"),
    alarmName: `${watching.names.restApi}-unusual-traffic`,
    errorImpact: "None by itself. A provider may have stopped to send, or sends what nobody has bought.",
    firstSteps: [
      "See in the dashboard transaction-metrics which provider's webhooks are more or fewer than at that hour.",
      "Fewer: ask that provider's status page, and see in its dashboard what it was answered.",
      "More: a sale, a provider that makes up for an outage, or a flood. Look at amounts and customers: per-customer.",
    ],
    periodSeconds: 900,
    periods: 3,
    bandWidth,
    topic: watching.tickets,
  });
}
