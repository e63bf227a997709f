/** An environment that dashboards are made for. */
import { names } from "../../config/names.ts";
import type { DashboardContext } from "../../dashboards/context.ts";
import type { Dashboard, ExpressionSeries, MetricWidget, Section } from "../../dashboards/widgets.ts";

export const context: DashboardContext = {
  environment: "test",
  names: names("test"),
  region: "us-east-1",
  stateMachineArn: (name) => `arn:aws:states:us-east-1:111122223333:stateMachine:${name}`,
  deadLetterQueues: ["one-dlq-test", "two-dlq-test"],
  rules: ["low-value-test"],
  logGroups: ["/aws/lambda/webhook-dedup-test", "/aws/events/payment-events-test"],
  compositeAlarmArns: [],
  metricAlarmArns: [],
};

export function metricWidgets({
  sections,
}: { readonly sections: readonly Section[] } | Dashboard): readonly MetricWidget[] {
  return sections
    .flatMap(({ rows }) => rows)
    .flatMap(({ widgets }) => widgets)
    .map(([, widget]) => widget)
    .filter((widget) => widget.kind === "metric");
}

/** The metric widget of a title. */
export function widgetOf(dashboard: { readonly sections: readonly Section[] }, title: string): MetricWidget {
  const found = metricWidgets(dashboard).find((widget) => widget.title === title);
  if (found === undefined) throw new Error(`no widget ${title}`);
  return found;
}

/** A widget's expressions by id. */
export function expressionsOf({ series }: MetricWidget): Readonly<Record<string, string>> {
  const expressions = series.filter((each): each is ExpressionSeries => "expression" in each);
  return Object.fromEntries(expressions.map(({ id, expression }) => [id, expression]));
}
