/** What a state machine did with an event: the steps of an execution, from its history or its log. */
import type { CallAws } from "../../aws/types.ts";
import { operator, parsedLine } from "../flow/log-tail.ts";

/** One event of a history, without inputs and outputs. */
export interface Step {
  readonly at: number;
  /** Step Functions' word: TaskStateEntered, LambdaFunctionFailed, … */
  readonly type: string;
  /** Name of the state, where the step is about one. */
  readonly state?: string;
  readonly error?: string;
}

/** Steps in order; empty where nobody knows the execution any more. */
export async function stepsOf(call: CallAws, arn: string, logGroup: string): Promise<readonly Step[]> {
  const isExpress = arn.split(":")[5] === "express";
  try {
    return isExpress ? await loggedSteps(call, arn, logGroup) : await recordedSteps(call, arn);
  } catch (error) {
    // Forgotten by a runtime that kept nothing on disk, or by one that has seen 20,000 since.
    if (error instanceof Error && /DoesNotExist|ResourceNotFound/.test(error.name)) return [];
    throw error;
  }
}

async function recordedSteps(call: CallAws, executionArn: string): Promise<readonly Step[]> {
  const steps: Step[] = [];
  let nextToken: unknown;
  do {
    const answer = await call(operator, "states", "GetExecutionHistory", {
      executionArn,
      maxResults: 1_000,
      includeExecutionData: false,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    for (const event of answer.events as readonly Record<string, unknown>[]) {
      const details = Object.entries(event).find(([name]) => name.endsWith("EventDetails"))?.[1];
      const at = (event.timestamp as Date).getTime();
      steps.push(stepOf(at, String(event.type), (details ?? {}) as Record<string, unknown>));
    }
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return steps;
}

/** Express executions have no history but what they log. */
async function loggedSteps(call: CallAws, arn: string, logGroupName: string): Promise<readonly Step[]> {
  const { events } = await call(operator, "logs", "FilterLogEvents", {
    logGroupName,
    filterPattern: `{ $.execution_arn = "${arn}" }`,
  });
  return (events as readonly { readonly message: string }[]).flatMap(({ message }) => {
    const line = parsedLine(message);
    if (line === undefined) return [];
    return [stepOf(Number(line.event_timestamp), String(line.type), (line.details ?? {}) as Record<string, unknown>)];
  });
}

function stepOf(at: number, type: string, { name, error }: Readonly<Record<string, unknown>>): Step {
  return {
    at,
    type,
    ...(typeof name === "string" && { state: name }),
    ...(typeof error === "string" && { error }),
  };
}
