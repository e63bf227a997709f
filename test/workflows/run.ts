/** Runs a workflow file in memory, with fakes for the tasks. */
import { StateMachine, type StateMachineDefinition } from "aws-local-stepfunctions";
import type { PaymentEvent } from "../../config/events.ts";
import { type Json, workflowDefinition } from "../../stacks/constructs/workflowDefinition.ts";
import highValueReview from "../../workflows/high-value-review.asl.json" with { type: "json" };
import transactionWorkflow from "../../workflows/transaction-workflow.asl.json" with { type: "json" };

const substitutions = {
  workflowClaimArn: "arn:aws:lambda:us-east-1:000000000000:function:workflow-claim-test",
  fraudDetectorArn: "arn:aws:lambda:us-east-1:000000000000:function:fraud-detector-test",
  processedWebhooksTable: "processed-webhooks-test",
  transactionsTable: "transactions-test",
  transactionAlertsArn: "arn:aws:sns:us-east-1:000000000000:transaction-alerts-test",
  workflowFailedQueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/workflow-failed-test",
};

function definitionOf(template: Json, more: Readonly<Record<string, number>> = {}): StateMachineDefinition {
  return JSON.parse(workflowDefinition(template, { ...substitutions, ...more })) as StateMachineDefinition;
}

/** The workflows as Step Functions gets them. */
export const workflows = {
  "transaction-workflow": definitionOf(transactionWorkflow),
  "high-value-review": definitionOf(highValueReview, { reviewTimeoutSeconds: 86_400 }),
} as const;

export type WorkflowName = keyof typeof workflows;

const context = {
  Execution: { Id: "execution-1", StartTime: "2026-11-20T10:00:00.000Z" },
  State: { EnteredTime: "2026-11-20T10:00:01.000Z" },
  Task: { Token: "token-1" },
};

/** Has no optional field that a routed event may lack. */
export const event: PaymentEvent = {
  eventId: "stripe:evt_1",
  transactionId: "stripe:pi_1",
  provider: "stripe",
  type: "payment.succeeded",
  providerType: "payment_intent.succeeded",
  amountMinor: "12345678901234567890123",
  currency: "USD",
  routingAmountUsd: 5_000,
  signals: {},
  occurredAt: "2026-11-20T09:59:58.000Z",
  receivedAt: "2026-11-20T09:59:59.000Z",
  correlationId: "correlation-1",
};

/** An error as Step Functions names it. */
export class TaskError extends Error {
  constructor(name: string) {
    super(`${name} happened`);
    this.name = name;
  }
}

export const conditionFailed = () => {
  throw new TaskError("DynamoDB.ConditionalCheckFailedException");
};

/** A task's fake: gets the task's parameters and how often the state ran before. */
export type TaskFake = (input: Record<string, unknown>, earlierRuns: number) => unknown;

export function scored(decision: string): TaskFake {
  return () => ({
    Payload: {
      eventId: event.eventId,
      score: 0.25,
      decision,
      reasons: [{ code: "NEW_CUSTOMER", weight: 0.25, detail: "first payment" }],
      modelVersion: "test-1",
    },
  });
}

export const claimed: TaskFake = () => ({ Payload: { status: "claimed", lockToken: "lock-1" } });

export interface Run {
  /** Names of the task states that ran, in order, with the parameters that they had. */
  readonly calls: readonly { readonly state: string; readonly input: Record<string, unknown> }[];
  /** Name of the state that the execution ended in. */
  readonly end: string | undefined;
  readonly failed: boolean;
}

/** Runs a workflow to its end, without waiting between retries. Tasks without a fake succeed with `{}`. */
export async function run(workflow: WorkflowName, fakes: Readonly<Record<string, TaskFake>>): Promise<Run> {
  const calls: { state: string; input: Record<string, unknown> }[] = [];
  const tasks = taskNames(workflows[workflow]);
  const handler = (state: string) => (input: unknown) => {
    const earlierRuns = calls.filter((call) => call.state === state).length;
    calls.push({ state, input: input as Record<string, unknown> });
    return (fakes[state]?.(input as Record<string, unknown>, earlierRuns) ?? {}) as Record<string, never>;
  };
  const machine = new StateMachine(workflows[workflow], { validationOptions: { noValidate: true } });
  const execution = machine.run(JSON.parse(JSON.stringify(event)), {
    context,
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(tasks.map((state) => [state, handler(state)])),
      retryIntervalOverrides: Object.fromEntries(tasks.map((state) => [state, 0])),
    },
  });
  const failed = await execution.result.then(
    () => false,
    () => true,
  );
  let end: string | undefined;
  for await (const log of execution.eventLogs) {
    if (log.type === "StateEntered") end = log.state.name;
  }
  return { calls, end, failed };
}

/** Names of all task states, those of parallel branches too. */
export function taskNames(definition: Pick<StateMachineDefinition, "States">): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    if (state.Type === "Parallel") return state.Branches.flatMap(taskNames);
    return state.Type === "Task" ? [name] : [];
  });
}

/** Names of the states that ran tasks, in order. */
export function statesOf({ calls }: Run): string[] {
  return calls.map(({ state }) => state);
}
