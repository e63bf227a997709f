import type { MetricWidget, Row } from "../../../dashboards/widgets.ts";
import { Dashboard } from "../../../stacks/constructs/Dashboard.ts";
import { onlyResource, synthesize } from "../synthesized.ts";

const chart: MetricWidget = {
  kind: "metric",
  title: "A chart",
  view: "lines",
  unit: "calls",
  periodSeconds: 300,
  series: [{ metric: { namespace: "AWS/Test", metricName: "Calls", dimensions: {} }, stat: "Sum", label: "calls" }],
};

function dashboard(rows: readonly Row[]) {
  const json = synthesize((scope) => {
    new Dashboard(scope, "dashboard", {
      dashboardName: "a-dashboard",
      content: { start: "-PT6H", periods: "as written", sections: [{ heading: "H", meaning: "M.", rows }] },
      region: "eu-west-1",
    });
  });
  return onlyResource(json, "aws_cloudwatch_dashboard");
}

const rowOf = (widget: MetricWidget): Row => ({ height: 1, widgets: [[24, widget]] });
const many = (count: number, row: Row) => new Array<Row>(count).fill(row);
const withSeries = (series: MetricWidget["series"]) => rowOf({ ...chart, series });

describe("Dashboard", () => {
  it("has its name", () => expect(dashboard([]).dashboard_name).toBe("a-dashboard"));

  it("has its content, of its region", () => {
    const body = JSON.parse(String(dashboard([rowOf(chart)]).dashboard_body));
    expect(body).toMatchObject({ start: "-PT6H", periodOverride: "inherit" });
    expect(body.widgets[1].properties).toMatchObject({ title: "A chart", region: "eu-west-1" });
  });

  it.each([
    ["it has 501 widgets; CloudWatch takes 500", () => many(500, rowOf(chart))],
    ["it has 2505 metrics; CloudWatch takes 2500", () => many(5, withSeries(new Array(501).fill(chart.series[0])))],
    ["it has 501 metrics in a widget; CloudWatch takes 500", () => [withSeries(new Array(501).fill(chart.series[0]))]],
    [
      "it has 6 searches in a widget; CloudWatch takes 5",
      () => [withSeries(new Array(6).fill({ id: "a", label: "a", expression: "SEARCH('{A} b', 'Sum', 60)" }))],
    ],
  ])("refuses more than there can be: %s", (message, rows) => expect(() => dashboard(rows())).toThrow(message));
});
