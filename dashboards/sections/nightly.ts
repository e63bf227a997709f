import type { LambdaName } from "../../config/lambdas.ts";
import { aws } from "../aws-metrics.ts";
import { business } from "../business-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { highest, inLastWeek, latest, lines, oneDay, oneHour, onTheRight, sum } from "../series.ts";
import { evenly, type MetricWidget, type Section } from "../widgets.ts";
import { workflow } from "./decisions.ts";

/** A day is sealed on the second day after it, at 03:00Z: 27 hours after its end. */
const sealedAfterHours = 27;

/** What runs by the clock: the archive, the reconciliation, the sweeps. */
export function nightly(context: DashboardContext): Section {
  const { names, stateMachineArn } = context;
  const { dailyArchive, webhookReconciliation } = names.stateMachines;
  return {
    heading: "By the clock: archive, reconciliation, sweeps",
    meaning:
      "02:00Z the providers' books are compared with ours, 03:00Z the day before yesterday is archived and sealed, 04:00Z " +
      "dead letters are copied, and every hour undecided events are looked for. Open **critical** discrepancies and what is " +
      "still **undecided** wait for a person. All of it shows the last seven days.",
    rows: [
      [...workflow("daily-archive", stateMachineArn(dailyArchive)), ...archived(context)],
      [...workflow("webhook-reconciliation", stateMachineArn(webhookReconciliation)), ...compared(context)],
      [...sweeps(context), schedules(context)],
    ].map((widgets) => evenly(6, widgets.map(inLastWeek))),
  };
}

function archived(context: DashboardContext): readonly MetricWidget[] {
  return [
    lines({
      title: "Archived and sealed",
      unit: "transactions",
      unitOnTheRight: "days",
      periodSeconds: oneHour,
      series: [
        sum("transactions", business(context, "archived")),
        onTheRight(sum("days sealed", business(context, "sealedDays"))),
      ],
    }),
    lines({
      title: "Archive lag",
      unit: "hours after the day",
      periodSeconds: oneHour,
      series: [highest("sealed", business(context, "sealedLagHours"))],
      marks: [{ label: "on time", value: sealedAfterHours }],
    }),
  ];
}

function compared(context: DashboardContext): readonly MetricWidget[] {
  return [
    lines({
      title: "Reconciliation",
      unit: "events",
      periodSeconds: oneHour,
      series: [
        sum("missed, re-entered", business(context, "WebhookReconciliation.MissedEvents")),
        sum("failed", business(context, "WebhookReconciliation.FailedEvents")),
        sum("taken on the next try", business(context, "WebhookReconciliation.SuccessfulRetries")),
        sum("discrepancies", business(context, "WebhookReconciliation.Discrepancies")),
        sum("could not be checked", business(context, "WebhookReconciliation.Unchecked")),
      ],
    }),
    latest(
      "Open critical discrepancies",
      [highest("open", business(context, "WebhookReconciliation.OpenCriticalDiscrepancies"))],
      oneDay,
    ),
  ];
}

function sweeps(context: DashboardContext): readonly MetricWidget[] {
  return [
    lines({
      title: "Undecided events",
      unit: "events",
      periodSeconds: oneHour,
      series: [
        sum("sent again", business(context, "DecisionSweep.Resent")),
        highest("left to a person", business(context, "DecisionSweep.Undecided")),
      ],
    }),
    lines({
      title: "Runs that did all of their work",
      unit: "runs",
      periodSeconds: oneHour,
      series: [
        sum("decision-sweep", business(context, "DecisionSweep.Finished")),
        sum("dead-letter-copy", business(context, "DeadLetterCopy.Finished")),
      ],
    }),
  ];
}

/** Those that have a schedule group of their own, which is named like them. */
const ownGroups: readonly LambdaName[] = ["webhook-reconciliation", "decision-sweep", "dead-letter-copy"];

function schedules({ names }: DashboardContext): MetricWidget {
  const groups: readonly (readonly [label: string, group: string])[] = [
    ["daily-archive", names.scheduleGroup],
    ...ownGroups.map((name) => [name, names.scheduleGroupOf(name)] as const),
  ];
  return lines({
    title: "Schedules",
    unit: "starts",
    periodSeconds: oneHour,
    series: groups.flatMap(([label, ScheduleGroup]) => [
      sum(label, aws("AWS/Scheduler", "InvocationAttemptCount", { ScheduleGroup })),
      sum(`${label}: errors`, aws("AWS/Scheduler", "TargetErrorCount", { ScheduleGroup })),
      sum(`${label}: given up`, aws("AWS/Scheduler", "InvocationDroppedCount", { ScheduleGroup })),
    ]),
  });
}
