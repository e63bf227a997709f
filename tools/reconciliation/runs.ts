/** Runs of the state machine `webhook-reconciliation`, begun by hand. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  paginateListStateMachines,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import * as v from "valibot";
import type { Names } from "../../config/names.ts";
import type { LedgerProvider } from "../../config/reconciliation.ts";

/** What a run is asked for; its windows are the usual ones where it doesn't say. Times in ISO 8601 UTC. */
export interface RunOrder {
  readonly scheduledAt: string;
  readonly from?: string;
  readonly to?: string;
  readonly providers?: readonly LedgerProvider[];
}

export type StartedRun =
  | { readonly kind: "started"; readonly executionArn: string }
  /** Somebody began one in this very second. */
  | { readonly kind: "taken" }
  | { readonly kind: "no-state-machine"; readonly name: string };

export type RunEnd =
  | { readonly kind: "succeeded"; readonly runId: string }
  | { readonly kind: "failed"; readonly status: string; readonly error: string; readonly cause: string }
  | { readonly kind: "running" };

const outputSchema = v.pipe(v.string(), v.parseJson(), v.object({ runId: v.string() }));

/** The name comes of the time, so that a repeated start begins nothing twice. */
export async function startRun(states: SFNClient, { stateMachines }: Names, order: RunOrder): Promise<StartedRun> {
  const name = stateMachines.webhookReconciliation;
  const stateMachineArn = await arnOf(states, name);
  if (stateMachineArn === undefined) return { kind: "no-state-machine", name };
  try {
    const started = await states.send(
      new StartExecutionCommand({
        stateMachineArn,
        name: `manual-${order.scheduledAt.replace(/\.\d+Z$/, "Z").replaceAll(/[-:]/g, "")}`,
        input: JSON.stringify(order),
      }),
    );
    return { kind: "started", executionArn: String(started.executionArn) };
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return { kind: "taken" };
    throw error;
  }
}

/** Asked for by name: the ARN has account and partition in it, which only AWS knows for certain. */
async function arnOf(client: SFNClient, name: string): Promise<string | undefined> {
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    const found = stateMachines.find((each) => each.name === name);
    if (found !== undefined) return found.stateMachineArn;
  }
  return undefined;
}

export async function endOfRun(states: SFNClient, executionArn: string): Promise<RunEnd> {
  const { status, output, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
  if (status === "RUNNING") return { kind: "running" };
  if (status === "SUCCEEDED") return { kind: "succeeded", runId: v.parse(outputSchema, output).runId };
  return { kind: "failed", status: String(status), error: error ?? "no error", cause: cause ?? "no cause" };
}
