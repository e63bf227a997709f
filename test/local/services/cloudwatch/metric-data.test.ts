import {
  type CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDataQuery,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import type { CloudWatchService } from "../../../../local/services/cloudwatch/service.ts";
import { aCloudWatch, clientOf, minute, noon } from "./harness.ts";

let service: CloudWatchService;
let client: CloudWatchClient;
let now = noon;

beforeAll(async () => {
  service = aCloudWatch({ now: () => now });
  client = await clientOf(service.operations);
});
beforeEach(() => {
  now = noon;
});

const dimensions = { service: "validator", environment: "dev" };
const sdkDimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

/** A line as Powertools Metrics writes it. */
function embedded(members: Record<string, unknown>, { atMs = now, namespace = "Test" } = {}): string {
  const { sets = [Object.keys(dimensions)], ...values } = members as { sets?: string[][] };
  const Metrics = Object.keys(values)
    .filter((name) => !["provider", "service", "environment"].includes(name))
    .map((Name) => ({ Name, Unit: "Count" }));
  const _aws = { Timestamp: atMs, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: sets, Metrics }] };
  return JSON.stringify({ _aws, ...dimensions, ...values });
}

const log = (message: string) => service.readLog("/aws/lambda/x", [{ timestamp: now, message }]);

function stat(MetricName: string, Stat: string, Period = 60, of = sdkDimensions): MetricDataQuery {
  const Metric = { Namespace: "Test", MetricName, Dimensions: of };
  return {
    Id: `${MetricName.toLowerCase()}_${Stat.toLowerCase().replaceAll(/\W/g, "_")}`,
    MetricStat: { Metric, Period, Stat },
  };
}

async function read(queries: MetricDataQuery[], minutes = 5) {
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(noon - minutes * minute),
      EndTime: new Date(noon + minutes * minute),
      ScanBy: "TimestampAscending",
    }),
  );
  return MetricDataResults.map(({ Timestamps = [], Values = [] }) =>
    Values.map((value, index) => [((Timestamps[index]?.getTime() ?? 0) - noon) / minute, value]),
  );
}

describe("metrics in log lines", () => {
  it("are read by their dimensions, whatever the order of these", async () => {
    log(embedded({ accepted: 1 }));
    log(embedded({ accepted: 2 }, { atMs: noon + minute }));
    log(embedded({ accepted: 4 }, { atMs: noon + minute + 30_000 }));

    expect(await read([stat("accepted", "Sum", 60, sdkDimensions.toReversed())])).toEqual([
      [
        [0, 1],
        [1, 6],
      ],
    ]);
    expect(await read([stat("accepted", "Maximum"), stat("accepted", "SampleCount")])).toEqual([
      [
        [0, 1],
        [1, 4],
      ],
      [
        [0, 1],
        [1, 2],
      ],
    ]);
  });

  it("count once for each set of dimensions", async () => {
    const both = [
      ["service", "environment"],
      ["service", "environment", "provider"],
    ];
    log(embedded({ refused: 1, provider: "stripe", sets: both }));
    log(embedded({ refused: 1, provider: "adyen", sets: both }));

    const stripe = [...sdkDimensions, { Name: "provider", Value: "stripe" }];
    expect(await read([stat("refused", "Sum")])).toEqual([[[0, 2]]]);
    expect(await read([stat("refused", "Sum", 60, stripe)])).toEqual([[[0, 1]]]);
    expect(await read([stat("refused", "Sum", 60, [])])).toEqual([[]]);
  });

  it("count once for a set of dimensions that is named twice", async () => {
    const sets = [
      ["service", "environment"],
      ["environment", "service"],
    ];
    log(embedded({ named: 1, sets }));
    expect(await read([stat("named", "Sum")])).toEqual([[[0, 1]]]);
  });

  it("may hold many values at once, of which there are percentiles", async () => {
    log(embedded({ latency: Array.from({ length: 100 }, (_none, index) => index + 1) }));

    const statistics = ["p50", "p95", "p99", "p99.9", "Average", "Minimum", "tm90"];
    const results = await read(statistics.map((name) => stat("latency", name)));
    expect(results.map(([point]) => point?.[1])).toEqual([50, 95, 99, 100, 50.5, 1, 45.5]);
  });

  it.each([
    ["text around it", 'INFO {"_aws": 1}'],
    ["no timestamp", '{"_aws":{"CloudWatchMetrics":[]}}'],
    ["too many values", embedded({ broken: new Array(101).fill(1) })],
    ["a value that is too large", embedded({ broken: 2 ** 361 })],
    ["a name that is too long", embedded({ broken: 1, ["x".repeat(1_025)]: 1 })],
    ["a namespace that is too long", embedded({ broken: 1 }, { namespace: "x".repeat(257) })],
    [
      "a dimension's value that is too long",
      embedded({ broken: 1, provider: "x".repeat(1_025), sets: [["provider"]] }),
    ],
    ["too many dimensions", embedded({ broken: 1, sets: [Array.from({ length: 31 }, () => "service")] })],
    ["too many metrics", embedded(Object.fromEntries(["broken", ...Array(100).keys()].map((name) => [`${name}`, 1])))],
    ["a text as value", embedded({ broken: "1" })],
    ["a dimension that the line doesn't have", embedded({ broken: 1, sets: [["tier"]] })],
    ["a broken end", embedded({ broken: 1 }).slice(0, -1)],
    ["a time of last month", embedded({ broken: 1 }, { atMs: noon - 31 * 86_400_000 })],
    ["a time of tomorrow", embedded({ broken: 1 }, { atMs: noon + 86_400_000 })],
  ])("are left out with %s", async (_what, line) => {
    log(line);
    const { Metrics } = await client.send(new ListMetricsCommand({ MetricName: "broken" }));
    expect(Metrics).toEqual([]);
  });
});

