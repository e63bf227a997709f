import type { Construct } from "constructs";
import { metricIn } from "../../config/metrics.ts";
import { Alarm } from "../constructs/Alarm.ts";
import type { PipelineKit } from "./PipelineKit.ts";

/** What the run itself says. That there is none, its failures and its function's errors ring already. */
export function watchReconciliation(scope: Construct, kit: PipelineKit): void {
  const alarmName = (what: string) => `${kit.names.stateMachines.webhookReconciliation}-${what}`;
  const common = { above: 0, topic: kit.alarmTopic } as const;
  new Alarm(scope, "critical", {
    ...common,
    alarmName: alarmName("critical"),
    ...metricIn(kit.environment, "WebhookReconciliation.OpenCriticalDiscrepancies"),
    statistic: "Maximum",
    // It rings from the run that found one to the run after which none is open, however far those are apart.
    periodSeconds: 60 * 60,
    ringsWithoutData: true,
    errorImpact: "Money or events of a provider and ours differ: a payment may be missing or booked wrongly.",
    firstSteps: [
      "List the open ones: npm run cli -- reconcile list. One may have been paged about when it was found.",
      "Go by the kind of each in the runbook: some are mended by a replay, some are settled with the provider.",
      "Close each with npm run cli -- reconcile resolve, or let the next run find it gone.",
    ],
  });
  new Alarm(scope, "unchecked", {
    ...common,
    alarmName: alarmName("unchecked"),
    ...metricIn(kit.environment, "WebhookReconciliation.Unchecked"),
    statistic: "Sum",
    // A run a day: it rings until a run of the next day has checked everything.
    periodSeconds: 24 * 60 * 60,
    errorImpact: "None for customers yet: a part of a provider's books could not be compared with ours.",
    firstSteps: [
      "See which part and why: npm run cli -- reconcile report.",
      "Mend what is ours, such as a missing API key: npm run cli -- secrets list. Wait where it is the provider's.",
      "Check it again: npm run cli -- reconcile run --wait, or leave it to the next night.",
    ],
  });
}
