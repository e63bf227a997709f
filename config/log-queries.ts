/**
 * Questions that are asked of the logs again and again, in the language of CloudWatch Logs Insights. Each is saved in
 * CloudWatch for every environment (stacks/ObservabilityStack.ts), and the CLI asks it by the same name.
 *
 * Source of the language: CloudWatch Logs User Guide, "CloudWatch Logs Insights query syntax".
 */
import { type LambdaName, lambdas } from "./lambdas.ts";
import type { Names } from "./names.ts";

/** Whose lines a query reads: of one function, or of all of a kind. */
type LogSource = LambdaName | "functions" | "state-machines" | "bus" | "api";

/** Words of a query's text that stand for what is asked about, and what to put there. */
export const logQueryParameters = {
  EVENT_ID: "the event's id, such as stripe:evt_123",
  CUSTOMER_ID: "the customer's id as the provider writes it, such as cus_123",
} as const satisfies Record<string, string>;

export type LogQueryParameter = keyof typeof logQueryParameters;

export interface LogQuery {
  readonly description: string;
  readonly sources: readonly LogSource[];
  /** Its commands, in their order; they are joined by `|`. */
  readonly commands: readonly string[];
  /** The words of the commands that have to be replaced before it is asked. */
  readonly parameters: readonly LogQueryParameter[];
}

/** By name, without the environment. */
export const logQueries = {
  "one-event": {
    description: "Every line about one event, in order of time: functions, bus and state machines.",
    sources: ["functions", "bus", "state-machines"],
    commands: [
      "fields @timestamp, @log, service, message, outcome, code, decision, ms, @message",
      // Not another event's id that begins alike; in a line of a state machine JSON is a text in JSON.
      String.raw`filter @message like /["#]EVENT_ID\\?"/`,
      "sort @timestamp asc",
      "limit 1000",
    ],
    parameters: ["EVENT_ID"],
  },
  "refusal-reasons": {
    description: "Why webhooks were answered 4xx, the commonest reasons first.",
    sources: ["webhook-validator"],
    commands: [
      'filter message = "request refused"',
      "stats count(*) as refused by code, provider, status",
      "sort refused desc",
      "limit 50",
    ],
    parameters: [],
  },
  "undecided-reasons": {
    description: "Why webhooks were answered 5xx, the commonest reasons first. Providers send these again.",
    sources: ["webhook-validator"],
    commands: [
      'filter message = "request not decided"',
      "stats count(*) as undecided by code, provider, status",
      "sort undecided desc",
      "limit 50",
    ],
    parameters: [],
  },
  slowest: {
    description: "The slowest requests and records of all functions, by milliseconds.",
    sources: ["functions"],
    commands: [
      "fields @timestamp, service, provider, eventId, outcome, ms",
      "filter ms > 0",
      "sort ms desc",
      "limit 50",
    ],
    parameters: [],
  },
  "latency-per-provider": {
    description: "Milliseconds from an accepted webhook's arrival to its answer, by provider.",
    sources: ["webhook-validator"],
    commands: [
      'filter outcome = "accepted"',
      "stats count(*) as accepted, pct(ms, 50) as p50, pct(ms, 95) as p95, pct(ms, 99) as p99, max(ms) as slowest by provider",
      "sort p95 desc",
    ],
    parameters: [],
  },
  "per-customer": {
    description: "Which customers have the most events on the bus, and what they come to in US dollars for routing.",
    sources: ["bus"],
    commands: [
      "stats count(*) as events, sum(detail.routingAmountUsd) as routingAmountUsd by detail.provider, detail.customerId",
      "sort events desc",
      "limit 50",
    ],
    parameters: [],
  },
  "one-customer": {
    description: "The events of one customer on the bus, newest first.",
    sources: ["bus"],
    commands: [
      "fields @timestamp, detail.eventId, detail.type, detail.amountMinor, detail.currency, detail.routingAmountUsd",
      'filter detail.customerId = "CUSTOMER_ID"',
      "sort @timestamp desc",
      "limit 200",
    ],
    parameters: ["CUSTOMER_ID"],
  },
  errors: {
    description: "What failed in which function, the commonest first.",
    sources: ["functions"],
    commands: [
      'filter level = "ERROR"',
      "stats count(*) as lines, max(@timestamp) as latestMs by service, code, error.name, error.code",
      // An aggregate of times is a number of milliseconds, which nobody can read.
      "fields fromMillis(latestMs) as latest",
      "display service, code, error.name, error.code, lines, latest",
      "sort lines desc",
      "limit 50",
    ],
    parameters: [],
  },
  "dead-letters": {
    description: "Records that functions gave up at once, with the reason, newest first.",
    sources: ["functions"],
    commands: [
      "fields @timestamp, service, provider, eventId, code, messageId",
      'filter outcome = "dead-lettered"',
      "sort @timestamp desc",
      "limit 100",
    ],
    parameters: [],
  },
  "failed-executions": {
    description: "Executions and tasks of state machines that failed, timed out or were stopped, newest first.",
    sources: ["state-machines"],
    commands: [
      "fields @timestamp, type, details.error, details.cause, execution_arn",
      "filter type like /Failed$|TimedOut$|Aborted$/",
      "sort @timestamp desc",
      "limit 100",
    ],
    parameters: [],
  },
} as const satisfies Record<string, LogQuery>;

export type LogQueryName = keyof typeof logQueries;

/** The text of a query, as Logs Insights takes it. Words that stand for something are still in it. */
export function logQueryText({ commands }: LogQuery): string {
  return commands.join("\n| ");
}

/** The log groups that a query reads in the environment of the names, each once. */
export function logGroupsOf({ sources }: LogQuery, names: Names): readonly string[] {
  return [...new Set(sources.flatMap((source) => groupsOf(source, names)))];
}

function groupsOf(source: LogSource, names: Names): readonly string[] {
  switch (source) {
    case "functions":
      return (Object.keys(lambdas) as LambdaName[]).map((lambda) => names.logGroups.lambda(lambda));
    case "state-machines":
      return Object.values(names.stateMachines).map((machine) => names.logGroups.stateMachine(machine));
    case "bus":
      return [names.logGroups.bus];
    case "api":
      return [names.logGroups.api];
    default:
      return [names.logGroups.lambda(source)];
  }
}
