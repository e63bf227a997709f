/** The dashboards of an environment, by name: one line each. */
import type { DashboardContext } from "./context.ts";
import { finance } from "./finance.ts";
import { transactionMetrics } from "./transaction-metrics.ts";
import type { Dashboard } from "./widgets.ts";

export const dashboards = {
  "transaction-metrics": transactionMetrics,
  finance,
} as const satisfies Record<string, (context: DashboardContext) => Dashboard>;
