import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { type Price, type PriceName, prices } from "../../config/prices.ts";
import { aws } from "../aws-metrics.ts";
import { business } from "../business-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { stacked, sum, total } from "../series.ts";
import {
  type ExpressionSeries,
  evenly,
  type MetricReference,
  type MetricWidget,
  type Section,
  type Series,
} from "../widgets.ts";

/** What costs by use, in its units and, where there is a price list of the region, in US dollars. */
export function cost(context: DashboardContext): Section {
  const list = prices[context.region];
  return {
    heading: "Cost drivers",
    meaning:
      "What grows with the number of webhooks" +
      (list === undefined
        ? `. There is no price list of ${context.region} in config/prices.ts, so it is shown in units alone.`
        : ", at the list price of its first step: an estimate while it happens, without storage, keys, alarms, warm " +
          "functions, free tiers and taxes. `npm run cli -- cost` computes a month with all of them."),
    rows: [
      ...(list === undefined ? [] : [evenly(6, inDollars(context, list))]),
      evenly(6, [
        stacked({ title: "Lambda, GB-seconds", unit: "GB-seconds", series: computing(context) }),
        stacked({ title: "Log volume", unit: "bytes", series: logVolume(context) }),
      ]),
    ],
  };
}

type Prices = Readonly<Record<PriceName, Price>>;

/** A metric that is paid by its sum. */
interface Item {
  readonly metric: MetricReference;
  readonly price: PriceName;
  /** Of what is paid for, in one of the metric: a millisecond of a function of 1 GB is 0.001 GB-seconds. */
  readonly each: number;
}

const functionNames = Object.keys(lambdas) as LambdaName[];

/** GB-seconds of a millisecond. */
const gbSeconds = (name: LambdaName) => lambdas[name].memoryMb / 1_024 / 1_000;

/** Items by the service that asks for them. */
function itemsByService({
  names,
  stateMachineArn,
  logGroups,
  ...context
}: DashboardContext): Readonly<Record<string, Item[]>> {
  const tables = Object.values(names.tables);
  const StateMachineArn = stateMachineArn(names.stateMachines.transactionWorkflow);
  const item = (price: PriceName, metric: MetricReference, each = 1): Item => ({ metric, price, each });
  return {
    "API Gateway": [item("api-gateway.rest-requests", aws("AWS/ApiGateway", "Count", { ApiName: names.restApi }))],
    Lambda: functionNames.flatMap((name) => {
      const ofFunction = { FunctionName: names.lambda(name) };
      return [
        item("lambda.requests", aws("AWS/Lambda", "Invocations", ofFunction)),
        item("lambda.arm64", aws("AWS/Lambda", "Duration", ofFunction), gbSeconds(name)),
      ];
    }),
    DynamoDB: tables.flatMap((TableName) => [
      item("dynamodb.writes", aws("AWS/DynamoDB", "ConsumedWriteCapacityUnits", { TableName })),
      item("dynamodb.reads", aws("AWS/DynamoDB", "ConsumedReadCapacityUnits", { TableName })),
    ]),
    EventBridge: [item("eventbridge.custom-events", business(context, "routed"))],
    "Step Functions, medium tier": [
      item("step-functions.express-requests", aws("AWS/States", "ExecutionsStarted", { StateMachineArn })),
    ],
    "Logs and metrics in them": logGroups.map((name) => item("logs.ingestion", incomingBytes(name), 1 / 2 ** 30)),
  };
}

const incomingBytes = (LogGroupName: string) => aws("AWS/Logs", "IncomingBytes", { LogGroupName });

function inDollars(context: DashboardContext, list: Prices): readonly MetricWidget[] {
  const services = Object.entries(itemsByService(context)).map(([service, items], place) =>
    inDollarsOf(service, `s${place}`, items, list),
  );
  const inputs = services.flatMap((each) => each.inputs);
  const accepted = sum("accepted", business(context, "accepted"), { id: "accepted", hidden: true });
  const all = services.map(({ usd }) => usd.id).join(", ");
  return [
    stacked({
      title: "US dollars per hour",
      unit: "US dollars",
      series: [...inputs, ...services.flatMap(({ usd, perHour }) => [usd, perHour])],
    }),
    total("US dollars per million accepted events", [
      ...inputs,
      ...services.map(({ usd }) => usd),
      accepted,
      { id: "million", label: "US dollars", expression: `1000000 * SUM([${all}]) / accepted` },
    ]),
  ];
}

/**
 * What a service asks for in a period, and by the hour. All is added by SUM, which leaves out what has no data: with a
 * plus sign, a function that wasn't called would take the others' sum away.
 */
function inDollarsOf(service: string, id: string, items: readonly Item[], list: Prices) {
  const inputs = items.map(({ metric }, index) =>
    sum(`${id}m${index}`, metric, { id: `${id}m${index}`, hidden: true }),
  );
  const priced = items.map((item, index) => ({ usd: usdEach(list, item), id: `${id}m${index}` }));
  const groups = [...new Set(priced.map(({ usd }) => usd))].map((usd, group): ExpressionSeries => {
    const ids = priced.flatMap((each) => (each.usd === usd ? [each.id] : [])).join(", ");
    return { id: `${id}g${group}`, label: `${service} at ${usd}`, hidden: true, expression: `SUM([${ids}]) * ${usd}` };
  });
  const usd = `SUM([${groups.map((group) => group.id).join(", ")}])`;
  return {
    inputs: [...inputs, ...groups],
    usd: { id: `${id}usd`, label: `${service} in a period`, hidden: true, expression: usd } satisfies ExpressionSeries,
    // A point's sum is of its period, whatever length that has.
    perHour: { id: `${id}hour`, label: service, expression: `${id}usd * 3600 / PERIOD(${id}m0)` },
  };
}

/** US dollars for one of the metric, in digits: metric math isn't documented to know exponents. */
function usdEach(list: Prices, { price, each }: Item): string {
  const { steps, per } = list[price];
  return ((Number(steps[0].usd) / per) * each).toFixed(18).replace(/0+$/, "").replace(/\.$/, "");
}

function computing({ names }: DashboardContext): readonly Series[] {
  return functionNames.flatMap((name, index) => {
    const id = `ms${index}`;
    const duration = aws("AWS/Lambda", "Duration", { FunctionName: names.lambda(name) });
    return [
      sum(id, duration, { id, hidden: true }),
      { id: `gb${index}`, label: name, expression: `${id} * ${gbSeconds(name)}` },
    ];
  });
}

function logVolume({ logGroups }: DashboardContext): readonly Series[] {
  return logGroups.map((name) => sum(name, incomingBytes(name)));
}
