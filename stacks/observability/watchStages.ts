import type { Construct } from "constructs";
import { Alarm } from "../constructs/Alarm.ts";
import { CompositeAlarm } from "../constructs/CompositeAlarm.ts";
import { MathAlarm } from "../constructs/MathAlarm.ts";
import { filled, growth, unanswered } from "../constructs/metricMath.ts";
import { enough } from "./watchAccepting.ts";
import { throttledStage } from "./watchFunctions.ts";
import { businessMetric, queueMetric, type Watching } from "./watching.ts";

/**
 * Age from which on a queue's messages are late, in seconds. SQS leaves a message out of the age once it was received
 * three times, which takes 4.5 minutes: so a single message that can't succeed doesn't page, and where none succeeds,
 * dead letters do. Source: SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS".
 */
const tooOldSeconds = 300;
/** Dead letters that come to a stage in half an hour from which on it isn't a single event that fails. */
const deadLettersOfAnOutage = 10;
const halfAnHourSeconds = 30 * 60;
/** Events without what should become of them from which on it isn't a single one that is odd. */
const eventsOfAnOutage = 2;
/** Time from an event's receipt to its score that 95 of 100 may take. */
const decisionMs = 5 * 60 * 1_000;

/** That what was accepted isn't recorded. Pages once, whatever of it is noticed. */
export function watchRecording(scope: Construct, watching: Watching): CompositeAlarm {
  const { names, pages } = watching;
  return new CompositeAlarm(scope, "not-recording", {
    alarmName: `${names.restApi}-not-recording`,
    errorImpact: "Accepted webhooks are not recorded: payments are missing, and none is lost. They wait in queues.",
    firstSteps: [
      "Ask the saved query errors: what does webhook-dedup fail at, and since when?",
      "If it began with a release, deploy the one before it. If DynamoDB or a key is at fault, go by their alarms.",
      "When the queue is empty again, send dead letters through: npm run cli -- dlq redrive webhook-events-dlq.",
    ],
    anyOf: [
      tooOld(scope, "webhook-events", {
        queueName: names.queues.webhookEvents,
        errorImpact: "Accepted webhooks are recorded minutes late.",
      }),
      deadLetters(scope, watching, "recording", ["webhook-events", "payment-events"]),
      nothingRecorded(scope, watching),
      throttledStage(scope, watching, "webhook-dedup"),
    ],
    topic: pages,
  });
}

/** That what was recorded isn't decided. Pages once, and not where recording is the trouble. */
export function watchDeciding(scope: Construct, watching: Watching, recording: CompositeAlarm): CompositeAlarm {
  const { names, pages } = watching;
  return new CompositeAlarm(scope, "not-deciding", {
    alarmName: `${names.restApi}-not-deciding`,
    errorImpact: "Recorded payments stay without a fraud decision, or get it late; goods may be held back for them.",
    firstSteps: [
      "Ask the saved queries errors and failed-executions: which function, which state, since when?",
      "If it began with a release, deploy the one before it. Otherwise mend what the lines name.",
      "Send dead letters through: npm run cli -- dlq list, then dlq redrive. decision-sweep finds the rest by itself.",
    ],
    anyOf: [
      tooOld(scope, "low-value-batch", {
        queueName: names.queues.lowValueBatch,
        errorImpact: "Small payments are decided minutes late.",
      }),
      slowDecisions(scope, watching),
      undecidedTier(scope, watching),
      deadLetters(scope, watching, "deciding", [
        "low-value-batch",
        "low-value-to-low-value-batch",
        "medium-value-to-transaction-workflow",
        "high-value-to-high-value-review",
      ]),
      throttledStage(scope, watching, "fraud-detector"),
      throttledStage(scope, watching, "workflow-claim"),
    ],
    quietWhile: recording,
    topic: pages,
  });
}

function tooOld(scope: Construct, base: string, about: { readonly queueName: string; readonly errorImpact: string }) {
  const { queueName, errorImpact } = about;
  return new Alarm(scope, `${base}-too-old`, {
    ...queueMetric(queueName, "ApproximateAgeOfOldestMessage"),
    alarmName: `${queueName}-too-old`,
    errorImpact,
    firstSteps: [
      "See whether its function fails, is throttled or is slow: the saved queries errors and slowest.",
      "If it works and more comes than it takes, raise maximumConcurrency in config/environments.ts and deploy.",
      "Wait until it is worked off. Messages are kept 14 days from their first send.",
    ],
    above: tooOldSeconds,
    periodSeconds: 60,
    periods: 3,
  });
}

/**
 * What has come to a stage's dead-letter queues within half an hour. What lies there since then, days maybe, must neither
 * ring like an outage nor keep the alarm of the next one quiet. The first letter in each queue has an alarm of its own,
 * which doesn't page and rings until the queue is empty.
 *
 * SQS counts no letters that it moves itself as sent, so it goes by how many more are there than in the half hour before.
 * Source: SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS", NumberOfMessagesSent.
 */
