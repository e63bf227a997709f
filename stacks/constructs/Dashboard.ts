import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import { Construct } from "constructs";
import { dashboardBody } from "../../dashboards/body.ts";
import type { Dashboard as Content } from "../../dashboards/widgets.ts";
import { checkRules } from "./rules.ts";

export interface DashboardProps {
  readonly dashboardName: string;
  readonly content: Content;
  /** Where its metrics are. */
  readonly region: string;
}

/** Source: CloudWatch User Guide, "CloudWatch service quotas", and "Dashboard Body Structure and Syntax". */
const most = { widgets: 500, metricsOfWidget: 500, metrics: 2_500, searchesOfWidget: 5 } as const;

/** A CloudWatch dashboard. It costs by the month, however many look at it. */
export class Dashboard extends Construct {
  /** @throws Error when CloudWatch takes no dashboard of that size. */
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { dashboardName, content, region } = props;
    const body = dashboardBody(content, region);
    const metrics = body.widgets.map(({ properties }) => metricsIn(properties));
    const searches = metrics.map((each) => each.filter((metric) => JSON.stringify(metric).includes("SEARCH(")).length);
    const metricCount = metrics.flat().length;
    checkRules(this, [
      tooMany("widgets", body.widgets.length, most.widgets),
      tooMany("metrics", metricCount, most.metrics),
      tooMany("metrics in a widget", Math.max(0, ...metrics.map((each) => each.length)), most.metricsOfWidget),
      tooMany("searches in a widget", Math.max(0, ...searches), most.searchesOfWidget),
    ]);
    new CloudwatchDashboard(this, "dashboard", { dashboardName, dashboardBody: JSON.stringify(body) });
  }
}

function metricsIn({ metrics }: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Array.isArray(metrics) ? metrics : [];
}

function tooMany(what: string, count: number, most: number) {
  return { broken: count > most, message: `it has ${count} ${what}; CloudWatch takes ${most}` };
}
