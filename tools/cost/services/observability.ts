/** What the system tells of itself, by CloudWatch and X-Ray: a section of its own, since one may do with less of it. */
import type { Logged } from "../demand.ts";
import { Exact } from "../exact.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { bytesPerGb, type Item, type Month, month } from "../month.ts";
import { customMetrics } from "./custom-metrics.ts";

const service = "Observability";

/** Stored beside each event, before compression. Source: CloudWatch's pricing page, "Logs". */
const eventOverheadBytes = 26;
/** AWS's own estimate of what gzip leaves of a log. Source: the same. */
const compressedShare = Exact.of("0.15");
/** Count, Latency, IntegrationLatency, 4XXError and 5XXError of a method. */
const metricsPerMethod = 5;

export function observabilityItems(given: Month): readonly Item[] {
  const { alarmMetrics, compositeAlarms, metricFilters, measuredMethods, dashboards } = given.infrastructure;
  const methodMetrics = metricFilters + measuredMethods * metricsPerMethod;
  return [
    ...logItems(given),
    { service, what: "business metrics", quantity: customMetrics(given), price: "cloudwatch.metrics" },
    {
      service,
      what: "metrics of API methods and logs",
      quantity: Exact.of(methodMetrics),
      price: "cloudwatch.metrics",
    },
    { service, what: "metrics that alarms watch", quantity: Exact.of(alarmMetrics), price: "cloudwatch.alarms" },
    { service, what: "composite alarms", quantity: Exact.of(compositeAlarms), price: "cloudwatch.composite-alarms" },
    { service, what: "dashboards", quantity: Exact.of(dashboards), price: "cloudwatch.dashboards" },
    { service, what: "traces", quantity: traces(given), price: "xray.traces" },
  ];
}

/** Kinds of log group, in the order in which they are printed. */
const kinds = [
  ["logs of functions", /^\/aws\/lambda\//],
  ["logs of workflows", /^\/aws\/vendedlogs\/states\//],
  ["logs of the API", /^\/aws\/apigateway\//],
  ["logs of the bus", /^\/aws\/events\//],
] as const;

function logItems(given: Month): Item[] {
  const groups = given.infrastructure.logGroups.map((group) => ({ ...group, ...written(given, group.name) }));
  const stored = groups.map(({ bytes, events, retentionDays }) => {
    const compressed = bytes.plus(events.times(eventOverheadBytes)).times(compressedShare);
    return compressed.times(retentionDays).over(month.days);
  });
  return [
    ...kinds.map(([what, pattern]): Item => {
      const ofKind = groups.filter(({ name }) => pattern.test(name));
      const lines = ofKind.map(({ bytes, metricBytes }) => bytes.minus(metricBytes));
      return { service, what, quantity: Exact.sum(lines).over(bytesPerGb), price: "logs.ingestion" };
    }),
    {
      service,
      what: "business metrics in logs",
      quantity: Exact.sum(groups.map(({ metricBytes }) => metricBytes)).over(bytesPerGb),
      price: "logs.ingestion",
    },
    { service, what: "storage of logs", quantity: Exact.sum(stored).over(bytesPerGb), price: "logs.storage" },
  ];
}

const nothing: Logged = {
  events: Exact.zero,
  bytes: Exact.zero,
  metricEvents: Exact.zero,
  metricBytes: Exact.zero,
};

/**
 * The recorded lines, which were written at level INFO, and Lambda's own about each invocation. A level above INFO leaves
 * of a function's lines only what a faultless month doesn't have, and its metrics; a workflow that logs errors only is
 * silent, too.
 */
function written({ demand, infrastructure, work, shape }: Month, group: string): Logged {
  const recorded = demand.logs.get(group) ?? nothing;
  const fn = infrastructure.functions.find(({ name }) => group === `/aws/lambda/${name}`);
  if (fn !== undefined) {
    const perBatch: Readonly<Record<string, number>> = shape.metricBytesPerBatch;
    const invocations = work.get(fn.name)?.invocations ?? Exact.zero;
    const isSilent = /^(WARN|ERROR|CRITICAL|SILENT)$/.test(fn.logLevel);
    const own = isSilent ? { events: recorded.metricEvents, bytes: recorded.metricBytes } : recorded;
    const metrics = metricLines(recorded, invocations, perBatch[fn.name]);
    return {
      ...metrics,
      events: own.events.minus(recorded.metricEvents).plus(metrics.metricEvents).plus(invocations.times(3)),
      bytes: own.bytes
        .minus(recorded.metricBytes)
        .plus(metrics.metricBytes)
        .plus(invocations.times(shape.platformLogBytes)),
    };
  }
  const machine = infrastructure.machines.find(({ name }) => group === `/aws/vendedlogs/states/${name}`);
  return machine !== undefined && !machine.logsEverything ? nothing : recorded;
}

/** As recorded, and at the least what a batch of one event writes. */
function metricLines(
  recorded: Logged,
  invocations: Exact,
  bytesPerBatch = 0,
): Pick<Logged, "metricEvents" | "metricBytes"> {
  const isTold = bytesPerBatch > 0 && !recorded.metricEvents.isZero();
  const batches = isTold ? invocations : Exact.zero;
  return {
    metricEvents: Exact.max(recorded.metricEvents, batches),
    metricBytes: Exact.max(recorded.metricBytes, batches.times(bytesPerBatch)),
  };
}

/**
 * A sampled request is a trace, and each batch that a function polls begins another. The reservoir counts for each of
 * them. An upper bound: AWS joins traces where it can.
 */
function traces({ demand, infrastructure, work, shape }: Month): Exact {
  if (!infrastructure.functions.some(({ isTraced }) => isTraced)) return Exact.zero;
  const { reservoirPerSecond, fixedRate } = shape.tracing;
  const reservoir = Exact.of(reservoirPerSecond).times(month.seconds);
  const sampled = (requests: Exact) => {
    const first = Exact.min(requests, reservoir);
    return first.plus(requests.minus(first).times(fixedRate));
  };
  const polled = (consumers: Infrastructure["consumers"]) =>
    consumers.map((consumer) => sampled(work.get(consumer.function)?.invocations ?? Exact.zero));
  return Exact.sum([sampled(demand.posts), ...polled(infrastructure.consumers)]);
}
