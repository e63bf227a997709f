/** Lets schedules go off at another time than now, as if it were then. */
import { setTimeout as wait } from "node:timers/promises";
import { paginateListExecutions } from "@aws-sdk/client-sfn";
import { environments } from "../../config/environments.ts";
import type { Stage } from "./play.ts";
import { environment } from "./runtime-arguments.ts";

const runLimitMs = 5 * 60_000;
const pollMs = 100;
const { accountId, region } = environments[environment];

/** Lets a schedule go off, and no more: what it begins is under way afterwards. */
export async function setOff({ local }: Pick<Stage, "local">, schedule: string, atMs: number): Promise<void> {
  const at = new Date(atMs).toISOString();
  const answer = await fetch(`${local.awsUrl}/_local/schedules/${schedule}/run?at=${at}`);
  if (!answer.ok) throw new Error(`The schedule ${schedule} can't be let go off: ${answer.status}.`);
}

/** Lets a schedule go off that starts a state machine; gives how all executions of it ended, earlier ones, too. */
export async function runMachine(
  stage: Pick<Stage, "local" | "clients">,
  { schedule, stateMachine, atMs }: { readonly schedule: string; readonly stateMachine: string; readonly atMs: number },
): Promise<readonly string[]> {
  await setOff(stage, schedule, atMs);
  const stateMachineArn = `arn:aws:states:${region}:${accountId}:stateMachine:${stateMachine}`;
  const client = stage.clients.states;
  for (const deadline = Date.now() + runLimitMs; Date.now() < deadline; await wait(pollMs)) {
    const statuses: string[] = [];
    for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
      statuses.push(...executions.map(({ status = "" }) => status));
    }
    if (statuses.length > 0 && !statuses.includes("RUNNING")) return statuses;
  }
  throw new Error(`${stateMachine} hasn't ended after ${runLimitMs / 60_000} minutes.`);
}
