import type { Construct } from "constructs";
import { CompositeAlarm } from "../constructs/CompositeAlarm.ts";
import type { LogGroup } from "../constructs/LogGroup.ts";
import { LogLinesAlarm } from "../constructs/LogLinesAlarm.ts";
import { MathAlarm } from "../constructs/MathAlarm.ts";
import { before, filled } from "../constructs/metricMath.ts";
import { throttledStage } from "./watchFunctions.ts";
import { apiMetric, businessMetric, type Watching } from "./watching.ts";

/** Requests in five minutes from which on a share or a percentile of them means something. */
export const enough = 20;
/** Per cent of requests that may be answered 5xx. Source: the alert levels of the checkout API. */
const errorPercent = 1;
/** Such answers in five minutes from which on it isn't a single request that is odd. */
const errorsOfAnOutage = 5;
/** Milliseconds that 95 of 100 answers may take at the most. Source: as above. */
const latencyMs = 1_000;
/** Webhooks in a stretch of time after which none at all in the next one is no chance: less than 1 in 20,000 (Poisson). */
const noChance = 10;
/** Requests in five minutes that may be throttled: a burst of a second beside the limit. */
const throttledRequests = 50;

const errorImpact =
  "Providers' webhooks are not accepted, or too slowly: they send again, and payments are recorded late.";

/** That providers can't hand over their webhooks. Pages once, whatever of it is noticed. */
export function watchAccepting(scope: Construct, watching: Watching, accessLogs: LogGroup): CompositeAlarm {
  const { names, settings, pages } = watching;
  const parts = [
    errorRate(scope, watching),
    latency(scope, watching),
    throttled(scope, watching, accessLogs),
    throttledStage(scope, watching, "webhook-validator"),
    ...(settings.trafficAlarms === undefined ? [] : [quiet(scope, watching, settings.trafficAlarms.quietMinutes)]),
  ];
  return new CompositeAlarm(scope, "not-accepting", {
    alarmName: `${names.restApi}-not-accepting`,
    errorImpact,
    firstSteps: [
      "See which parts of this alarm ring; the dashboard transaction-metrics has them side by side.",
      "If it began with a release, deploy the one before it: providers send again what they could not hand over.",
      "Otherwise go by the section of the part that rings: error-rate before slow-answers before the others.",
    ],
    anyOf: parts,
    topic: pages,
  });
}

/**
 * Answers of 503 for a provider without a usable secret don't count: everybody can ask for them, by one request, and they
 * say nothing of the other providers. In two periods, since the API's metrics may be there before the function's are.
 */
function errorRate(scope: Construct, watching: Watching): MathAlarm {
  return new MathAlarm(scope, "error-rate", {
    alarmName: `${watching.names.restApi}-error-rate`,
    errorImpact: `More than ${errorPercent} % of webhooks are answered 5xx; their providers send them again later.`,
    firstSteps: [
      "Ask the saved query undecided-reasons: a code of a secret, of the queue, or of one provider's API?",
      "If there are no such lines, look for level ERROR in the log group of webhook-validator: it doesn't start.",
      "Wait for AWS (health.aws.amazon.com) if it is AWS's code, and go back a release if it began with one.",
    ],
    metrics: {
      failures: apiMetric(watching, "5XXError", "Sum"),
      requests: apiMetric(watching, "Count", "Sum"),
      missing: businessMetric(watching, "undecided", "Sum", { reason: "secret_missing" }),
      misconfigured: businessMetric(watching, "undecided", "Sum", { reason: "secret_misconfigured" }),
    },
    expression: `IF(requests >= ${enough} AND ${errors} >= ${errorsOfAnOutage}, 100 * ${errors} / requests, 0)`,
    label: "per cent of requests answered 5xx",
    above: errorPercent,
    periodSeconds: 300,
    periods: 2,
  });
}

/** Of the ids of `errorRate`. */
const errors = `(failures - ${filled("missing")} - ${filled("misconfigured")})`;

function latency(scope: Construct, watching: Watching): MathAlarm {
  return new MathAlarm(scope, "slow-answers", {
    alarmName: `${watching.names.restApi}-slow-answers`,
    errorImpact: `5 of 100 webhooks wait longer than ${latencyMs} ms; providers with short time-outs send them again.`,
    firstSteps: [
      "Ask the saved query latency-per-provider: if one is slow, its certificates or its API are fetched slowly.",
      "If all are slow, look at cold starts and at the latencies of SQS and Secrets Manager in the traces (group slow).",
      "Keep more environments warm: provisionedConcurrency of webhook-validator in config/environments.ts.",
    ],
    metrics: { slow: apiMetric(watching, "Latency", "p95"), requests: apiMetric(watching, "Count", "Sum") },
    expression: `IF(requests >= ${enough}, slow, 0)`,
    label: "milliseconds, p95",
    above: latencyMs,
    periodSeconds: 300,
    periods: 2,
  });
}

/** By the access log: our answer to too much is 503 (WEBHOOK_RULES 4), so no metric of API Gateway's tells it apart. */
function throttled(scope: Construct, watching: Watching, accessLogs: LogGroup): LogLinesAlarm {
  return new LogLinesAlarm(scope, "throttled", {
    alarmName: `${watching.names.restApi}-throttled`,
    errorImpact: "The API takes no more at a time: providers get 503 and send again, so payments are recorded late.",
    firstSteps: [
      "See in the dashboard transaction-metrics whose webhooks they are, and whether a provider makes up for an outage.",
      "If they are honest, raise throttling in config/environments.ts and deploy; the account's limit is 10,000 a second.",
      "If somebody floods the API, set or lower webFirewall there: it blocks single addresses.",
    ],
    logGroup: accessLogs,
    pattern: '{ $.responseType = "THROTTLED" }',
    above: throttledRequests,
    periodSeconds: 300,
    periods: 2,
  });
}

/**
 * That webhooks stop. It takes so many just before that none at all is no chance: neither a new environment rings, nor a
 * quiet night. It is over after as long again, since there is nothing left to compare with.
 */
function quiet(scope: Construct, watching: Watching, minutes: number): MathAlarm {
  const accepted = filled("accepted");
  return new MathAlarm(scope, "quiet", {
    alarmName: `${watching.names.restApi}-quiet`,
    errorImpact: `No webhook was accepted for ${minutes} minutes: payments are not recorded until providers send again.`,
    firstSteps: [
      "Look at one provider's dashboard: does it send, to which address, and what is it answered?",
      "Send one yourself: npm run cli -- send, to the URL that its dashboard has. A 404 or no answer is ours.",
      "Mend DNS, certificate or release. When webhooks come again, let npm run cli -- reconcile run find what is missing.",
    ],
    metrics: { accepted: businessMetric(watching, "accepted", "Sum") },
    expression: `IF(${accepted} == 0 AND ${before(accepted)} >= ${noChance}, 1, 0)`,
    label: "1 where webhooks have stopped",
    above: 0,
    periodSeconds: minutes * 60,
  });
}
