/** What the state machines ran. */
import { DescribeExecutionCommand, ListStateMachinesCommand, paginateListExecutions } from "@aws-sdk/client-sfn";
import type { DemoClients } from "./clients.ts";
import type { EventSeen, ExecutionSeen } from "./evidence.ts";
import { eventIn } from "./read-queues.ts";

export async function standardExecutions({ states }: DemoClients, machineName: string): Promise<ExecutionSeen[]> {
  const { stateMachines = [] } = await states.send(new ListStateMachinesCommand({}));
  const stateMachineArn = stateMachines.find(({ name }) => name === machineName)?.stateMachineArn;
  const executions: ExecutionSeen[] = [];
  for await (const page of paginateListExecutions({ client: states }, { stateMachineArn })) {
    for (const { executionArn, status = "" } of page.executions ?? []) {
      const { input = "{}" } = await states.send(new DescribeExecutionCommand({ executionArn }));
      executions.push({ ...eventIn(input), status });
    }
  }
  return executions;
}

interface ExpressLogEntry {
  readonly type: string;
  readonly execution_arn: string;
  readonly details: { readonly input?: string };
}

/** An EXPRESS execution can't be described once it has ended; its log group tells of it. */
export function expressExecutions(messages: readonly string[]): ExecutionSeen[] {
  const events = new Map<string, EventSeen>();
  const statuses = new Map<string, string>();
  for (const message of messages) {
    const { type, execution_arn: arn, details } = JSON.parse(message) as ExpressLogEntry;
    if (type === "ExecutionStarted") events.set(arn, eventIn(details.input ?? "{}"));
    const ended = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.exec(type)?.[1];
    if (ended !== undefined) statuses.set(arn, ended.toUpperCase());
  }
  return [...events].map(([arn, event]) => ({ ...event, status: statuses.get(arn) ?? "RUNNING" }));
}
