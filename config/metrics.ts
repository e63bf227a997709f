/**
 * Every business metric: its name, its unit, the function that tells it, the dimensions it can be looked at by, and what
 * it means. Functions publish by this table, dashboards and alarms read by it, so a metric that nobody tells or that is
 * misspelt doesn't compile. All are lines of the log in CloudWatch's embedded metric format: no call on the way of a
 * webhook.
 *
 * CloudWatch bills each combination of dimension values as a metric of its own, so dimensions are few, and their values
 * come from closed lists: never from what a sender wrote.
 */
import { decisions, paymentEventTypes, tiers } from "./events.ts";
import type { LambdaName } from "./lambdas.ts";
import { minorUnitExponents } from "./money.ts";
import { providerNames } from "./providers.ts";
import { refusalReasons } from "./refusals.ts";

/** Source of the name, and of the names with a dot: the platform that this one belongs to. */
export const metricNamespace = "ECOSYSTEMAWS/Webhooks";

/**
 * Dimensions beside `service` (the function) and `environment`, which every metric has. None is called as a metric is:
 * both stand in one line under their names.
 */
export type MetricDimension = "provider" | "reason" | "tier" | "outcome" | "type" | "currency";

/** All values that a dimension can have. */
export const dimensionValues = {
  provider: providerNames,
  reason: refusalReasons,
  tier: tiers,
  outcome: decisions,
  type: paymentEventTypes,
  currency: [...minorUnitExponents.keys()],
} as const satisfies Record<MetricDimension, readonly string[]>;

export interface MetricSpec {
  /** CloudWatch's; it has none for hours and for money, which are `None`. */
  readonly unit: "Count" | "Milliseconds" | "None";
  /** Functions that tell it: the values of their dimension `service`. */
  readonly by: readonly LambdaName[];
  /** Beside the sum over everything: each way to look at it, as the dimensions that are added. */
  readonly also: readonly (readonly MetricDimension[])[];
  /** False where there is no sum over everything: currencies don't add up. */
  readonly isSummed?: false;
  /** Ends a sentence that begins with the metric's name; dashboards and docs show it. */
  readonly meaning: string;
}

