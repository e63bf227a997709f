/** CloudWatch and X-Ray: what the system tells of itself. */
import { Exact } from "../exact.ts";
import type { Infrastructure } from "../infrastructure.ts";
import { bytesPerGb, type Item, type Month, month } from "../month.ts";

/** Stored beside each event, before compression. Source: CloudWatch's pricing page, "Logs". */
const eventOverheadBytes = 26;
/** AWS's own estimate of what gzip leaves of a log. Source: the same. */
const compressedShare = Exact.of("0.15");
/** Count, Latency, IntegrationLatency, 4XXError and 5XXError of a method. */
const metricsPerMethod = 5;

export function observabilityItems(given: Month): readonly Item[] {
  const { alarmMetrics, metricFilters, measuredMethods, dashboards } = given.infrastructure;
  const metrics = metricFilters + measuredMethods * metricsPerMethod;
  const service = "CloudWatch";
  return [
    ...logItems(given),
    { service, what: "alarms", quantity: Exact.of(alarmMetrics), price: "cloudwatch.alarms" },
    { service, what: "metrics", quantity: Exact.of(metrics), price: "cloudwatch.metrics" },
    { service, what: "dashboards", quantity: Exact.of(dashboards), price: "cloudwatch.dashboards" },
    { service: "X-Ray", what: "traces", quantity: traces(given), price: "xray.traces" },
  ];
}

/** Kinds of log group, in the order in which they are printed. */
const kinds = [
  ["functions", /^\/aws\/lambda\//],
  ["workflows", /^\/aws\/vendedlogs\/states\//],
  ["API", /^\/aws\/apigateway\//],
  ["low tier", /^\/aws\/events\//],
] as const;

function logItems(given: Month): Item[] {
  const groups = given.infrastructure.logGroups.map((group) => ({ ...group, ...written(given, group.name) }));
  const service = "CloudWatch Logs";
  const stored = groups.map(({ bytes, events, retentionDays }) => {
    const compressed = bytes.plus(events.times(eventOverheadBytes)).times(compressedShare);
    return compressed.times(retentionDays).over(month.days);
  });
  return [
    ...kinds.map(([what, pattern]): Item => {
      const ofKind = groups.filter(({ name }) => pattern.test(name)).map(({ bytes }) => bytes);
      return { service, what, quantity: Exact.sum(ofKind).over(bytesPerGb), price: "logs.ingestion" };
    }),
    { service, what: "storage", quantity: Exact.sum(stored).over(bytesPerGb), price: "logs.storage" },
  ];
}

interface Written {
  readonly events: Exact;
  readonly bytes: Exact;
}

/**
 * The recorded lines, which were written at level INFO, and Lambda's own about each invocation. A level above INFO leaves
 * of a function's lines only what a faultless month doesn't have; a workflow that logs errors only is silent, too.
 */
function written({ demand, infrastructure, work, shape }: Month, group: string): Written {
  const recorded = demand.logs.get(group) ?? { events: Exact.zero, bytes: Exact.zero };
  const nothing = { events: Exact.zero, bytes: Exact.zero };
  const fn = infrastructure.functions.find(({ name }) => group === `/aws/lambda/${name}`);
  if (fn !== undefined) {
    const invocations = work.get(fn.name)?.invocations ?? Exact.zero;
    const own = /^(WARN|ERROR|CRITICAL|SILENT)$/.test(fn.logLevel) ? nothing : recorded;
    return {
      events: own.events.plus(invocations.times(3)),
      bytes: own.bytes.plus(invocations.times(shape.platformLogBytes)),
    };
  }
  const machine = infrastructure.machines.find(({ name }) => group === `/aws/vendedlogs/states/${name}`);
  return machine !== undefined && !machine.logsEverything ? nothing : recorded;
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
