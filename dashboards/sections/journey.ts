import { decisions, tiers } from "../../config/events.ts";
import { aws } from "../aws-metrics.ts";
import { business } from "../business-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { highest, inLastWeek, latency, latest, lines, oneHour, onTheRight, stacked, sum, total } from "../series.ts";
import { evenly, type Section } from "../widgets.ts";

/** A webhook's stages beside each other, in the order of its way: how many, of what kind, how fast. */
export function journey(context: DashboardContext): Section {
  return {
    heading: "The way of a webhook",
    meaning:
      "From left to right: accepted by the API, waiting in the queue, recorded once, routed by amount, decided, archived. " +
      "The top row counts, the middle one says of what kind, the lowest how long it takes. Where a number on the left is " +
      "not followed by those to its right, look at the stage between them. Days are archived once a night, so the column " +
      "on the right shows the last seven days.",
    rows: [
      evenly(4, [
        total("1 Accepted", [sum("accepted", business(context, "accepted"))]),
        latest("2 Waiting", [highest("waiting", waiting(context))]),
        total("3 Recorded", [sum("recorded", business(context, "recorded"))]),
        total("4 Routed", [sum("routed", business(context, "routed"))]),
        total("5 Decided", [sum("decided", business(context, "decision"))]),
        inLastWeek(total("6 Archived in 7 days", [sum("archived", business(context, "archived"))])),
      ]),
      evenly(6, kinds(context)),
      evenly(6, speeds(context)),
    ],
  };
}

const waiting = ({ names }: DashboardContext) =>
  aws("AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: names.queues.webhookEvents });

function kinds(context: DashboardContext) {
  const { names } = context;
  const QueueName = names.queues.webhookEvents;
  const StateMachineArn = context.stateMachineArn(names.stateMachines.dailyArchive);
  return [
    // A webhook may hold several events, so what was accepted doesn't add up with the others.
    lines({
      title: "Answers",
      unit: "events",
      unitOnTheRight: "webhooks",
      series: [
        sum("accepted", business(context, "accepted")),
        onTheRight(sum("refused", business(context, "refused"))),
        onTheRight(sum("sent again later", business(context, "undecided"))),
      ],
    }),
    lines({
      title: "Queue",
      unit: "messages",
      series: [
        sum("in", aws("AWS/SQS", "NumberOfMessagesSent", { QueueName })),
        sum("done", aws("AWS/SQS", "NumberOfMessagesDeleted", { QueueName })),
        highest("waiting", waiting(context)),
      ],
    }),
    stacked({
      title: "Recorded",
      unit: "events",
      series: [sum("first time", business(context, "recorded")), sum("duplicates", business(context, "duplicate"))],
    }),
    stacked({
      title: "Routed by tier",
      unit: "events",
      series: tiers.map((tier) => sum(tier, business(context, "routed", { tier }))),
    }),
    stacked({
      title: "Decisions",
      unit: "events",
      series: decisions.map((decision) => sum(decision, business(context, "decision", { outcome: decision }))),
    }),
    inLastWeek(
      lines({
        title: "Archive runs",
        unit: "runs",
        periodSeconds: oneHour,
        series: [
          sum("succeeded", aws("AWS/States", "ExecutionsSucceeded", { StateMachineArn })),
          sum("failed", aws("AWS/States", "ExecutionsFailed", { StateMachineArn })),
        ],
      }),
    ),
  ];
}

function speeds(context: DashboardContext) {
  const { names } = context;
  return [
    latency("Until the answer", business(context, "ackLatencyMs")),
    lines({
      title: "Oldest message",
      unit: "seconds",
      series: [
        highest("age", aws("AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName: names.queues.webhookEvents })),
      ],
    }),
    latency("Until recorded", business(context, "queueWaitMs")),
    latency("Recording ten", aws("AWS/Lambda", "Duration", { FunctionName: names.lambda("webhook-dedup") })),
    latency("Until decided", business(context, "endToEndMs")),
    inLastWeek(
      lines({
        title: "Until sealed",
        unit: "hours after the day",
        periodSeconds: oneHour,
        series: [highest("lag", business(context, "sealedLagHours"))],
      }),
    ),
  ];
}