export const metrics = {
  accepted: {
    unit: "Count",
    by: ["webhook-validator"],
    also: [["provider"]],
    meaning: "events that are durable in the queue and were answered with 200",
  },
  refused: {
    unit: "Count",
    by: ["webhook-validator"],
    also: [["provider"], ["reason"]],
    meaning: "webhooks that were answered with 4xx, by the reason of the refusal",
  },
  itemRefused: {
    unit: "Count",
    by: ["webhook-validator"],
    also: [["provider"], ["reason"]],
    meaning: "items of a webhook that can't be used, while others of it were accepted",
  },
  signatureRefused: {
    unit: "Count",
    by: ["webhook-validator"],
    also: [["provider"]],
    meaning: "webhooks refused because their signature isn't the provider's: somebody guesses, or a secret was changed",
  },
  undecided: {
    unit: "Count",
    by: ["webhook-validator"],
    also: [["provider"], ["reason"]],
    meaning: "webhooks answered with 5xx, which the provider sends again",
  },
  ackLatencyMs: {
    unit: "Milliseconds",
    by: ["webhook-validator"],
    also: [["provider"]],
    meaning: "from a webhook's begin in the function until its events are durable, for accepted webhooks",
  },
  recorded: {
    unit: "Count",
    by: ["webhook-dedup"],
    also: [["provider"]],
    meaning: "events recorded for the first time",
  },
  recordedMinor: {
    unit: "None",
    by: ["webhook-dedup"],
    also: [["type", "currency"]],
    isSummed: false,
    meaning: "money in recorded events, in minor units; exact to 2^53, while the books are the archive's manifests",
  },
  duplicate: {
    unit: "Count",
    by: ["webhook-dedup"],
    also: [["provider"]],
    meaning: "deliveries of an event that was recorded before, without effect",
  },
  routed: {
    unit: "Count",
    by: ["webhook-dedup"],
    also: [["tier"]],
    meaning: "events that went their way: onto the bus, or to none where the tier is `unrouted`; replays count again",
  },
  queueWaitMs: {
    unit: "Milliseconds",
    by: ["webhook-dedup"],
    also: [],
    meaning: "from a webhook's receipt until its event was recorded and on the bus",
  },
  decision: {
    unit: "Count",
    by: ["fraud-detector"],
    also: [["outcome"], ["tier"], ["provider"]],
    meaning: "events that were scored: approved, blocked, or left to a person",
  },
  endToEndMs: {
    unit: "Milliseconds",
    by: ["fraud-detector"],
    also: [["tier"]],
    meaning: "from an event's first receipt until its score was known",
  },
  archived: {
    unit: "Count",
    by: ["transaction-archival"],
    also: [],
    meaning: "transactions written to the archive",
  },
  sealedDays: {
    unit: "Count",
    by: ["archive-seal"],
    also: [],
    meaning: "days, and addenda to days, sealed with a signed manifest",
  },
  sealedLagHours: {
    unit: "None",
    by: ["archive-seal"],
    also: [],
    meaning: "hours from a day's end until it was sealed",
  },
  sealedMinor: {
    unit: "None",
    by: ["archive-seal"],
    also: [["type", "currency"]],
    isSummed: false,
    meaning: "money in a sealed day, in minor units, told at that day's noon; CloudWatch shows it two days later",
  },
  "DecisionSweep.Finished": {
    unit: "Count",
    by: ["decision-sweep"],
    also: [],
    meaning: "1 where a sweep has looked at all that was due, and the bus took what it was given; 0 otherwise",
  },
  "DecisionSweep.Resent": {
    unit: "Count",
    by: ["decision-sweep"],
    also: [],
    meaning: "events that a sweep has put on the bus again",
  },
  "DecisionSweep.Undecided": {
    unit: "Count",
    by: ["decision-sweep"],
    also: [],
    meaning: "events still undecided after as many sweeps as an event gets: a person has to look",
  },
  "DeadLetterCopy.Finished": {
    unit: "Count",
    by: ["dead-letter-copy"],
    also: [],
    meaning: "1 where a run has seen every queue to its end, 0 otherwise",
  },
  "WebhookReconciliation.EventsChecked": {
    unit: "Count",
    by: ["webhook-reconciliation"],
    also: [],
    meaning: "events of providers that a run has compared with ours",
  },
  "WebhookReconciliation.MissedEvents": {
    unit: "Count",
    by: ["webhook-reconciliation"],
    also: [],
    meaning: "events that a provider has and that never came in",
  },
  "WebhookReconciliation.FailedEvents": {
    unit: "Count",
    by: ["webhook-reconciliation"],
    also: [],
    meaning: "events that came in and failed",
  },
  "WebhookReconciliation.SuccessfulRetries": {
    unit: "Count",
    by: ["webhook-reconciliation"],
    also: [],
    meaning: "missed or failed events that a run sent through the queue, and that are completed",
  },
  "WebhookReconciliation.Discrepancies": {
    unit: "Count",
    by: ["webhook-reconciliation"],
    also: [],
    meaning: "what a run found to differ, repaired or not",
  },
  "WebhookReconciliation.CriticalDiscrepancies": {
    unit: "Count",
    by: ["webhook-reconciliation"],
    also: [],
    meaning: "critical discrepancies that a run found, repaired or not",
  },
  "WebhookReconciliation.OpenCriticalDiscrepancies": {
    unit: "Count",
    by: ["webhook-reconciliation"],
    also: [],
    meaning: "critical discrepancies that were open when a run ended, whichever run found them",
  },
  "WebhookReconciliation.Unchecked": {
    unit: "Count",
    by: ["webhook-reconciliation"],
    also: [],
    meaning: "parts of a provider's books that a run could not compare with ours",
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof metrics;

/** Metrics that a function tells. */
export type MetricOf<Service extends LambdaName> = {
  [Name in MetricName]: Service extends (typeof metrics)[Name]["by"][number] ? Name : never;
}[MetricName];

const telling: ReadonlySet<string> = new Set(Object.values(metrics).flatMap(({ by }) => by));

/** Whether a function tells any metric, for which it has to know its environment. */
export function tellsMetrics(lambda: LambdaName): boolean {
  return telling.has(lambda);
}

/** Dimensions by which a metric can be looked at. */
export type DimensionOf<Name extends MetricName> = (typeof metrics)[Name]["also"][number][number];

export type DimensionValue<Dimension extends MetricDimension> = (typeof dimensionValues)[Dimension][number];

/** Metrics that have a sum over everything. */
export type SummedMetric = {
  [Name in MetricName]: (typeof metrics)[Name] extends { readonly isSummed: false } ? never : Name;
}[MetricName];

/** One value each of some dimensions. */
export type ValuesFor<Name extends MetricName> = {
  readonly [Dimension in DimensionOf<Name>]?: DimensionValue<Dimension>;
};

/**
 * A metric as alarms look it up in an environment: over everything, or of one value of a dimension by which it is told.
 * The environments of an account share the namespace.
 *
 * @throws Error where it isn't told by that set of dimensions, since an alarm would wait for ever
 */
export function metricIn<Name extends SummedMetric>(environment: string, metricName: Name, values?: ValuesFor<Name>) {
  const { by, also } = metrics[metricName];
  const added: Readonly<Record<string, string>> = { ...values };
  const names = Object.keys(added);
  const sets: readonly (readonly string[])[] = also;
  if (names.length > 0 && !sets.some((set) => set.length === names.length && set.every((one) => one in added))) {
    throw new Error(`Nothing tells ${metricName} by ${names.join(" and ")}: see its "also" in config/metrics.ts.`);
  }
  return { namespace: metricNamespace, metricName, dimensions: { service: by[0], environment, ...added } };
}