function deadLetters(scope: Construct, { names }: Watching, stage: "recording" | "deciding", bases: readonly string[]) {
  const own = bases.map((base) => names.dlq(base));
  const queueNames = stage === "deciding" ? [...own, names.queues.workflowFailed] : own;
  const ids = queueNames.map((_, index) => `letters${index + 1}`);
  return new MathAlarm(scope, `${stage}-dead-letters`, {
    alarmName: `${names.restApi}-${stage}-dead-letters`,
    errorImpact: `More than ${deadLettersOfAnOutage} events failed for good in half an hour of ${stage}: not one that is odd.`,
    firstSteps: [
      "See how many wait where, and why: npm run cli -- dlq list, then dlq show.",
      "Mend what most of them name, or go back a release.",
      "Send them through again: npm run cli -- dlq redrive. It is over when no more come, gone or not.",
    ],
    metrics: Object.fromEntries(
      queueNames.map((name, index) => [ids[index], queueMetric(name, "ApproximateNumberOfMessagesVisible")]),
    ),
    // A queue that nobody has used for six hours tells nothing at all. Each by itself: one may be redriven meanwhile.
    expression: ids.map((id) => growth(filled(id))).join(" + "),
    label: "dead letters that came in",
    above: deadLettersOfAnOutage,
    periodSeconds: halfAnHourSeconds,
  });
}

function slowDecisions(scope: Construct, watching: Watching): MathAlarm {
  return new MathAlarm(scope, "slow-decisions", {
    alarmName: `${watching.names.restApi}-slow-decisions`,
    errorImpact: `5 of 100 payments are scored later than ${decisionMs / 60_000} minutes after their webhook.`,
    firstSteps: [
      "See in the dashboard transaction-metrics where they wait: in webhook-events, in low-value-batch, or in a workflow.",
      "Look at that stage's function: the saved queries errors and slowest.",
      "If a provider makes up for an outage, wait: events keep the time at which they were received.",
    ],
    metrics: {
      late: businessMetric(watching, "endToEndMs", "p95"),
      scored: businessMetric(watching, "endToEndMs", "SampleCount"),
    },
    expression: `IF(scored >= ${enough}, late, 0)`,
    label: "milliseconds from receipt to score, p95",
    above: decisionMs,
    periodSeconds: 300,
    periods: 2,
  });
}

/** That of what is accepted nothing gets through, however little it is: too little for an age or for many dead letters. */
function nothingRecorded(scope: Construct, watching: Watching): MathAlarm {
  return new MathAlarm(scope, "nothing-recorded", {
    alarmName: `${watching.names.restApi}-nothing-recorded`,
    errorImpact: "For half an hour and longer nothing of what was accepted is recorded: all payments are missing.",
    firstSteps: [
      "Ask the saved query errors: what does webhook-dedup fail at, and since when?",
      "If there are none, see whether it is called at all: its event source mapping, and the key of the queue.",
      "When it is mended, send dead letters through: npm run cli -- dlq redrive webhook-events-dlq.",
    ],
    metrics: {
      accepted: businessMetric(watching, "accepted", "Sum"),
      recorded: businessMetric(watching, "recorded", "Sum"),
      duplicate: businessMetric(watching, "duplicate", "Sum"),
    },
    expression: unanswered(filled("accepted"), `(${filled("recorded")} + ${filled("duplicate")})`, eventsOfAnOutage),
    label: "events accepted while none was recorded",
    above: 0,
    periodSeconds: halfAnHourSeconds,
  });
}

/** That a tier has no decisions at all, as where a rule of the bus is gone: the times of others say nothing of it. */
function undecidedTier(scope: Construct, watching: Watching): MathAlarm {
  const decided = ["low", "medium", "high"] as const;
  return new MathAlarm(scope, "tier-undecided", {
    alarmName: `${watching.names.restApi}-tier-undecided`,
    errorImpact: "For half an hour and longer no payment of a tier was scored: goods may be held back for all of them.",
    firstSteps: [
      "See in the dashboard transaction-metrics which tier is routed and not decided.",
      "See that its rule on the bus is there and enabled, and deploy the stack pipeline again if it isn't.",
      "Let decision-sweep find what got lost, within the hour, or send it again by npm run cli -- replay.",
    ],
    metrics: Object.fromEntries(
      decided.flatMap((tier) => [
        [`routed_${tier}`, businessMetric(watching, "routed", "Sum", { tier })],
        [`decided_${tier}`, businessMetric(watching, "decision", "Sum", { tier })],
      ]),
    ),
    expression: decided
      .map((tier) => unanswered(filled(`routed_${tier}`), filled(`decided_${tier}`), eventsOfAnOutage))
      .join(" + "),
    label: "events of tiers without a decision",
    above: 0,
    periodSeconds: halfAnHourSeconds,
  });
}
