import type { Construct } from "constructs";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { Alarm } from "../constructs/Alarm.ts";
import { functionMetric, type Watching } from "./watching.ts";

/** Share of a function's time-out that it may take before somebody looks. */
const nearTimeout = 0.8;

/** The functions on a payment's way. What keeps one of them from running is a part of the alarm of its stage. */
const stages = ["webhook-validator", "webhook-dedup", "fraud-detector", "workflow-claim"] as const;
type Stage = (typeof stages)[number];

/** A stage's function that Lambda doesn't let run: a part of the stage's composite alarm. */
export function throttledStage(scope: Construct, watching: Watching, lambda: Stage): Alarm {
  return new Alarm(scope, `${lambda}-throttled`, {
    ...throttled(watching, lambda),
    // Five minutes of it: a moment's is made up for by a retry.
    periodSeconds: 60,
    periods: 5,
  });
}

/** That a function comes near its time-out, and that Lambda doesn't let one run whose work can wait. */
export function watchFunctions(scope: Construct, watching: Watching): void {
  for (const lambda of Object.keys(lambdas) as LambdaName[]) {
    const { timeoutSeconds, errorImpact } = lambdas[lambda];
    const functionName = watching.names.lambda(lambda);
    new Alarm(scope, `${lambda}-slow`, {
      ...functionMetric(watching, lambda, "Duration", "p95"),
      alarmName: `${functionName}-slow`,
      section: `function-${watching.settings.name}-slow`,
      errorImpact: `None yet. When it takes longer than ${timeoutSeconds} s, it is ended: ${lowerCase(errorImpact)}`,
      firstSteps: [
        "Ask the saved query slowest: which events, of which provider, or all of them since a release?",
        "See whether DynamoDB throttles, or a provider answers slowly; go on there if so.",
        "Otherwise raise its memory, which is its CPU as well, or its time-out in config/lambdas.ts, and deploy.",
      ],
      above: nearTimeout * timeoutSeconds * 1_000,
      periodSeconds: 300,
      periods: 3,
      topic: watching.tickets,
    });
    if ((stages as readonly string[]).includes(lambda)) continue;
    new Alarm(scope, `${lambda}-throttled`, {
      ...throttled(watching, lambda),
      periodSeconds: 300,
      topic: watching.tickets,
    });
  }
}

function throttled(watching: Watching, lambda: LambdaName) {
  return {
    ...functionMetric(watching, lambda, "Throttles", "Sum"),
    alarmName: `${watching.names.lambda(lambda)}-throttled`,
    section: `function-${watching.settings.name}-throttled`,
    errorImpact: lambdas[lambda].errorImpact,
    firstSteps: [
      "See in Lambda's dashboard which function uses up the account's concurrency, and stop it if it is a mistake.",
      "If it is honest traffic, have the quota raised (Service Quotas, Lambda, Concurrent executions).",
      "Until then set reservedConcurrency in config/environments.ts for what has to run, and deploy.",
    ],
    above: 0,
  } as const;
}

function lowerCase(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}
