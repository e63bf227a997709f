import {
  type CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { AwsError, type CallAws } from "../../../../../local/aws/types.ts";
import type {
  AlarmConfig,
  CompositeAlarmConfig,
  MetricAlarmConfig,
} from "../../../../../local/services/cloudwatch/alarms/config.ts";
import type { CloudWatchService } from "../../../../../local/services/cloudwatch/service.ts";
import { aCloudWatch, clientOf, minute, noon } from "../harness.ts";

const topic = "arn:aws:sns:us-east-1:000000000000:operations-alarms-dev";
const arnOf = (name: string) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;
const errors = { namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: "f" } };

function commonOf(name: string) {
  const actions = { ALARM: [topic], OK: [topic], INSUFFICIENT_DATA: [] };
  return { name, arn: arnOf(name), description: "Impact: none.", actionsEnabled: true, actions };
}

function metricAlarm(name: string, changes: Partial<MetricAlarmConfig> = {}): MetricAlarmConfig {
  const metric = { id: errors, periodSeconds: 60, statistic: "Sum" };
  return {
    kind: "metric",
    ...commonOf(name),
    queries: [{ id: "m1", returnData: true, metric, periodSeconds: 60 }],
    isPlain: true,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    comparison: "GreaterThanThreshold",
    threshold: 0,
    thresholdMetricId: undefined,
    missingData: "notBreaching",
    ...changes,
  };
}

function compositeAlarm(
  name: string,
  rule: string,
  suppressor?: CompositeAlarmConfig["suppressor"],
): CompositeAlarmConfig {
  return { kind: "composite", ...commonOf(name), rule, suppressor };
}

interface Told {
  readonly Subject: string;
  readonly Message: Record<string, unknown>;
}

/** A service with these alarms, a clock to be moved, and what the alarms said. */
async function ringing(
  alarms: readonly AlarmConfig[],
  options: { readonly speed?: number; readonly call?: CallAws } = {},
) {
  const time = { now: noon };
  const told: Told[] = [];
  const problems: string[] = [];
  const speed = options.speed ?? 1;
  const service = aCloudWatch({
    now: () => time.now,
    clock: { speed, now: () => time.now, scaled: (milliseconds) => milliseconds / speed },
    alarms,
    call:
      options.call ??
      (async (_principal, _service, _operation, { Subject, Message }) => {
        told.push({ Subject: String(Subject), Message: JSON.parse(String(Message)) as Record<string, unknown> });
        return {};
      }),
    onProblem: (problem) => void problems.push(problem),
  });
  const client = await clientOf(service.operations);
  const later = async (milliseconds: number) => {
    time.now += milliseconds;
    service.alarms.evaluate();
    await service.alarms.settled();
  };
  const fail = (value = 1) => service.metrics.of(errors).record(value, time.now);
  return { service, client, time, told, problems, later, fail };
}

async function statesOf(client: CloudWatchClient, service: CloudWatchService): Promise<Record<string, string>> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
  );
  expect(MetricAlarms.length + CompositeAlarms.length).toBe(service.alarms.all().length);
  return Object.fromEntries(
    [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName, StateValue }) => [AlarmName, StateValue]),
  );
}

