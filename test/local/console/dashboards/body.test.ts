import { readDashboardBody } from "../../../../local/console/dashboards/body.ts";

function widgetOf(type: string, properties: object, place: object = {}) {
  const { widgets } = readDashboardBody(JSON.stringify({ widgets: [{ type, properties, ...place }] }));
  return widgets[0];
}

const metrics = [["ours", "accepted"]];

describe("a dashboard's body", () => {
  it("has CloudWatch's defaults where it says nothing", () => {
    const { spanMs, isInherited, widgets } = readDashboardBody('{"widgets":[{"type":"metric","properties":{}}]}');
    expect({ spanMs, isInherited }).toEqual({ spanMs: 3 * 60 * 60 * 1_000, isInherited: false });
    expect(widgets[0]).toMatchObject({ x: 0, y: 0, width: 6, height: 6 });
  });

  it("says how far back it looks, and whether its periods are kept", () => {
    const body = { start: "-P14D", periodOverride: "inherit", widgets: [] };
    expect(readDashboardBody(JSON.stringify(body))).toEqual({
      spanMs: 14 * 24 * 60 * 60 * 1_000,
      isInherited: true,
      widgets: [],
    });
  });

  it("puts a widget without a place below the others", () => {
    const text = { type: "text", properties: { markdown: "" } };
    const { widgets } = readDashboardBody(JSON.stringify({ widgets: [{ ...text, y: 2, height: 3 }, text] }));
    expect(widgets.map(({ y }) => y)).toEqual([2, 5]);
  });

  it.each(["", "[]", "{}", '{"widgets": {}}'])("isn't %j", (body) => {
    expect(() => readDashboardBody(body)).toThrow();
  });
});

describe("a widget", () => {
  it("of metrics keeps how it is to be drawn", () => {
    const properties = {
      title: "Accepted",
      view: "timeSeries",
      stacked: true,
      stat: "p95",
      period: 300,
      yAxis: { left: { label: "ms", min: 0, showUnits: false } },
      annotations: {
        horizontal: [{ value: 9, label: "alarm" }, [{ value: 1 }, { value: 2 }], { value: 3, visible: false }],
      },
      metrics,
    };
    expect(widgetOf("metric", properties)).toMatchObject({
      kind: "metric",
      title: "Accepted",
      isStacked: true,
      stat: "p95",
      period: 300,
      axes: { left: { label: "ms", min: 0 }, right: {} },
      levels: [
        { value: 9, label: "alarm", axis: "left" },
        { value: 1, to: 2 },
      ],
    });
  });

  it.each([
    ["singleValue", true],
    ["bar", true],
    // A line has its periods, whatever is set for its numbers.
    ["timeSeries", false],
  ])("%s tells of the whole range when it is set so: %s", (view, isOfWholeRange) => {
    expect(widgetOf("metric", { view, setPeriodToTimeRange: true, metrics })).toMatchObject({ isOfWholeRange });
  });

  it("of alarms has their names, as a list or as an annotation of a graph", () => {
    const arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:queue-dev-not-empty";
    const named = { kind: "alarms", alarmNames: ["queue-dev-not-empty"] };
    expect(widgetOf("alarm", { title: "Alarms", alarms: [arn] })).toMatchObject(named);
    expect(widgetOf("metric", { title: "One", annotations: { alarms: [arn] } })).toMatchObject(named);
  });

  it("of logs has its groups apart from its query", () => {
    const query = "SOURCE '/aws/lambda/a' | SOURCE '/aws/lambda/b' | fields @timestamp | sort @timestamp";
    expect(widgetOf("log", { title: "", query })).toMatchObject({
      logGroups: ["/aws/lambda/a", "/aws/lambda/b"],
      query: "fields @timestamp | sort @timestamp",
    });
  });

  it.each([
    ["explorer", {}, /can't draw widgets of the type "explorer"/],
    ["metric", { title: "Odd", view: "radar", metrics }, /radar/],
    ["metric", { title: "Empty" }, /no list of metrics/],
    ["log", { query: "fields @message" }, /names no log group/],
    ["text", {}, /markdown/],
  ])("%s that can't be drawn says why, in its place: %j", (type, properties, words) => {
    expect(widgetOf(type, properties, { x: 12, y: 4, width: 3, height: 2 })).toMatchObject({
      ...{ kind: "problem", x: 12, y: 4, width: 3, height: 2 },
      message: expect.stringMatching(words),
    });
  });
});
