import { aws } from "../aws-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { highest, lines, onTheRight, sum } from "../series.ts";
import type { MetricWidget, Section } from "../widgets.ts";

/** What waits: in the queues that functions consume, and where messages end. */
export function queues(context: DashboardContext): Section {
  const { names, deadLetterQueues } = context;
  const { webhookEvents, lowValueBatch } = names.queues;
  return {
    heading: "Queues and dead letters",
    meaning:
      "A consumed queue that grows old has a consumer that fails or is throttled. **Every line of the chart of dead " +
      "letters belongs at zero**: `npm run cli -- dlq list` names what lies there and the way out.",
    rows: [
      { height: 6, widgets: [webhookEvents, lowValueBatch].map((name) => [12, consumed(name)] as const) },
      {
        height: 8,
        widgets: [
          [
            24,
            lines({
              title: "Where messages end",
              unit: "messages",
              series: deadLetterQueues.map((name) => highest(name, visible(name))),
            }),
          ],
        ],
      },
    ],
  };
}

const visible = (QueueName: string) => aws("AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName });

function consumed(QueueName: string): MetricWidget {
  return lines({
    title: QueueName,
    unit: "messages",
    unitOnTheRight: "seconds",
    series: [
      sum("in", aws("AWS/SQS", "NumberOfMessagesSent", { QueueName })),
      sum("taken, repeats included", aws("AWS/SQS", "NumberOfMessagesReceived", { QueueName })),
      sum("done", aws("AWS/SQS", "NumberOfMessagesDeleted", { QueueName })),
      highest("waiting", visible(QueueName)),
      onTheRight(highest("age of the oldest", aws("AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName }))),
    ],
  });
}
