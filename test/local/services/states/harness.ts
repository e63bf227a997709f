/** A states service over a fake AWS, for the tests beside it. */
import { setTimeout as wait } from "node:timers/promises";
import { AwsError, type CallAws, type Principal, type RuntimeClock } from "../../../../local/aws/types.ts";
import type { ExecutionStore } from "../../../../local/services/states/executions/record.ts";
import type { MachineConfig } from "../../../../local/services/states/machine.ts";
import { createStatesService, type StatesService } from "../../../../local/services/states/service.ts";
import { createMemoryStore } from "../../../../local/services/states/store/memory.ts";

export interface Call {
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export type Answer = (call: Call) => Record<string, unknown> | Promise<Record<string, unknown>>;

const operator: Principal = { kind: "operator" };

export function fakeAws(answer: Answer) {
  const calls: Call[] = [];
  const call: CallAws = async (principal, service, operation, input) => {
    const one = { principal, service, operation, input };
    calls.push(one);
    return answer(one);
  };
  return { call, calls, of: (operation: string) => calls.filter((one) => one.operation === operation) };
}

function clockAt(speed: number): RuntimeClock {
  return { speed, now: () => Date.now(), scaled: (milliseconds) => milliseconds / speed };
}

export function machine(definition: object, more: Partial<MachineConfig> = {}): MachineConfig {
  const name = more.name ?? "machine";
  return {
    arn: `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`,
    name,
    type: "STANDARD",
    roleArn: "arn:aws:iam::000000000000:role/machine",
    isTraced: false,
    definition: JSON.stringify(definition),
    ...more,
  };
}

export function service(
  machines: readonly MachineConfig[],
  options: {
    call?: CallAws;
    speed?: number;
    store?: ExecutionStore;
    append?: (group: string, stream: string, messages: readonly string[]) => void;
    keepFinished?: number;
    random?: () => number;
  } = {},
) {
  let ids = 0;
  const { speed = 1000, store = createMemoryStore(), ...rest } = options;
  const states = createStatesService({
    machines,
    call: async () => ({}),
    clock: clockAt(speed),
    store,
    newId: () => `id-${++ids}-${Math.random().toString(36).slice(2)}`,
    append: () => {},
    ...rest,
  });
  return { states, ...client(states) };
}

/** The operations as a caller at the endpoint has them. */
function client(states: StatesService) {
  const send = async (operation: string, input: Record<string, unknown>) => {
    const run = states.operations[operation];
    if (run === undefined) throw new Error(`no operation ${operation}`);
    return run(operator, input);
  };
  const start = async (machineArn: string, input: unknown = {}, name?: string) => {
    const answer = await send("StartExecution", {
      stateMachineArn: machineArn,
      input: JSON.stringify(input),
      ...(name === undefined ? {} : { name }),
    });
    return String(answer.executionArn);
  };
  const end = async (executionArn: string) =>
    until(async () => {
      const execution = await send("DescribeExecution", { executionArn });
      return execution.status === "RUNNING" ? undefined : execution;
    });
  const events = async (executionArn: string) => {
    const answer = await send("GetExecutionHistory", { executionArn, maxResults: 1000 });
    return answer.events as unknown as Readonly<Record<string, Record<string, unknown>>>[];
  };
  return { send, start, end, events };
}

/** The value once there is one; fails after five seconds. */
export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 5_000; Date.now() < end; await wait(2)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error("it didn't come within five seconds");
}

export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AwsError) return error.code;
  throw new Error(`not refused with an AwsError: ${String(error)}`);
}

export function task(resource: string, more: object = {}): object {
  return { Type: "Task", Resource: `arn:aws:states:::${resource}`, End: true, ...more };
}

export function only(state: object): object {
  return { StartAt: "Only", States: { Only: state } };
}
