import type { DashboardContext } from "./context.ts";
import { alarms } from "./sections/alarms.ts";
import { cost } from "./sections/cost.ts";
import { decisions } from "./sections/decisions.ts";
import { functions } from "./sections/functions.ts";
import { intake } from "./sections/intake.ts";
import { journey } from "./sections/journey.ts";
import { nightly } from "./sections/nightly.ts";
import { providers } from "./sections/providers.ts";
import { queues } from "./sections/queues.ts";
import { tables } from "./sections/tables.ts";
import type { Dashboard } from "./widgets.ts";

/** For whoever runs the pipeline: the whole way of webhooks first, then each of its parts. */
export function transactionMetrics(context: DashboardContext): Dashboard {
  const sections = [journey, alarms, intake, queues, decisions, tables, nightly, functions, providers, cost];
  return { start: "-PT3H", periods: "by time range", sections: sections.map((section) => section(context)) };
}
