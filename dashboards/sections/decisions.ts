import type { Tier } from "../../config/events.ts";
import { aws } from "../aws-metrics.ts";
import { business } from "../business-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { latency, lines, p95, stacked, sum } from "../series.ts";
import { evenly, type MetricWidget, type Section } from "../widgets.ts";

/** Tiers whose events are scored. */
const scored: readonly Tier[] = ["high", "medium", "low"];

/** From the bus to the decision: rules, workflows, alerts. */
export function decisions(context: DashboardContext): Section {
  const { names, stateMachineArn } = context;
  const { transactionWorkflow, highValueReview } = names.stateMachines;
  return {
    heading: "Routing and decisions",
    meaning:
      "Each event matches the rule of its tier, and `every-event`, which logs it. High and medium amounts start a workflow, low ones fill a queue; **unroutable** money " +
      "waits for a person. A workflow that isn't among the succeeded has sent its event to `workflow-failed`, or still " +
      "waits: `high-value-review` waits for people.",
    rows: [
      evenly(6, [
        stacked({ title: "Matched by rule", unit: "events", series: ofRules(context, "MatchedEvents") }),
        lines({
          title: "Targets of rules",
          unit: "events",
          series: [
            ...ofRules(context, "Invocations", "reached or given up: "),
            ...ofRules(context, "FailedInvocations", "failed: "),
            ...ofRules(context, "InvocationsSentToDlq", "dead letter: "),
          ],
        }),
        lines({
          title: "Until decided, p95 by tier",
          unit: "milliseconds",
          series: scored.map((tier) => p95(tier, business(context, "endToEndMs", { tier }))),
        }),
        stacked({
          title: "Decided by tier",
          unit: "events",
          series: scored.map((tier) => sum(tier, business(context, "decision", { tier }))),
        }),
      ]),
      evenly(6, [
        ...workflow("transaction-workflow", stateMachineArn(transactionWorkflow)),
        ...workflow("high-value-review", stateMachineArn(highValueReview)),
      ]),
      evenly(6, Object.values(names.topics).map(topic)),
    ],
  };
}

function ofRules(
  { names, rules }: DashboardContext,
  metric: "MatchedEvents" | "Invocations" | "FailedInvocations" | "InvocationsSentToDlq",
  label = "",
) {
  return rules.map((RuleName) =>
    sum(`${label}${RuleName}`, aws("AWS/Events", metric, { EventBusName: names.bus, RuleName })),
  );
}

/** How a state machine's executions end, and how long they take. */
export function workflow(title: string, StateMachineArn: string): readonly MetricWidget[] {
  const counted = (label: string, metric: Parameters<typeof ofMachine>[0]) => sum(label, ofMachine(metric));
  const ofMachine = (
    metric:
      | "ExecutionsStarted"
      | "ExecutionsSucceeded"
      | "ExecutionsFailed"
      | "ExecutionsTimedOut"
      | "ExecutionsAborted"
      | "ExecutionThrottled",
  ) => aws("AWS/States", metric, { StateMachineArn });
  return [
    lines({
      title: `${title}: executions`,
      unit: "executions",
      series: [
        counted("started", "ExecutionsStarted"),
        counted("succeeded", "ExecutionsSucceeded"),
        counted("failed", "ExecutionsFailed"),
        counted("timed out", "ExecutionsTimedOut"),
        counted("aborted", "ExecutionsAborted"),
        counted("throttled", "ExecutionThrottled"),
      ],
    }),
    latency(`${title}: time`, aws("AWS/States", "ExecutionTime", { StateMachineArn })),
  ];
}

function topic(TopicName: string): MetricWidget {
  return lines({
    title: `Alerts: ${TopicName}`,
    unit: "messages",
    series: [
      sum("published", aws("AWS/SNS", "NumberOfMessagesPublished", { TopicName })),
      sum("delivered", aws("AWS/SNS", "NumberOfNotificationsDelivered", { TopicName })),
      sum("failed", aws("AWS/SNS", "NumberOfNotificationsFailed", { TopicName })),
    ],
  });
}