describe("an alarm", () => {
  it("rings, says so in AWS's words, and says when it is over", async () => {
    const { client, service, told, later, fail } = await ringing([metricAlarm("f-errors")]);
    expect(await statesOf(client, service)).toEqual({ "f-errors": "INSUFFICIENT_DATA" });
    await later(minute);
    expect(await statesOf(client, service)).toEqual({ "f-errors": "OK" });
    // That it is well at the start is no news.
    expect(told).toEqual([]);

    fail(5);
    await later(minute);

    expect(told).toEqual([
      {
        Subject: 'ALARM: "f-errors" in US East (N. Virginia)',
        Message: {
          AlarmName: "f-errors",
          AlarmDescription: "Impact: none.",
          AWSAccountId: "000000000000",
          AlarmConfigurationUpdatedTimestamp: "2026-11-20T12:00:00.000+0000",
          NewStateValue: "ALARM",
          NewStateReason:
            "Threshold Crossed: 1 out of the last 1 datapoint [5.0 (20/11/26 12:01:00)] was greater than the threshold (0.0) " +
            "(minimum 1 datapoint for OK -> ALARM transition).",
          StateChangeTime: "2026-11-20T12:02:00.000+0000",
          Region: "US East (N. Virginia)",
          AlarmArn: arnOf("f-errors"),
          OldStateValue: "OK",
          OKActions: [topic],
          AlarmActions: [topic],
          InsufficientDataActions: [],
          Trigger: {
            MetricName: "Errors",
            Namespace: "AWS/Lambda",
            StatisticType: "Statistic",
            Statistic: "SUM",
            Unit: null,
            Dimensions: [{ value: "f", name: "FunctionName" }],
            Period: 60,
            EvaluationPeriods: 1,
            DatapointsToAlarm: 1,
            ComparisonOperator: "GreaterThanThreshold",
            Threshold: 0,
            TreatMissingData: "notBreaching",
            EvaluateLowSampleCountPercentile: "",
          },
        },
      },
    ]);

    fail(0);
    await later(minute);
    expect(told.at(-1)).toMatchObject({ Subject: 'OK: "f-errors" in US East (N. Virginia)' });
    expect(told.at(-1)?.Message).toMatchObject({ OldStateValue: "ALARM", NewStateValue: "OK" });
    expect(told).toHaveLength(2);
  });

  it("has a history, newest first", async () => {
    const { client, later, fail } = await ringing([metricAlarm("f-errors")]);
    await later(minute);
    fail();
    await later(minute);

    const { AlarmHistoryItems = [] } = await client.send(new DescribeAlarmHistoryCommand({ AlarmName: "f-errors" }));
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Successfully executed action ${topic}`,
      "Alarm updated from OK to ALARM",
      "Alarm updated from INSUFFICIENT_DATA to OK",
    ]);
    expect(JSON.parse(AlarmHistoryItems[1]?.HistoryData ?? "")).toMatchObject({
      oldState: { stateValue: "OK" },
      newState: { stateValue: "ALARM", stateReasonData: { statistic: "Sum", recentDatapoints: [1], threshold: 0 } },
    });
  });

  it("tells why it couldn't tell, and is in alarm all the same", async () => {
    const denied: CallAws = async () => {
      throw new AwsError("AuthorizationError", "not authorized");
    };
    const { client, service, problems, later, fail } = await ringing([metricAlarm("f-errors")], { call: denied });
    fail();
    await later(minute);

    expect(await statesOf(client, service)).toEqual({ "f-errors": "ALARM" });
    expect(problems).toEqual([`The alarm f-errors couldn't tell ${topic}: AuthorizationError: not authorized`]);
    const { AlarmHistoryItems = [] } = await client.send(
      new DescribeAlarmHistoryCommand({ HistoryItemType: "Action" }),
    );
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Failed to execute action ${topic}`,
    ]);
  });

  it("divides its periods by the speed", async () => {
    const slow = metricAlarm("slow", {
      queries: [
        {
          id: "m1",
          returnData: true,
          periodSeconds: 300,
          metric: { id: errors, periodSeconds: 300, statistic: "Sum" },
        },
      ],
    });
    const { client, service, later, fail } = await ringing([slow], { speed: 20 });
    fail();
    await later(14_000);
    expect(await statesOf(client, service)).toEqual({ slow: "ALARM" });
    await later(45_000);
    expect(await statesOf(client, service)).toEqual({ slow: "OK" });
  });

  it("may watch an expression", async () => {
    const bad = { id: errors, periodSeconds: 60, statistic: "Sum" };
    const all = { ...bad, id: { ...errors, name: "Invocations" } };
    const rate = metricAlarm("rate", {
      isPlain: false,
      threshold: 1,
      queries: [
        { id: "bad", returnData: false, metric: bad, periodSeconds: 60 },
        { id: "all", returnData: false, metric: all, periodSeconds: 60 },
        { id: "rate", returnData: true, expression: "100 * FILL(bad, 0) / all", label: "Error rate" },
      ],
    });
    const { client, service, told, time, later, fail } = await ringing([rate]);
    await later(minute);
    service.metrics.of(all.id).record(1, time.now, 1_000);
    await later(minute);
    expect(await statesOf(client, service)).toEqual({ rate: "OK" });

    service.metrics.of(all.id).record(1, time.now, 1_000);
    fail(11);
    await later(minute);
    expect(await statesOf(client, service)).toEqual({ rate: "ALARM" });
    expect(told[0]?.Message.Trigger).toMatchObject({
      Period: 60,
      Metrics: [{ Id: "bad" }, { Id: "all" }, { Id: "rate", Expression: "100 * FILL(bad, 0) / all", ReturnData: true }],
    });
  });

  it("compares with what is usual, once it knows that", async () => {
    const unusual = metricAlarm("unusual", {
      isPlain: false,
      comparison: "LessThanLowerOrGreaterThanUpperThreshold",
      threshold: undefined,
      thresholdMetricId: "band",
      missingData: "missing",
      queries: [
        { id: "m1", returnData: true, metric: { id: errors, periodSeconds: 60, statistic: "Sum" }, periodSeconds: 60 },
        { id: "band", returnData: true, expression: "ANOMALY_DETECTION_BAND(m1, 2)" },
      ],
    });
    const { client, service, later, fail } = await ringing([unusual]);
    const minutes = async (values: readonly number[]) => {
      for (const value of values) {
        fail(value);
        await later(minute);
      }
    };
    await minutes([100]);
    expect(await statesOf(client, service)).toEqual({ unusual: "INSUFFICIENT_DATA" });
    await minutes(Array.from({ length: 40 }, (_none, index) => 100 + (index % 5)));
    expect(await statesOf(client, service)).toEqual({ unusual: "OK" });
    await minutes([500]);
    expect(await statesOf(client, service)).toEqual({ unusual: "ALARM" });
  });

  it("that can't be evaluated says so once and doesn't keep others from ringing", async () => {
    const broken = metricAlarm("broken", {
      isPlain: false,
      queries: [{ id: "e", returnData: true, expression: "SORT(1)" }],
    });
    const { problems, told, later, fail } = await ringing([broken, metricAlarm("f-errors")]);
    fail();
    await later(minute);
    await later(minute / 6);
    expect(problems).toEqual([expect.stringMatching(/^The alarm broken can't be evaluated: .*SORT/)]);
    expect(told).toHaveLength(1);
  });
});

describe("SetAlarmState and switched actions", () => {
  it("set a state, with its actions, until the next evaluation", async () => {
    const { client, service, told, later } = await ringing([metricAlarm("f-errors")]);
    await later(minute);
    const state = { AlarmName: "f-errors", StateReason: "a drill" };
    await client.send(new SetAlarmStateCommand({ ...state, StateValue: "ALARM", StateReasonData: '{"by":"hand"}' }));
    await service.alarms.settled();
    expect(told.map(({ Message }) => Message.NewStateReason)).toEqual(["a drill"]);
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ StateValue: "ALARM" }));
    expect(MetricAlarms?.[0]).toMatchObject({ StateReason: "a drill", StateReasonData: '{"by":"hand"}' });
    await later(minute);
    expect(await statesOf(client, service)).toEqual({ "f-errors": "OK" });

    const unknown = client.send(new SetAlarmStateCommand({ ...state, AlarmName: "x", StateValue: "OK" }));
    await expect(unknown).rejects.toMatchObject({ name: "ResourceNotFound" });
  });

  it("keep quiet where actions are off", async () => {
    const { client, told, later, fail } = await ringing([metricAlarm("f-errors")]);
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ["f-errors", "x"] }));
    fail();
    await later(minute);
    expect(told).toEqual([]);
    await client.send(new EnableAlarmActionsCommand({ AlarmNames: ["f-errors"] }));
    await later(5 * minute);
    expect(told.map(({ Message }) => Message.NewStateValue)).toEqual(["OK"]);
  });
});

describe("DescribeAlarms", () => {
  it("finds by prefix, state, relation and metric", async () => {
    const alarms = [metricAlarm("a-one"), metricAlarm("b-two"), compositeAlarm("whole", 'ALARM("a-one")')];
    const { client } = await ringing(alarms);
    const namesOf = async (input: DescribeAlarmsCommandInput) => {
      const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(new DescribeAlarmsCommand(input));
      return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
    };
    expect(await namesOf({})).toEqual(["a-one", "b-two"]);
    expect(await namesOf({ AlarmNamePrefix: "b" })).toEqual(["b-two"]);
    expect(await namesOf({ AlarmNames: ["whole"], AlarmTypes: ["CompositeAlarm"] })).toEqual(["whole"]);
    expect(await namesOf({ ChildrenOfAlarmName: "whole" })).toEqual(["a-one"]);
    expect(await namesOf({ ParentsOfAlarmName: "a-one", AlarmTypes: ["CompositeAlarm"] })).toEqual(["whole"]);
    expect(await namesOf({ ParentsOfAlarmName: "b-two", AlarmTypes: ["CompositeAlarm"] })).toEqual([]);
    expect(await namesOf({ ActionPrefix: "arn:aws:lambda" })).toEqual([]);
    const first = await client.send(new DescribeAlarmsCommand({ MaxRecords: 1 }));
    expect(await namesOf({ MaxRecords: 1, NextToken: first.NextToken })).toEqual(["b-two"]);

    const metric = { Namespace: "AWS/Lambda", MetricName: "Errors" };
    const forMetric = (Value: string) =>
      client.send(new DescribeAlarmsForMetricCommand({ ...metric, Dimensions: [{ Name: "FunctionName", Value }] }));
    expect((await forMetric("f")).MetricAlarms).toHaveLength(2);
    expect((await forMetric("g")).MetricAlarms).toEqual([]);
  });
});

describe("a composite alarm", () => {
  const silent = { actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] } };
  const cause = metricAlarm("cause", silent);
  const healthy = metricAlarm("other", { ...silent, threshold: 1_000 });

  it("rings once for its children, and names the one that changed", async () => {
    const { told, later, fail } = await ringing([compositeAlarm("whole", 'ALARM("cause")'), cause]);
    await later(minute);
    fail();
    await later(minute);
    await later(1_000);
    expect(told).toEqual([
      {
        Subject: 'ALARM: "whole" in US East (N. Virginia)',
        Message: expect.objectContaining({
          AlarmRule: 'ALARM("cause")',
          NewStateReason: `${arnOf("cause")} transitioned to ALARM at Friday 20 November, 2026 12:02:00 UTC`,
          TriggeringChildren: [
            { Arn: arnOf("cause"), State: { Value: "ALARM", Timestamp: "2026-11-20T12:02:00.000+0000" } },
          ],
        }) as unknown,
      },
    ]);
  });

  it("names the one that rings, and not one that changed as well", async () => {
    const alarms = [compositeAlarm("whole", 'ALARM("other") OR ALARM("cause")'), healthy, cause];
    const { told, later, fail } = await ringing(alarms);
    fail();
    await later(minute);
    expect(told[0]?.Message).toMatchObject({
      NewStateReason: `${arnOf("cause")} transitioned to ALARM at Friday 20 November, 2026 12:01:00 UTC`,
      TriggeringChildren: [{ Arn: arnOf("cause"), State: { Value: "ALARM" } }],
    });
  });

  it("may be about another one, whatever their order", async () => {
    const alarms = [compositeAlarm("outer", 'ALARM("inner")'), compositeAlarm("inner", 'ALARM("cause")'), cause];
    const { client, service, later, fail } = await ringing(alarms);
    fail();
    await later(minute);
    expect(await statesOf(client, service)).toEqual({ cause: "ALARM", inner: "ALARM", outer: "ALARM" });
  });

  it("waits for its suppressor before it speaks", async () => {
    const suppressor = { alarm: "maintenance", waitSeconds: 60, extensionSeconds: 120 };
    const maintained = { id: { ...errors, name: "Maintained" }, periodSeconds: 60, statistic: "Sum" };
    const maintenance = metricAlarm("maintenance", {
      queries: [{ id: "m1", returnData: true, metric: maintained, periodSeconds: 60 }],
    });
    const alarms = [
      compositeAlarm("whole", 'ALARM("cause")', suppressor),
      { ...cause, evaluationPeriods: 5 },
      maintenance,
    ];
    const { client, told, later, fail } = await ringing(alarms);
    await later(minute);
    fail();
    await later(minute);
    const { CompositeAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmTypes: ["CompositeAlarm"] }));
    expect(CompositeAlarms).toMatchObject([
      { StateValue: "ALARM", ActionsSuppressor: "maintenance", ActionsSuppressedBy: "WaitPeriod" },
    ]);
    expect(told).toEqual([]);
    await later(minute);
    expect(told).toMatchObject([{ Message: { AlarmName: "whole", NewStateValue: "ALARM" } }]);
  });

  it.each([["ALARM(missing)"], ['OK("cause") AND ALARM("x")']])(
    "about an alarm that isn't there is refused: %s",
    async (rule) => {
      await expect(ringing([compositeAlarm("whole", rule), cause])).rejects.toThrow("which isn't there");
    },
  );
});
