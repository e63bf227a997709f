/** Dashboards show what there is: metrics that somebody tells, of resources of their environment, all of them. */
import { providerNames } from "../../config/providers.ts";
import { awsMetrics } from "../../dashboards/aws-metrics.ts";
import { argumentsOf, type Breakage, lastOf } from "./broken.ts";
import { changeBody, changeWidget, replaceIn } from "./dashboard-breakages.ts";
import { isKnownValue, isTold, named, setsOf } from "./dashboard-values.ts";
import { dashboardsOf, entriesOf, marksOf, metricOf, type Search, searchesOf, shownMetrics } from "./dashboards.ts";
import { describeRules } from "./rule.ts";
import { environmentOf, everyResource, everyStack, ofType, type StackResource, type Stacks } from "./stacks.ts";

const serviceOf = ({ terms }: Search) => terms.find(([name]) => name === "service")?.[1];

/** Values that a resource's argument has and no dimension of that name says, in the dashboards of its environment. */
function unshown(stacks: Stacks, dimension: string, which: (resource: StackResource) => boolean): readonly string[] {
  const [type = "", argument = ""] = named[dimension] ?? [];
  const shown = shownMetrics(stacks);
  return ofType(stacks, type)
    .filter(which)
    .filter(({ stack, config }) => {
      const { name } = environmentOf(stack);
      return !shown.some(
        ({ from, dimensions }) => environmentOf(from.stack).name === name && dimensions[dimension] === config[argument],
      );
    })
    .map(({ place }) => place);
}

const isDeadLetterQueue = ({ config }: StackResource) => config.redrive_policy === undefined;

describeRules("dashboards", {
  "show metrics that are told, by sets of dimensions that they have": {
    rule: (stacks) => [
      ...shownMetrics(stacks)
        .filter(({ namespace, metricName, dimensions }) => {
          const set = Object.keys(dimensions).sort().join();
          return !setsOf(namespace, metricName).includes(set) || !isTold(metricName, dimensions.service);
        })
        .map(({ from, metricName, dimensions }) => `${from.place}: ${metricName} ${JSON.stringify(dimensions)}`),
      ...searchesOf(stacks)
        .filter((search) => {
          const { namespace, metricName, dimensions } = search;
          return !setsOf(namespace, metricName).includes(dimensions.join()) || !isTold(metricName, serviceOf(search));
        })
        .map(({ from, text }) => `${from.place}: ${text}`),
    ],
    broken: {
      "when AWS has none of that name": replaceIn('"Throttles"', '"Throttled"', "Throttled"),
      "when we have none of that name": replaceIn('"duplicate"', '"duplicates"', "duplicates"),
      "when a dimension is missing": replaceIn('"EventBusName",', '"BusName",', "BusName"),
      "when another function tells it": replaceIn('"service","webhook-validator"', '"service","webhook-dedup"'),
      "when a search has other dimensions": replaceIn("environment,reason,service}", "environment,service,tier}"),
      "when a search is for nothing": replaceIn('MetricName=\\"refused\\"', 'MetricName=\\"refusals\\"', "refusals"),
    },
  },

  "name resources of their environment alone": {
    rule: (stacks) => [
      ...shownMetrics(stacks).flatMap(({ from, metricName, dimensions }) =>
        Object.entries(dimensions)
          .filter(([name, value]) => !isKnownValue(stacks, from, name, value))
          .map(([name, value]) => `${from.place}: ${metricName} of ${name} ${value}`),
      ),
      ...searchesOf(stacks).flatMap(({ from, terms }) =>
        terms
          .filter(([name, value]) => !isKnownValue(stacks, from, name, value))
          .map(([name, value]) => `${from.place}: a search for ${name} ${value}`),
      ),
      ...dashboardsOf(stacks).flatMap(({ resource, body }) =>
        body.widgets
          .filter(
            ({ properties }) => "region" in properties && properties.region !== environmentOf(resource.stack).region,
          )
          .map(({ properties }) => `${resource.place}: ${properties.title} is of ${properties.region}`),
      ),
    ],
    broken: {
      "when a function is gone": replaceIn('"webhook-dedup-whole"', '"webhook-deduplication-whole"'),
      "when a queue is another environment's": replaceIn('"webhook-events-whole"', '"webhook-events-dev"'),
      "when a state machine is gone": replaceIn("stateMachine:daily-archive-", "stateMachine:archive-"),
      "when a metric is another environment's": replaceIn('"environment","whole"', '"environment","dev"'),
      "when a search is another environment's": replaceIn('environment=\\"whole\\"', 'environment=\\"dev\\"'),
      "when a provider isn't ours": replaceIn('"provider","stripe"', '"provider","striped"'),
      "when nobody asks a table that": replaceIn('"Operation","BatchGetItem"', '"Operation","BatchWriteItem"'),
      "when the region is another": changeWidget("Answers", (it) => Object.assign(it, { region: "eu-west-1" })),
    },
  },

  "show every function, state machine, table, topic, rule and dead-letter queue": {
    rule: (stacks) => [
      ...["FunctionName", "TableName", "TopicName"].flatMap((name) => unshown(stacks, name, () => true)),
      // The rule that only logs matches each event; the metric `routed` counts them already.
      ...unshown(stacks, "RuleName", ({ config }) => !String(config.name).startsWith("every-event-")),
      ...unshown(stacks, "QueueName", isDeadLetterQueue),
      ...ofType(stacks, "aws_sfn_state_machine")
        .filter(({ stack, config }) => {
          const { name } = environmentOf(stack);
          const own = dashboardsOf(stacks).filter(({ resource }) => environmentOf(resource.stack).name === name);
          return !own.some(({ resource }) => String(resource.config.dashboard_body).includes(`:${config.name}"`));
        })
        .map(({ place }) => place),
    ],
    broken: Object.fromEntries(
      ["aws_lambda_function", "aws_dynamodb_table", "aws_sns_topic", "aws_cloudwatch_event_rule", "aws_sqs_queue"]
        .map((type): readonly [string, Breakage] => [
          `when there is a new ${type}`,
          (stacks) => {
            const resource = lastOf(stacks, type, isDeadLetterQueue);
            argumentsOf(resource)[type === "aws_lambda_function" ? "function_name" : "name"] = "new-whole";
            return resource.place;
          },
        ])
        .concat([
          [
            "when there is a new aws_sfn_state_machine",
            (stacks) => {
              const resource = lastOf(stacks, "aws_sfn_state_machine");
              argumentsOf(resource).name = "new-whole";
              return resource.place;
            },
          ],
        ]),
    ),
  },

  "show every provider's webhooks and events, and every alarm": {
    rule: (stacks) =>
      dashboardsOf(stacks)
        .filter(({ resource }) => String(resource.config.dashboard_name).startsWith("transaction-metrics-"))
        .flatMap(({ resource, body }) => {
          const alarmNames = everyResource(stacks)
            .filter(({ type }) => /^aws_cloudwatch_(metric|composite)_alarm$/.test(type))
            .filter(({ stack }) => environmentOf(stack).name === environmentOf(resource.stack).name)
            .map(({ config }) => String(config.alarm_name));
          const shown = body.widgets.flatMap(({ properties }) => (properties.alarms ?? []) as readonly string[]);
          const titles = body.widgets.map(({ properties }) => properties.title);
          return [
            ...alarmNames
              .filter((name) => !shown.some((arn) => arn.endsWith(`:alarm:${name}`)))
              .map((name) => `${resource.place}: the alarm ${name}`),
            ...providerNames
              .filter((name) => !titles.includes(`${name}: answers`) || !titles.includes(`${name}: events`))
              .map((name) => `${resource.place}: the provider ${name}`),
          ];
        }),
    broken: {
      "when an alarm is left out": changeBody(({ widgets }) => {
        for (const { properties } of widgets) properties.alarms = (properties.alarms as string[] | undefined)?.slice(1);
      }, "the alarm "),
      "when a provider is left out": replaceIn('"adyen: events"', '"events"', "the provider adyen"),
    },
  },
});

