import type { Construct } from "constructs";
import { MathAlarm } from "../constructs/MathAlarm.ts";
import type { MetricStatistic } from "../constructs/metrics.ts";
import type { Watching } from "./watching.ts";

/** Throttled reads and writes in five minutes that retries make up for, unnoticed by anybody. */
const unnoticed = 100;

/**
 * That DynamoDB lets the functions wait. It rings no telephone: what customers notice of it is in the stages' alarms.
 * Alarms on metrics of DynamoDB take no data for no news, whatever they are told; filled up, there is data.
 * Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
 */
export function watchTables(scope: Construct, { names, tickets }: Watching): void {
  const { transactions, processedWebhooks, fraudCounters, reconciliation } = names.tables;
  const metrics = Object.fromEntries(
    [transactions, processedWebhooks, fraudCounters, reconciliation].flatMap((table, index) => [
      [`reads${index + 1}`, throttles(table, "ReadThrottleEvents")],
      [`writes${index + 1}`, throttles(table, "WriteThrottleEvents")],
    ]),
  );
  new MathAlarm(scope, "tables-throttled", {
    alarmName: `${names.restApi}-tables-throttled`,
    errorImpact:
      "Events are tried again and recorded seconds to minutes late; when it lasts, they become dead letters.",
    firstSteps: [
      "See in the dashboard transaction-metrics which table it is, and whether it is reads or writes.",
      "If the environment has tableCeilings, raise them in config/environments.ts and deploy the stack data.",
      "Without ceilings a table doubles by itself within minutes. One transaction with thousands of events is a hot key.",
    ],
    metrics,
    expression: Object.keys(metrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(" + "),
    label: "throttled reads and writes",
    above: unnoticed,
    periodSeconds: 300,
    topic: tickets,
  });
}

function throttles(table: string, metricName: "ReadThrottleEvents" | "WriteThrottleEvents"): MetricStatistic {
  return { namespace: "AWS/DynamoDB", metricName, dimensions: { TableName: table }, statistic: "Sum" };
}
