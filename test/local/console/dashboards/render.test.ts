import type { GetMetricDataInput, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { readDashboardBody } from "../../../../local/console/dashboards/body.ts";
import { type DashboardSource, renderDashboard } from "../../../../local/console/dashboards/render.ts";

const hour = 60 * 60 * 1_000;
const range = { startMs: 100 * hour, endMs: 103 * hour };
const at = (minute: number) => new Date(range.startMs + minute * 60_000);

/** A source that remembers what it was asked and answers with what it was given. */
function sourceOf(results: readonly MetricDataResult[]): DashboardSource & { readonly asked: GetMetricDataInput[] } {
  const asked: GetMetricDataInput[] = [];
  return {
    asked,
    async metricData(input) {
      asked.push(input);
      return results;
    },
    alarms: async (names) => names.map((name) => ({ name, state: name === "ringing" ? "ALARM" : "OK" })),
    logs: async (query, logGroups) => ({ columns: ["query", "groups"], rows: [[query, logGroups.join()]] }),
  };
}

interface Wanted {
  readonly widgets: readonly object[];
  readonly results?: readonly MetricDataResult[];
  readonly period?: number;
  readonly body?: object;
}

async function drawn({ widgets, results = [], period, body = {} }: Wanted) {
  const source = sourceOf(results);
  const plan = readDashboardBody(JSON.stringify({ widgets, ...body }));
  return { ...source, widgets: await renderDashboard(source, plan, { range, period }) };
}

const metric = (properties: object) => ({
  type: "metric",
  properties: { metrics: [["ours", "a", "k", "v"]], ...properties },
});

describe("the queries of a widget", () => {
  it("name the metric, its statistic and its period, for the range", async () => {
    const { asked } = await drawn({
      widgets: [metric({ stat: "Sum", period: 300 })],
      body: { periodOverride: "inherit" },
    });
    expect(asked).toEqual([
      {
        MetricDataQueries: [
          {
            Id: "unnamedRow0",
            ReturnData: true,
            MetricStat: {
              Metric: { Namespace: "ours", MetricName: "a", Dimensions: [{ Name: "k", Value: "v" }] },
              Period: 300,
              Stat: "Sum",
            },
          },
        ],
        StartTime: new Date(range.startMs),
        EndTime: new Date(range.endMs),
        ScanBy: "TimestampAscending",
      },
    ]);
  });

  it("of one widget are one call, so that an expression finds what it names", async () => {
    const metrics = [
      ["ours", "a", { id: "a", visible: false }],
      [{ expression: "a * 2", id: "twice", label: "twice" }],
    ];
    const { asked } = await drawn({ widgets: [metric({ metrics })] });
    expect(asked[0]?.MetricDataQueries).toMatchObject([
      { Id: "a", ReturnData: false },
      { Id: "twice", ReturnData: true, Expression: "a * 2", Label: "twice" },
    ]);
  });

  it("of a number for the whole range have one period, a search in it, too", async () => {
    const metrics = [["ours", "a"], [{ expression: "SEARCH('{ours,k} MetricName=\"a\"', 'Sum', 300)", id: "s" }]];
    const { asked } = await drawn({ widgets: [metric({ view: "bar", setPeriodToTimeRange: true, metrics })] });
    expect(asked[0]?.MetricDataQueries).toMatchObject([
      { MetricStat: { Period: 3 * 60 * 60 } },
      { Period: 3 * 60 * 60, Expression: "SEARCH('{ours,k} MetricName=\"a\"', 'Sum', 10800)" },
    ]);
  });
});

describe("a widget with a time range of its own", () => {
  const week = 7 * 24 * hour;
  const own = { startMs: range.endMs - week, endMs: range.endMs };

  it("is asked for that, and says so, while its neighbour goes by the dashboard", async () => {
    const { asked, widgets } = await drawn({ widgets: [metric({ start: "-P7D" }), metric({})] });
    expect(asked.map(({ StartTime }) => StartTime?.getTime())).toEqual([own.startMs, range.startMs]);
    expect(asked.map(({ EndTime }) => EndTime?.getTime())).toEqual([range.endMs, range.endMs]);
    expect(widgets[0]).toMatchObject({ range: own });
    expect(widgets[1]).not.toHaveProperty("range");
  });

  it("has one number for the whole of it", async () => {
    const { asked } = await drawn({
      widgets: [metric({ start: "-P7D", view: "singleValue", setPeriodToTimeRange: true })],
    });
    expect(asked[0]?.MetricDataQueries).toMatchObject([{ MetricStat: { Period: week / 1_000 } }]);
  });
});

describe("what a widget shows", () => {
  it("is all results of a row, oldest first, without what is no number", async () => {
    const results = [
      { Id: "s", Label: "USD", Timestamps: [at(2), at(1)], Values: [20, 10] },
      { Id: "s", Label: "EUR", Timestamps: [at(1), at(2)], Values: [Number.NaN, 7] },
      { Id: "other", Timestamps: [at(1)], Values: [1] },
    ];
    const metrics = [[{ expression: "SEARCH('…', 'Sum', 86400)", id: "s", yAxis: "right" }]];
    const { widgets } = await drawn({ widgets: [metric({ metrics })], results });
    const minute = (count: number) => range.startMs / 1_000 + count * 60;
    expect(widgets[0]).toMatchObject({
      series: [
        { label: "USD", axis: "right", periodSeconds: 86_400, times: [minute(1), minute(2)], values: [10, 20] },
        { label: "EUR", times: [minute(2)], values: [7] },
      ],
    });
  });

  it("is a problem where CloudWatch refuses, and the other widgets are there all the same", async () => {
    const source = sourceOf([]);
    source.metricData = async () => {
      throw new Error("Unknown function FOO");
    };
    const text = { type: "text", properties: { markdown: "# Ours" } };
    const plan = readDashboardBody(JSON.stringify({ widgets: [metric({ title: "Odd" }), text] }));
    expect(await renderDashboard(source, plan, { range })).toMatchObject([
      { kind: "problem", title: "Odd", message: "Unknown function FOO" },
      { kind: "text", markdown: "# Ours" },
    ]);
  });

  it("is what alarms, the ringing ones first, and logs say", async () => {
    const { widgets } = await drawn({
      widgets: [
        { type: "alarm", properties: { alarms: ["arn:aws:cloudwatch:us-east-1:0:alarm:one", "ringing"] } },
        { type: "log", properties: { query: "SOURCE '/a' | fields x" } },
      ],
    });
    expect(widgets).toMatchObject([
      { kind: "alarms", alarms: [{ name: "ringing" }, { name: "one", state: "OK" }] },
      { kind: "log", columns: ["query", "groups"], rows: [["fields x", "/a"]] },
    ]);
  });
});
