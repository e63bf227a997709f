import type { Construct } from "constructs";
import { indexes } from "../../config/names.ts";
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
  const tables = [transactions, processedWebhooks, fraudCounters, reconciliation];
  watchThrottles(
    scope,
    { names, tickets },
    "tables",
    tables.map((TableName) => ({ TableName })),
  );
  // DynamoDB tells what an index throttles apart from its table, and an alarm takes ten metrics.
  watchThrottles(scope, { names, tickets }, "indexes", [
    { TableName: transactions, GlobalSecondaryIndexName: indexes.archive },
    { TableName: processedWebhooks, GlobalSecondaryIndexName: indexes.openReviews },
    { TableName: processedWebhooks, GlobalSecondaryIndexName: indexes.undecidedEvents },
    { TableName: reconciliation, GlobalSecondaryIndexName: indexes.openDiscrepancies },
  ]);
}

function watchThrottles(
  scope: Construct,
  { names, tickets }: Pick<Watching, "names" | "tickets">,
  what: "tables" | "indexes",
  of: readonly Readonly<Record<string, string>>[],
): void {
  const metrics = Object.fromEntries(
    of.flatMap((dimensions, index) => [
      [`reads${index + 1}`, throttles(dimensions, "ReadThrottleEvents")],
      [`writes${index + 1}`, throttles(dimensions, "WriteThrottleEvents")],
    ]),
  );
  new MathAlarm(scope, `${what}-throttled`, {
    alarmName: `${names.restApi}-${what}-throttled`,

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

function throttles(
  dimensions: Readonly<Record<string, string>>,
  metricName: "ReadThrottleEvents" | "WriteThrottleEvents",
): MetricStatistic {
  return { namespace: "AWS/DynamoDB", metricName, dimensions, statistic: "Sum" };
}
