import { dashboardBody } from "../../dashboards/body.ts";
import type { Dashboard, MetricWidget, Row, Widget } from "../../dashboards/widgets.ts";
import { evenly } from "../../dashboards/widgets.ts";

const errors = { namespace: "AWS/Test", metricName: "Errors", dimensions: { Name: "a", Place: "b" } };
const chart: MetricWidget = {
  kind: "metric",
  title: "A chart",
  view: "lines",
  unit: "calls",
  periodSeconds: 300,
  series: [{ metric: errors, stat: "Sum", label: "errors" }],
};
const note: Widget = { kind: "text", markdown: "A note." };

function bodyOf(rows: readonly Row[], more: Partial<Dashboard> = {}) {
  const sections = [{ heading: "A part", meaning: "What it means.", rows }];
  return dashboardBody({ start: "-PT3H", periods: "by time range", sections, ...more }, "eu-west-1");
}

const propertiesOf = (widget: Widget) => bodyOf([{ height: 4, widgets: [[12, widget]] }]).widgets[1]?.properties;
const chartWith = (more: Partial<MetricWidget>) => propertiesOf({ ...chart, ...more });

describe("a dashboard's body", () => {
  it("begins where it is told to", () => expect(bodyOf([], { start: "-P7D" }).start).toBe("-P7D"));

  it.each([
    ["as written", "inherit"],
    ["by time range", "auto"],
  ] as const)("has periods %s", (periods, periodOverride) =>
    expect(bodyOf([], { periods }).periodOverride).toBe(periodOverride),
  );

  it("has a section's text over the whole width, and its rows below", () => {
    const { widgets } = bodyOf([
      {
        height: 4,
        widgets: [
          [8, note],
          [16, chart],
        ],
      },
      { height: 5, widgets: [[24, chart]] },
    ]);
    expect(widgets.map(({ type, x, y, width, height }) => [type, x, y, width, height])).toEqual([
      ["text", 0, 0, 24, 3],
      ["text", 0, 3, 8, 4],
      ["metric", 8, 3, 16, 4],
      ["metric", 0, 7, 24, 5],
    ]);
    expect(widgets[0]?.properties).toEqual({ markdown: "## A part\n\nWhat it means." });
  });

  it("refuses a row that is too wide", () =>
    expect(() =>
      bodyOf([
        {
          height: 4,
          widgets: [
            [12, note],
            [13, note],
          ],
        },
      ]),
    ).toThrow("wider than 24 columns"));

  it("shares a row evenly", () =>
    expect(evenly(6, [note, note, note, note, note]).widgets.map(([columns]) => columns)).toEqual([4, 4, 4, 4, 4]));

  it("tells a text", () => expect(propertiesOf(note)).toEqual({ markdown: "A note." }));

  it("shows alarms, those that ring first", () =>
    expect(propertiesOf({ kind: "alarm", title: "Alarms", alarmArns: ["arn:1"] })).toEqual({
      title: "Alarms",
      alarms: ["arn:1"],
      sortBy: "stateUpdatedTimestamp",
    }));

  it("shows a metric, written out", () =>
    expect(chartWith({})).toEqual({
      title: "A chart",
      region: "eu-west-1",
      view: "timeSeries",
      stacked: false,
      legend: { position: "bottom" },
      period: 300,
      metrics: [["AWS/Test", "Errors", "Name", "a", "Place", "b", { stat: "Sum", label: "errors" }]],
      yAxis: { left: { label: "calls", min: 0, showUnits: false } },
    }));

  it.each([
    ["stacked", { view: "timeSeries", stacked: true }],
    ["bar", { view: "bar", setPeriodToTimeRange: true }],
    ["total", { view: "singleValue", setPeriodToTimeRange: true }],
    ["latest", { view: "singleValue", sparkline: true }],
    ["table", { view: "table", table: { summaryColumns: ["SUM"], stickySummary: true } }],
  ] as const)("shows it as %s", (view, properties) => expect(chartWith({ view })).toMatchObject(properties));

  it.each(["total", "latest", "table"] as const)("gives no scale to %s", (view) =>
    expect(chartWith({ view })).not.toHaveProperty("yAxis"),
  );

  it("has a second scale on the right", () => {
    const series = [{ metric: errors, stat: "p95", label: "ms", onTheRight: true }] as const;
    expect(chartWith({ unitOnTheRight: "milliseconds", series })).toMatchObject({
      metrics: [[...Array(6).fill(expect.anything()), { stat: "p95", label: "ms", yAxis: "right" }]],
      yAxis: { right: { label: "milliseconds", min: 0, showUnits: false } },
    });
  });

  it("has a time range of its own", () => expect(chartWith({ start: "-P7D" })).toMatchObject({ start: "-P7D" }));

  it("draws marks", () =>
    expect(chartWith({ marks: [{ label: "alarm", value: 1 }] })).toMatchObject({
      annotations: { horizontal: [{ label: "alarm", value: 1 }] },
    }));

  it("computes from series that it hides", () => {
    const series = [
      { metric: errors, stat: "Sum", label: "errors", id: "errors", hidden: true },
      { expression: "errors * 2", label: "twice", id: "twice" },
    ] as const;
    expect(chartWith({ series })?.metrics).toEqual([
      ["AWS/Test", "Errors", "Name", "a", "Place", "b", { stat: "Sum", label: "errors", id: "errors", visible: false }],
      [{ expression: "errors * 2", label: "twice", id: "twice" }],
    ]);
  });
});
