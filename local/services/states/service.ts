/** Step Functions inside the runtime: the API's operations over executions that aws-local-stepfunctions walks. */
import type { CallAws, RuntimeClock } from "../../aws/types.ts";
import { noTraces, type Traces } from "../../tracing/traces.ts";
import type { Operations } from "../operation.ts";
import { compileMachine } from "./asl/compile.ts";
import { describeExecution } from "./describe-execution.ts";
import { describeStateMachine } from "./describe-state-machine.ts";
import { createExecutions, type Executions } from "./executions/executions.ts";
import type { AppendLog } from "./executions/log-delivery.ts";
import type { ExecutionRecord, ExecutionStore } from "./executions/record.ts";
import { createRegistry } from "./executions/registry.ts";
import { getExecutionHistory } from "./get-execution-history.ts";
import { listExecutions } from "./list-executions.ts";
import { listStateMachines } from "./list-state-machines.ts";
import type { Machine, MachineConfig } from "./machine.ts";
import { sendTaskFailure } from "./send-task-failure.ts";
import { sendTaskHeartbeat } from "./send-task-heartbeat.ts";
import { sendTaskSuccess } from "./send-task-success.ts";
import type { StatesDeps } from "./shared.ts";
import { startExecution } from "./start-execution.ts";
import { startSyncExecution } from "./start-sync-execution.ts";
import { stopExecution } from "./stop-execution.ts";
import { createTaskTokens } from "./tasks/tokens.ts";

export interface StatesServiceOptions {
  readonly machines: readonly MachineConfig[];
  /** Makes the tasks' calls, as each machine's role. */
  readonly call: CallAws;
  readonly clock: RuntimeClock;
  readonly store: ExecutionStore;
  /** Unique text for execution names, EXPRESS ids and task tokens. */
  readonly newId: () => string;
  /** Where machines with a logging configuration log to: the logs service's `append`. */
  readonly append: AppendLog;
  /** Told of each execution as it begins and as it ends. */
  readonly onExecution?: (record: ExecutionRecord) => void;
  /** None when absent. */
  readonly traces?: Traces;
  /** 0 ≤ x < 1, for retries with full jitter. `Math.random` unless given. */
  readonly random?: () => number;
  /** Finished STANDARD executions that can still be described, the newest of all machines. 20,000 unless given. */
  readonly keepFinished?: number;
}

export interface StatesService extends Pick<Executions, "stop" | "idle" | "running"> {
  readonly operations: Operations;
  /** Begins again what a stopped or crashed process left unfinished. */
  start(): void;
}

/** @throws Error with one section per machine that can't run locally, each listing every reason. */
export function createStatesService(options: StatesServiceOptions): StatesService {
  const { clock, newId } = options;
  const machines = loadMachines(options);
  const tokens = createTaskTokens(newId);
  const executions = createExecutions({
    call: options.call,
    clock,
    newId,
    random: options.random ?? Math.random,
    append: options.append,
    onExecution: options.onExecution ?? (() => {}),
    tokens,
    traces: options.traces ?? noTraces,
    registry: createRegistry(options.store, options.keepFinished ?? 20_000),
  });
  return {
    operations: operationsOf({ machines, executions, tokens }),
    start: () => executions.resume((arn) => machines.get(arn)),
    async stop() {
      await executions.stop();
      options.store.close();
    },
    idle: executions.idle,
    running: executions.running,
  };
}

function loadMachines({ machines, clock }: StatesServiceOptions): ReadonlyMap<string, Machine> {
  const loaded = new Map<string, Machine>();
  const refused: string[] = [];
  for (const config of machines) {
    try {
      loaded.set(config.arn, { ...config, ...compileMachine(config, clock), createdAt: clock.now() });
    } catch (error) {
      refused.push((error as Error).message);
    }
  }
  if (refused.length > 0) throw new Error(refused.join("\n"));
  return loaded;
}

function operationsOf(deps: StatesDeps): Operations {
  return {
    StartExecution: startExecution(deps),
    StartSyncExecution: startSyncExecution(deps),
    DescribeExecution: describeExecution(deps),
    GetExecutionHistory: getExecutionHistory(deps),
    ListExecutions: listExecutions(deps),
    ListStateMachines: listStateMachines(deps),
    DescribeStateMachine: describeStateMachine(deps),
    StopExecution: stopExecution(deps),
    SendTaskSuccess: sendTaskSuccess(deps),
    SendTaskFailure: sendTaskFailure(deps),
    SendTaskHeartbeat: sendTaskHeartbeat(deps),
  };
}
