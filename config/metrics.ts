/**
 * Every business metric: its name, its unit, the function that tells it, the dimensions it can be looked at by, and what
 * it means. Functions publish by this table, dashboards and alarms read by it, so a metric that nobody tells or that is
 * misspelt doesn't compile. All are lines of the log in CloudWatch's embedded metric format: no call on the way of a
 * webhook.
 *
 * CloudWatch bills each combination of dimension values as a metric of its own, so dimensions are few, and their values
 * come from closed lists: never from what a sender wrote.
 */
import type { LambdaName } from "./lambdas.ts";

/** Source of the name: the platform that this one belongs to. */
export const metricNamespace = "ECOSYSTEMAWS/Webhooks";

/** Dimensions beside `service` (the function) and `environment`, which every metric has. */
export type MetricDimension = "provider" | "reason" | "tier" | "decision" | "type" | "currency";

export interface MetricSpec {
  /** CloudWatch's; it has none for hours and for money, which are `None`. */
  readonly unit: "Count" | "Milliseconds" | "None";
  /** Functions that tell it: the values of their dimension `service`. */
  readonly by: readonly LambdaName[];
  /** Beside the sum over everything: each way to look at it, as the dimensions that are added. */
  readonly also: readonly (readonly MetricDimension[])[];
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
    meaning: "webhooks that were answered with 4xx, by the code of the refusal",
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
    meaning: "from the function's begin to its answer, for accepted webhooks",
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
    meaning: "events put on the bus, by tier",
  },
  queueWaitMs: {
    unit: "Milliseconds",
    by: ["webhook-dedup"],
    also: [],
    meaning: "from an event's receipt until it was recorded",
  },
  decision: {
    unit: "Count",
    by: ["fraud-detector"],
    also: [["decision"], ["tier"], ["provider"]],
    meaning: "events that were scored: approved, blocked, or left to a person",
  },
  endToEndMs: {
    unit: "Milliseconds",
    by: ["fraud-detector"],
    also: [["tier"]],
    meaning: "from an event's receipt until its score was known",
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
    meaning: "money in a sealed day, in minor units, told at that day's noon",
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof metrics;
