/** The executions under way in this process. */
import { type CallAws, localRegion, type RuntimeClock } from "../../../aws/types.ts";
import type { Traces } from "../../../tracing/traces.ts";
import type { Json } from "../asl/definition.ts";
import type { Machine } from "../machine.ts";
import type { TaskTokens } from "../tasks/tokens.ts";
import { createHistory, type History } from "./history.ts";
import { type AppendLog, deliverTo } from "./log-delivery.ts";
import type { ExecutionRecord } from "./record.ts";
import type { Registry } from "./registry.ts";
import { type EndReason, runExecution } from "./run.ts";
import type { ExecutionScope } from "./scope.ts";

export interface LiveOptions {
  readonly call: CallAws;
  readonly clock: RuntimeClock;
  readonly random: () => number;
  readonly append: AppendLog;
  readonly tokens: TaskTokens;
  readonly registry: Registry;
  /** Told of each execution as it begins and as it ends. */
  readonly onExecution: (record: ExecutionRecord) => void;
  readonly traces: Traces;
}

interface LiveExecution {
  readonly history: History;
  /** The record once the execution has ended. */
  readonly ended: Promise<ExecutionRecord>;
  end(reason: EndReason): void;
}

export interface LiveExecutions {
  run(machine: Machine, record: ExecutionRecord): void;
  get(arn: string): LiveExecution | undefined;
  /** Ends all work; unfinished executions stay so in the store. */
  stop(): Promise<void>;
  /** Resolves when no execution does anything but wait for a task's answer. */
  idle(): Promise<void>;
  running(): { readonly executions: number; readonly waitingForAnswer: number };
}

export function createLiveExecutions(options: LiveOptions): LiveExecutions {
  const { clock, registry } = options;
  const live = new Map<string, LiveExecution>();
  /** How many answers an execution waits for, by its ARN. */
  const waits = new Map<string, number>();
  let idlers: (() => void)[] = [];

  const checkIdle = () => {
    if (live.size > waits.size) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  };
  const changeWaits = (arn: string, by: number) => {
    const left = (waits.get(arn) ?? 0) + by;
    if (left > 0) waits.set(arn, left);
    else waits.delete(arn);
    checkIdle();
  };
  const finish = (machine: Machine, done: ExecutionRecord, history: History) => {
    live.delete(done.arn);
    if (done.status !== "RUNNING") {
      options.onExecution(done);
      if (machine.type === "STANDARD") registry.finish(done, history.events);
      else registry.remove(done.arn);
    }
    checkIdle();
    return done;
  };

  return {
    run(machine, record) {
      const controller = new AbortController();
      const history = createHistory({
        now: () => clock.now(),
        keep: machine.type === "STANDARD",
        onEvent: deliverTo(options.append, machine, record.arn),
      });
      const segment = options.traces.open({
        name: machine.name,
        origin: "AWS::StepFunctions::StateMachine",
        header: record.traceHeader,
        isTraced: machine.isTraced,
        resourceArn: machine.arn,
      });
      const scope = createScope(options, machine, record, {
        signal: controller.signal,
        history,
        segment,
        async whileWaiting(answer) {
          changeWaits(record.arn, 1);
          return answer.finally(() => changeWaits(record.arn, -1));
        },
      });
      const ended = runExecution(machine, record, scope, controller).then((outcome) => {
        if (outcome !== undefined) segment.end(outcome.status === "SUCCEEDED" ? {} : { fault: true });
        const done = outcome === undefined ? record : { ...record, ...outcome, stoppedAt: clock.now() };
        return finish(machine, done, history);
      });
      live.set(record.arn, { history, ended, end: (reason) => controller.abort(reason) });
    },
    get: (arn) => live.get(arn),
    async stop() {
      const all = [...live.values()];
      for (const one of all) one.end({ kind: "shutdown" });
      await Promise.all(all.map(({ ended }) => ended));
    },
    idle: () =>
      new Promise((resolve) => {
        idlers.push(resolve);
        checkIdle();
      }),
    running: () => ({ executions: live.size, waitingForAnswer: waits.size }),
  };
}

function createScope(
  options: LiveOptions,
  machine: Machine,
  record: ExecutionRecord,
  own: Pick<ExecutionScope, "signal" | "history" | "segment" | "whileWaiting">,
): ExecutionScope {
  const { call, clock, random, tokens } = options;
  const shared = {
    Execution: {
      Id: record.arn,
      Name: record.name,
      Input: JSON.parse(record.input) as Json,
      StartTime: new Date(record.startedAt).toISOString(),
      RoleArn: machine.roleArn,
      RedriveCount: 0,
    },
    StateMachine: { Id: machine.arn, Name: machine.name },
  };
  return {
    ...own,
    clock,
    random,
    call,
    region: localRegion,
    principal: { kind: "service", service: "states.amazonaws.com", sourceArn: machine.arn, roleArn: machine.roleArn },
    contextOf: (stateName, { enteredTime, retryCount }, token) => ({
      ...shared,
      State: { Name: stateName, EnteredTime: enteredTime, RetryCount: retryCount },
      ...(token === undefined ? {} : { Task: { Token: token } }),
    }),
    openToken: (heartbeatMs) => tokens.open(heartbeatMs),
  };
}
