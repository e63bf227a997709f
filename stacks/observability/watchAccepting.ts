import type { Construct } from "constructs";
import { providerNames } from "../../config/providers.ts";
import type { RefusalReason } from "../../config/refusals.ts";
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
/** Per cent of webhooks whose signature may be wrong: there is always somebody who tries. */
const refusedPercent = 5;
/** Webhooks in a stretch of time after which none at all in the next one is no chance: less than 1 in 20,000 (Poisson). */
const noChance = 10;
/** Webhooks of a provider in an hour that are refused from which on it isn't a single one that is odd. */
const refusedOfOne = 3;
/** Per cent of a provider's webhooks that may be refused: of a small one, those of others weigh more. */
const refusedPercentOfOne = 50;
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

/**
 * That webhooks wait for a secret of ours. A secret without a value is what providers have that aren't used here, and
 * whoever finds the address can ask for one: that needs to be often, while a value that can't be used is somebody's slip.
 */
export function watchSecrets(scope: Construct, watching: Watching): void {
  const without = (reason: RefusalReason) => businessMetric(watching, "undecided", "Sum", { reason });
  new MathAlarm(scope, "secrets-unusable", {
    alarmName: `${watching.names.restApi}-secrets-unusable`,
    errorImpact:
      "A provider's webhooks are answered 503 until its secret is there; it sends them again for hours or days.",
    firstSteps: [
      "Ask the saved query undecided-reasons: which provider, and which code?",
      "See what it has: npm run cli -- secrets list. Put what is missing or wrong: npm run cli -- secrets add.",
      "If nobody uses that provider, somebody tries addresses: nothing is lost.",
    ],
    metrics: {
      missing: without("secret_missing"),
      misconfigured: without("secret_misconfigured"),
      ended: without("secret_not_live"),
    },
    expression: `${filled("misconfigured")} + ${filled("ended")} + IF(${filled("missing")} >= ${enough}, missing, 0)`,
    label: "webhooks that wait for a secret",
    above: 0,
    periodSeconds: 900,
    topic: watching.tickets,
  });
}

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

/** What may be an attack or a secret that was changed on one side: it can be brought about from outside, so it doesn't page. */
export function watchSignatures(scope: Construct, watching: Watching): void {
  new MathAlarm(scope, "signatures-refused", {
    alarmName: `${watching.names.restApi}-signatures-refused`,
    errorImpact:
      "Webhooks are refused for their signature. If a secret was changed, one provider's payments are missing.",
    firstSteps: [
      "Ask the saved query refusal-reasons: which provider, and how many beside those that it had accepted?",
      "If all of a provider's are refused, its secret was changed: put the new one with npm run cli -- secrets add.",
      "If others of it are accepted, somebody guesses: nothing is lost, and webFirewall blocks their address.",
    ],
    metrics: {
      refused: businessMetric(watching, "signatureRefused", "Sum"),
      accepted: businessMetric(watching, "accepted", "Sum"),
    },
    expression: `IF(refused >= ${enough}, 100 * refused / (refused + FILL(accepted, 0)), 0)`,
    label: "per cent of webhooks refused for their signature",
    above: refusedPercent,
    periodSeconds: 300,
    topic: watching.tickets,
  });
}

/**
 * Of each provider whether most of its webhooks are refused, for whatever reason. A small provider's are lost in the share
 * of all, though a changed secret or a new version of its API may refuse every one of them.
 */
export function watchProviders(scope: Construct, watching: Watching): void {
  const { names, tickets } = watching;
  for (const provider of providerNames) {
    new MathAlarm(scope, `${provider}-refused`, {
      alarmName: `${names.restApi}-${provider}-refused`,
      section: `${names.restApi}-provider-refused`,
      errorImpact: `Most webhooks of ${provider} are refused: if they are genuine, its payments are missing.`,
      firstSteps: [
        `Ask the saved query refusal-reasons for ${provider}: is it the signature, or what the webhooks say?`,
        "If it is the signature, compare the secret with the provider's: npm run cli -- secrets list, then secrets add.",
        "If it is the body, see what its API's newest version changes, and have it send again what was refused.",
      ],
      metrics: {
        refused: businessMetric(watching, "refused", "Sum", { provider }),
        accepted: businessMetric(watching, "accepted", "Sum", { provider }),
      },
      expression: `IF(refused >= ${refusedOfOne}, 100 * refused / (refused + ${filled("accepted")}), 0)`,
      label: "per cent of webhooks refused",
      above: refusedPercentOfOne,
      periodSeconds: 60 * 60,
      topic: tickets,
    });
  }
}
