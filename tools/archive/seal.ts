/** Has the days that are due sealed now: starts daily-archive as its schedule does, and waits for its end. */
import { createHash } from "node:crypto";
import {
  DescribeExecutionCommand,
  paginateListExecutions,
  paginateListStateMachines,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { ArchiveError } from "./archive-error.ts";

export interface SealRun {
  readonly client: SFNClient;
  /** Of the state machine. */
  readonly name: string;
  /** The last day to seal, YYYY-MM-DD; without, the last that is due. */
  readonly through?: string;
  readonly pollMs: number;
  sleep(milliseconds: number): Promise<unknown>;
  /** Called while it goes on, with the number of executions that were started so far. */
  tell(executions: number): Promise<void> | void;
}

/**
 * What one execution has no room for, it leaves to a next one that it starts itself: all of them are waited for. Ending
 * the command doesn't end them.
 *
 * @returns ARNs of the executions, all of which succeeded
 * @throws ArchiveError "missing" where there is no such state machine, "busy" when an execution is under way already,
 * "seal-failed" with its own error when one fails
 */
export async function sealNow(run: SealRun): Promise<readonly string[]> {
  const { client, through } = run;
  const stateMachineArn = await machineOf(run);
  for await (const { executions = [] } of paginateListExecutions(
    { client },
    { stateMachineArn, statusFilter: "RUNNING" },
  )) {
    const [running] = executions;
    if (running === undefined) continue;
    const message = `${run.name} is at work already (${running.name}, since ${running.startDate?.toISOString()}). Wait for its end, and look again at what is sealed then.`;
    throw new ArchiveError("busy", message);
  }
  const input = JSON.stringify(through === undefined ? {} : { through });
  const { executionArn = "" } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  const followed: string[] = [];
  for (let next: string | undefined = executionArn; next !== undefined; ) {
    followed.push(next);
    await endOf(next, followed.length, run);
    next = await startedBy(next, stateMachineArn, client);
  }
  return followed;
}

async function machineOf({ client, name }: SealRun): Promise<string> {
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    const found = stateMachines.find((machine) => machine.name === name)?.stateMachineArn;
    if (found !== undefined) return found;
  }
  throw new ArchiveError("missing", `There is no state machine ${name}. Is the pipeline deployed, in this region?`);
}

async function endOf(executionArn: string, executions: number, { client, name, pollMs, sleep, tell }: SealRun) {
  for (;;) {
    const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status === "SUCCEEDED") return;
    if (status !== "RUNNING") {
      const why = [error, cause].filter((text) => text !== undefined && text !== "").join(": ") || "no reason given";
      const advice = "What it sealed before stays sealed; docs/runbook.md says how to go on.";
      throw new ArchiveError("seal-failed", `${name} ended ${status}: ${why}. ${advice}`);
    }
    await tell(executions);
    await sleep(pollMs);
  }
}

/** The execution that one has started for what is left. Its name says by whom it was started, as the workflow names it. */
async function startedBy(
  executionArn: string,
  stateMachineArn: string,
  client: SFNClient,
): Promise<string | undefined> {
  const ending = `-${createHash("sha1").update(executionArn).digest("hex")}`;
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
    const found = executions.find(({ name = "" }) => name.endsWith(ending));
    if (found !== undefined) return found.executionArn;
    // The newest come first: what is older than its starter wasn't started by it.
    if (executions.some((one) => one.executionArn === executionArn)) return undefined;
  }
  return undefined;
}
