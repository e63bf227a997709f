import { aws } from "../aws-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { lines, p95, stacked, sum } from "../series.ts";
import { evenly, type Section } from "../widgets.ts";

type TableKey = keyof DashboardContext["names"]["tables"];

/** The calls that webhooks wait for. */
const operations: readonly (readonly [table: TableKey, operation: string])[] = [
  ["processedWebhooks", "UpdateItem"],
  ["processedWebhooks", "GetItem"],
  ["transactions", "PutItem"],
  ["transactions", "Query"],
  ["fraudCounters", "BatchGetItem"],
  ["fraudCounters", "UpdateItem"],
];

/** DynamoDB: what the tables are asked, how fast they answer, what they turn away. */
export function tables({ names }: DashboardContext): Section {
  const all = Object.values(names.tables);
  const ofOperations = operations.map(([table, Operation]) => ({
    label: `${names.tables[table]} ${Operation}`,
    dimensions: { TableName: names.tables[table], Operation },
  }));
  return {
    heading: "Tables",
    meaning:
      "Capacity is paid by use; throttled requests are tried again by the functions and make webhooks late. They come from a " +
      "table's ceiling (`tableCeilings`), or from one partition that is asked too often.",
    rows: [
      evenly(6, [
        stacked({
          title: "Write units",
          unit: "units",
          series: all.map((name) => sum(name, aws("AWS/DynamoDB", "ConsumedWriteCapacityUnits", { TableName: name }))),
        }),
        stacked({
          title: "Read units",
          unit: "units",
          series: all.map((name) => sum(name, aws("AWS/DynamoDB", "ConsumedReadCapacityUnits", { TableName: name }))),
        }),
        lines({
          title: "Latency, p95",
          unit: "milliseconds",
          series: ofOperations.map(({ label, dimensions }) =>
            p95(label, aws("AWS/DynamoDB", "SuccessfulRequestLatency", dimensions)),
          ),
        }),
        lines({
          title: "Throttled requests and errors of DynamoDB",
          unit: "requests",
          series: [
            ...ofOperations.map(({ label, dimensions }) =>
              sum(`throttled: ${label}`, aws("AWS/DynamoDB", "ThrottledRequests", dimensions)),
            ),
            ...ofOperations.map(({ label, dimensions }) =>
              sum(`errors: ${label}`, aws("AWS/DynamoDB", "SystemErrors", dimensions)),
            ),
          ],
        }),
      ]),
    ],
  };
}