describe("PutMetricData", () => {
  it("takes values, counts and statistics", async () => {
    await client.send(
      new PutMetricDataCommand({
        Namespace: "Test",
        MetricData: [
          { MetricName: "put", Dimensions: sdkDimensions, Value: 3, Unit: "Seconds", Timestamp: new Date(noon) },
          { MetricName: "put", Dimensions: sdkDimensions, Values: [1, 2], Counts: [10, 20] },
          {
            MetricName: "put",
            Dimensions: sdkDimensions,
            StatisticValues: { SampleCount: 2, Sum: 30, Minimum: 10, Maximum: 20 },
            Timestamp: new Date(noon + minute),
          },
        ],
      }),
    );
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: "Test",
        MetricName: "put",
        Dimensions: sdkDimensions,
        StartTime: new Date(noon),
        EndTime: new Date(noon + 2 * minute),
        Period: 60,
        Statistics: ["Sum", "SampleCount", "Maximum"],
        ExtendedStatistics: ["p50"],
      }),
    );
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(noon),
        Sum: 53,
        SampleCount: 31,
        Maximum: 3,
        ExtendedStatistics: { p50: 2 },
        Unit: "Seconds",
      },
      // Nobody knows the values between.
      {
        Timestamp: new Date(noon + minute),
        Sum: 30,
        SampleCount: 2,
        Maximum: 20,
        ExtendedStatistics: {},
        Unit: "Seconds",
      },
    ]);
  });

  it("takes what is so large that the SDK compresses it", async () => {
    const MetricData = Array.from({ length: 500 }, (_none, index) => ({ MetricName: `many_${index}`, Value: index }));
    await client.send(new PutMetricDataCommand({ Namespace: "Large", MetricData }));

    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: "Large" }));
    expect(Metrics).toHaveLength(500);
  });

  it.each([
    ["a value", { Value: 2 ** 361 }],
    ["one of several values", { Values: [1, -(2 ** 361)] }],
    ["a sum", { StatisticValues: { SampleCount: 1, Sum: 2 ** 361, Minimum: 0, Maximum: 1 } }],
  ])("refuses %s beyond 2^360", async (_what, told) => {
    const put = new PutMetricDataCommand({ Namespace: "Test", MetricData: [{ MetricName: "huge", ...told }] });
    await expect(client.send(put)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  it("leaves AWS's own metrics to AWS", async () => {
    const put = new PutMetricDataCommand({ Namespace: "AWS/SQS", MetricData: [{ MetricName: "x", Value: 1 }] });
    await expect(client.send(put)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });
});

describe("ListMetrics", () => {
  it("finds by name and dimensions, and pages", async () => {
    log(embedded({ listed: 1, provider: "stripe", sets: [["provider"], []] }));
    const { Metrics } = await client.send(
      new ListMetricsCommand({ MetricName: "listed", Dimensions: [{ Name: "provider" }] }),
    );
    expect(Metrics).toEqual([
      { Namespace: "Test", MetricName: "listed", Dimensions: [{ Name: "provider", Value: "stripe" }] },
    ]);

    for (let index = 0; index < 501; index += 1) log(embedded({ [`paged${index}`]: 1 }, { namespace: "Paged" }));
    const first = await client.send(new ListMetricsCommand({ Namespace: "Paged" }));
    const second = await client.send(new ListMetricsCommand({ Namespace: "Paged", NextToken: first.NextToken }));
    expect([first.Metrics?.length, second.Metrics?.length, second.NextToken]).toEqual([500, 1, undefined]);
  });

  it("leaves out on request what was quiet for three hours", async () => {
    log(embedded({ quiet: 1 }));
    now = noon + 3 * 60 * minute + 1;
    const quiet = new ListMetricsCommand({ MetricName: "quiet", RecentlyActive: "PT3H" });
    expect((await client.send(quiet)).Metrics).toEqual([]);
  });
});

describe("GetMetricData", () => {
  it("gives the newest value first, unless asked otherwise", async () => {
    log(embedded({ ordered: 1 }));
    log(embedded({ ordered: 2 }, { atMs: noon + minute }));
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [stat("ordered", "Sum")],
        StartTime: new Date(noon),
        EndTime: new Date(noon + 2 * minute),
      }),
    );
    expect(MetricDataResults?.[0]).toMatchObject({
      Id: "ordered_sum",
      Label: "ordered",
      StatusCode: "Complete",
      Values: [2, 1],
    });
  });

  it("computes, and keeps to itself what isn't to be returned", async () => {
    log(embedded({ good: 98, bad: 2 }));
    const sums = [stat("good", "Sum"), stat("bad", "Sum")].map((query) => ({ ...query, ReturnData: false }));
    const rate = { Id: "rate", Expression: "100 * bad_sum / (good_sum + bad_sum)", Label: "Error rate" };
    expect(await read([...sums, rate])).toEqual([[[0, 2]]]);
  });

  describe("bounds what a call may cost", () => {
    const seconds = (hours: number) => ({ StartTime: new Date(noon - hours * 60 * minute), EndTime: new Date(noon) });
    const ask = (Expressions: string[], range: { StartTime: Date; EndTime: Date }, Period: number) =>
      client.send(
        new GetMetricDataCommand({
          ...range,
          MetricDataQueries: Expressions.map((Expression, at) => ({ Id: `e${at}`, Expression, Period })),
        }),
      );
    beforeAll(() => log(embedded({ bounded: 1 }, { namespace: "Bounded" })));
    const search = "SEARCH('{Bounded,environment,service} bounded', 'Sum', 1)";

    it("whatever the range, where there are few values", async () => {
      const { MetricDataResults } = await ask(
        [search],
        { StartTime: new Date(0), EndTime: new Date(noon + 1_000) },
        86_400,
      );
      expect(MetricDataResults).toMatchObject([{ Values: [1], Timestamps: [new Date(noon)] }]);
    });

    it.each([
      ["periods that a search fills", [`FILL(${search}, 0)`], 24 * 5, 86_400],
      ["values of all queries together", new Array(20).fill("TIME_SERIES(1)"), 24, 1],
      ["values of one answer", ["TIME_SERIES(1)", "TIME_SERIES(2)"], 20, 1],
    ])("and refuses too many %s", async (_what, expressions, hours, period) => {
      const failure = await ask(expressions, seconds(hours), period).catch((error: Error) => error);
      expect(failure).toMatchObject({
        name: "ValidationException",
        message: expect.stringMatching(/more (values|than 302400 values)/),
      });
    });

    it.each(["0", "1.5", "90"])("and refuses %s seconds as the period of a search", async (period) => {
      const asked = ask([search.replace(", 1)", `, ${period})`)], seconds(1), 60);
      await expect(asked).rejects.toMatchObject({ name: "ValidationException" });
    });
  });

  it.each([
    ["two queries of one id", [stat("a", "Sum"), stat("a", "Sum")], "each id is there once only"],
    ["a period of 90 seconds", [stat("a", "Sum", 90)], "not 1, 5, 10, 20, 30 or n × 60"],
    ["a statistic of its own", [stat("a", "Median")], "Median"],
    ["an expression that is wrong", [{ Id: "e", Expression: "1 +" }], "Invalid syntax"],
    ["an expression that is too long", [{ Id: "e", Expression: `1${" + 1".repeat(600)}` }], "length"],
    ["an unknown function", [{ Id: "e", Expression: "INSIGHT_RULE_METRIC(1)" }], "INSIGHT_RULE_METRIC"],
    ["an id that isn't there", [{ Id: "e", Expression: "m1 * 2" }], "'m1'"],
    [
      "a circle",
      [
        { Id: "a", Expression: "b" },
        { Id: "b", Expression: "a" },
      ],
      "needs itself",
    ],
    ["neither metric nor expression", [{ Id: "e" }], "either MetricStat or Expression"],
  ])("refuses %s", async (_what, queries, words) => {
    const failure = await read(queries as MetricDataQuery[]).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: "ValidationException", message: expect.stringContaining(words) });
  });
});

it("calls the only series that a search has found by what the search left open", async () => {
  const sets = [["service", "environment", "currency"]];
  const line = JSON.parse(embedded({ sealed: 1, sets })) as object;
  log(JSON.stringify({ ...line, currency: "USD" }));
  const search = `{Test,currency,environment,service} MetricName="sealed" environment="dev" service="validator"`;
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: [
        { Id: "a", Label: "sums", Expression: `SEARCH('${search}', 'Sum', 60)` },
        { Id: "b", Expression: `SEARCH('${search} (currency="USD" OR currency="EUR")', 'Sum', 60)` },
      ],
      StartTime: new Date(noon - minute),
      EndTime: new Date(noon + minute),
    }),
  );
  expect(MetricDataResults.map(({ Label }) => Label)).toEqual(["sums USD", "USD"]);
});
