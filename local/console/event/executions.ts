/** The executions that an event began, each as a graph with its path. */

import type { CallAws } from "../../aws/types.ts";
import type { Execution, Moment } from "../answers.ts";
import { operator } from "../flow/log-tail.ts";
import { type AslMachine, graphOf, pathOf } from "./graph.ts";
import { type Step, stepsOf } from "./history.ts";

/** ARNs that the workflow's claim and the log lines name, the newest first. */
export function executionArns(owner: string | undefined, lines: readonly Moment[]): readonly string[] {
  const named = lines.flatMap(({ fields }) => (typeof fields.executionId === "string" ? [fields.executionId] : []));
  return [...new Set([...(owner === undefined ? [] : [owner]), ...named.reverse()])].filter((arn) =>
    arn.startsWith("arn:"),
  );
}

export async function executionOf(call: CallAws, arn: string): Promise<Execution | undefined> {
  const [, partition, , region, account, kind, machine = ""] = arn.split(":");
  const stateMachineArn = `arn:${partition}:states:${region}:${account}:stateMachine:${machine}`;
  const [steps, described] = await Promise.all([
    stepsOf(call, arn, `/aws/vendedlogs/states/${machine}`),
    call(operator, "states", "DescribeStateMachine", { stateMachineArn }),
  ]);
  const [first] = steps;
  if (first === undefined) return undefined;
  const definition = JSON.parse(String(described.definition)) as AslMachine;
  const end = endOf(steps);
  return {
    arn,
    machine,
    type: kind === "express" ? "EXPRESS" : "STANDARD",
    status: end?.status ?? "RUNNING",
    startedAt: new Date(first.at).toISOString(),
    ...(end !== undefined && { stoppedAt: new Date(end.at).toISOString() }),
    states: graphOf(definition, steps),
    path: pathOf(definition, steps),
  };
}

const ends: Readonly<Record<string, string>> = {
  ExecutionSucceeded: "SUCCEEDED",
  ExecutionFailed: "FAILED",
  ExecutionTimedOut: "TIMED_OUT",
  ExecutionAborted: "ABORTED",
};

function endOf(steps: readonly Step[]): { readonly status: string; readonly at: number } | undefined {
  for (const { type, at } of steps.toReversed()) {
    const status = ends[type];
    if (status !== undefined) return { status, at };
  }
  return undefined;
}
