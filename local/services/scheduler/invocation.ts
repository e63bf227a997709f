/** One time that a schedule goes off: the call of its target, tried again as its policy says, and its dead letter. */
import { setTimeout as wait } from "node:timers/promises";
import type { CallAws, Principal, RuntimeClock } from "../../aws/types.ts";
import { type DeliveryFailure, failureOf } from "../events/failure.ts";
import { type ExhaustedCondition, retryVerdict, retryWaitMilliseconds } from "../events/retry-policy.ts";
import { queueUrlOf } from "../events/targets.ts";
import type { ScheduleConfig } from "./config.ts";

export interface InvocationDeps {
  readonly call: CallAws;
  readonly clock: RuntimeClock;
  readonly newId: () => string;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  /** Ends waits between attempts. */
  readonly signal: AbortSignal;
  /** Told of an invocation that reached neither its target nor a dead-letter queue. */
  readonly onLost: (schedule: ScheduleConfig, reason: string) => void;
  readonly onFate?: (schedule: ScheduleConfig, fate: ScheduleFate) => void;
}

/** What came of an attempt, or of the whole invocation: `dropped` and `dead-lettered`. */
export type ScheduleFate = "attempted" | "failed" | "throttled" | "dropped" | "dead-lettered";

/** Never rejects. `scheduledTime` in epoch milliseconds. */
export async function invoke(schedule: ScheduleConfig, scheduledTime: number, deps: InvocationDeps): Promise<void> {
  const { clock, signal, random } = deps;
  const ingestedAt = clock.now();
  const executionId = deps.newId();
  for (let failed = 0; ; ) {
    try {
      const input = filledIn(schedule, { scheduledTime, executionId, attempt: failed + 1 });
      deps.onFate?.(schedule, "attempted");
      await hand(schedule, input, deps.call);
      return;
    } catch (error) {
      failed += 1;
      const failure = failureOf(error);
      deps.onFate?.(schedule, failure.code === "THROTTLING" ? "throttled" : "failed");
      const verdict = retryVerdict(schedule.target, { failed, ingestedAt, failure }, clock);
      if (verdict.kind === "give-up") {
        const input = filledIn(schedule, { scheduledTime, executionId, attempt: failed });
        deps.onFate?.(schedule, "dropped");
        return putAside(schedule, { input, failure, exhausted: verdict.exhausted, retries: failed - 1 }, deps);
      }
      const isOver = await wait(clock.scaled(retryWaitMilliseconds(failed, random())), false, { signal }).catch(
        () => true,
      );
      if (isOver) return;
    }
  }
}

/** What a target is, of those that can be played. */
export function targetKindOf(arn: string): "function" | "state-machine" | undefined {
  if (/^arn:aws:states:[\w-]*:\d*:stateMachine:/.test(arn)) return "state-machine";
  return /^arn:aws:lambda:[\w-]*:\d*:function:/.test(arn) ? "function" : undefined;
}

/** Functions are invoked asynchronously. Source: EventBridge Scheduler User Guide, "Using templated targets". */
async function hand(schedule: ScheduleConfig, input: string, call: CallAws): Promise<void> {
  const { arn } = schedule.target;
  const principal = principalOf(schedule);
  if (targetKindOf(arn) === "function") {
    await call(principal, "lambda", "Invoke", { FunctionName: arn, InvocationType: "Event", Payload: input });
  } else {
    await call(principal, "states", "StartExecution", { stateMachineArn: arn, input });
  }
}

function principalOf({ groupArn, target }: ScheduleConfig): Principal {
  return { kind: "service", service: "scheduler.amazonaws.com", sourceArn: groupArn, roleArn: target.roleArn };
}

/** Source: EventBridge Scheduler User Guide, "Adding context attributes". Times have no fractions. */
function filledIn(
  { arn, target }: ScheduleConfig,
  about: { readonly scheduledTime: number; readonly executionId: string; readonly attempt: number },
): string {
  return target.input
    .replaceAll("<aws.scheduler.schedule-arn>", arn)
    .replaceAll("<aws.scheduler.scheduled-time>", new Date(about.scheduledTime).toISOString().replace(/\.\d+Z$/, "Z"))
    .replaceAll("<aws.scheduler.execution-id>", about.executionId)
    .replaceAll("<aws.scheduler.attempt-number>", String(about.attempt));
}

/** Source: EventBridge Scheduler User Guide, "Configuring a dead-letter queue". The schedule's role sends it. */
async function putAside(
  schedule: ScheduleConfig,
  letter: {
    readonly input: string;
    readonly failure: DeliveryFailure;
    readonly exhausted: ExhaustedCondition | undefined;
    readonly retries: number;
  },
  { call, onLost, onFate }: InvocationDeps,
): Promise<void> {
  const { failure, exhausted, retries, input } = letter;
  const { deadLetterArn } = schedule.target;
  const reason = `${failure.code}, ${failure.message}`;
  if (deadLetterArn === undefined) return onLost(schedule, `${reason}; it has no dead-letter queue`);
  const attributes = {
    SCHEDULE_ARN: schedule.arn,
    TARGET_ARN: schedule.target.arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    RETRY_ATTEMPTS: String(retries),
  };
  try {
    await call(principalOf(schedule), "sqs", "SendMessage", {
      QueueUrl: queueUrlOf(deadLetterArn),
      MessageBody: input,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      ),
    });
    onFate?.(schedule, "dead-lettered");
  } catch (error) {
    onLost(schedule, `${reason}; its dead-letter queue: ${(error as Error).message}`);
  }
}