/** Names of the metrics that an alarm looks at. */
function watchedBy({ config }: StackResource): readonly unknown[] {
  const queries = (config.metric_query ?? []) as readonly { readonly metric?: { readonly metric_name: string } }[];
  return [config.metric_name, ...queries.map(({ metric }) => metric?.metric_name)].filter(Boolean);
}

describeRules("the marks in charts", {
  "that are called an alarm say its threshold": {
    rule: (stacks) =>
      dashboardsOf(stacks).flatMap(({ resource, body }) =>
        body.widgets.flatMap((widget) => {
          const shown = entriesOf(widget).map((entry) => metricOf(entry)?.metricName);
          const thresholds = ofType(stacks, "aws_cloudwatch_metric_alarm")
            .filter(({ stack }) => environmentOf(stack).name === environmentOf(resource.stack).name)
            .filter((alarm) => watchedBy(alarm).some((name) => shown.includes(String(name))))
            .map(({ config }) => config.threshold);
          return marksOf(widget)
            .filter(({ label, value }) => label.startsWith("alarm") && !thresholds.includes(value))
            .map(({ value }) => `${resource.place}: ${widget.properties.title} has no alarm at ${value}`);
        }),
      ),
    broken: {
      "when the alarm's is another": replaceIn('"value":1000', '"value":2000', "has no alarm at 2000"),
    },
  },
});

it("the table of AWS's metrics has none that no dashboard shows", () => {
  const shown = new Set(shownMetrics(everyStack).map(({ namespace, metricName }) => `${namespace} ${metricName}`));
  const table = Object.entries(awsMetrics).flatMap(([namespace, names]) =>
    Object.keys(names).map((metricName) => `${namespace} ${metricName}`),
  );
  expect(table.filter((metric) => !shown.has(metric))).toEqual([]);
});
