import { alarmsOf, dashboardsOf, metricFiltersOf } from "../../../local/resources/alarms.ts";
import { inventoryOf, resource } from "./fixtures.ts";

const topic = "arn:aws:sns:us-east-1:000000000000:t";
const arn = (name: string) => ({ arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}` });

describe("alarms in the Terraform", () => {
  it("on one metric have Terraform's defaults", () => {
    const [alarm] = alarmsOf(
      inventoryOf(
        resource(
          "aws_cloudwatch_metric_alarm.plain",
          {
            alarm_name: "plain",
            namespace: "AWS/SQS",
            metric_name: "ApproximateNumberOfMessagesVisible",
            dimensions: { QueueName: "q" },
            period: 60,
            extended_statistic: "p95",
            evaluation_periods: 3,
            threshold: 0,
            comparison_operator: "GreaterThanThreshold",
            alarm_actions: [topic],
            ok_actions: null,
          },
          arn("plain"),
        ),
      ),
    );
    expect(alarm).toEqual({
      kind: "metric",
      name: "plain",
      ...arn("plain"),
      description: undefined,
      actionsEnabled: true,
      actions: { ALARM: [topic], OK: [], INSUFFICIENT_DATA: [] },
      queries: [
        {
          id: "m1",
          returnData: true,
          periodSeconds: 60,
          metric: {
            id: { namespace: "AWS/SQS", name: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: "q" } },
            periodSeconds: 60,
            statistic: "p95",
            unit: undefined,
          },
        },
      ],
      isPlain: true,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      comparison: "GreaterThanThreshold",
      threshold: 0,
      thresholdMetricId: undefined,
      missingData: "missing",
    });
  });

  it("on a band have queries", () => {
    const [alarm] = alarmsOf(
      inventoryOf(
        resource(
          "aws_cloudwatch_metric_alarm.band",
          {
            alarm_name: "band",
            actions_enabled: false,
            evaluation_periods: 2,
            datapoints_to_alarm: 1,
            comparison_operator: "GreaterThanUpperThreshold",
            threshold_metric_id: "band",
            treat_missing_data: "notBreaching",
            metric_query: [
              { id: "band", expression: "ANOMALY_DETECTION_BAND(actual, 2)", label: "expected", return_data: true },
              {
                id: "actual",
                return_data: true,
                metric: { namespace: "N", metric_name: "accepted", period: 300, stat: "Sum" },
              },
            ],
          },
          arn("band"),
        ),
      ),
    );
    expect(alarm).toMatchObject({
      actionsEnabled: false,
      isPlain: false,
      threshold: undefined,
      thresholdMetricId: "band",
      datapointsToAlarm: 1,
      queries: [
        { id: "band", label: "expected", expression: "ANOMALY_DETECTION_BAND(actual, 2)", returnData: true },
        { id: "actual", metric: { id: { dimensions: {} }, periodSeconds: 300, statistic: "Sum" }, periodSeconds: 300 },
      ],
    });
  });

  it("on other alarms have a rule, and name their suppressor by ARN or name", () => {
    const [alarm] = alarmsOf(
      inventoryOf(
        resource(
          "aws_cloudwatch_composite_alarm.whole",
          {
            alarm_name: "whole",
            alarm_rule: 'ALARM("plain")',
            actions_suppressor: { alarm: arn("maintenance").arn, wait_period: 60, extension_period: 120 },
          },
          arn("whole"),
        ),
      ),
    );
    expect(alarm).toMatchObject({
      kind: "composite",
      rule: 'ALARM("plain")',
      suppressor: { alarm: "maintenance", waitSeconds: 60, extensionSeconds: 120 },
    });
  });

  it.each([
    ["nothing to watch", { metric_query: [{ id: "m", expression: "1", return_data: false }] }, "watches nothing"],
    ["a metric without a statistic", { metric_name: "m", namespace: "N" }, "no statistic"],
  ])("with %s are refused", (_what, config, words) => {
    const broken = { alarm_name: "broken", comparison_operator: "GreaterThanThreshold", ...config };
    const inventory = inventoryOf(resource("aws_cloudwatch_metric_alarm.broken", broken, arn("broken")));
    expect(() => alarmsOf(inventory)).toThrow(words);
  });
});

it("dashboards are read with their body", () => {
  const dashboard = { dashboard_name: "d", dashboard_body: '{"widgets":[]}' };
  const dashboard_arn = "arn:aws:cloudwatch::000000000000:dashboard/d";
  expect(dashboardsOf(inventoryOf(resource("aws_cloudwatch_dashboard.d", dashboard, { dashboard_arn })))).toEqual([
    { name: "d", arn: dashboard_arn, body: '{"widgets":[]}' },
  ]);
});

it("metric filters are read with their transformation", () => {
  const metric_transformation = { name: "m", namespace: "N", value: "$.ms", default_value: "0", unit: "Milliseconds" };
  const filter = { name: "f", log_group_name: "/g", pattern: '{ $.code = "x" }', metric_transformation };
  expect(metricFiltersOf(inventoryOf(resource("aws_cloudwatch_log_metric_filter.f", filter)))).toEqual([
    {
      logGroupName: "/g",
      pattern: '{ $.code = "x" }',
      namespace: "N",
      metricName: "m",
      value: "$.ms",
      defaultValue: 0,
      unit: "Milliseconds",
      dimensions: {},
    },
  ]);
});
