/** Begins, finds, ends and resumes executions. */
import { AwsError, localAccount, localRegion } from "../../../aws/types.ts";
import type { Machine } from "../machine.ts";
import type { RecordedEvent } from "./history.ts";
import { createLiveExecutions, type LiveExecutions, type LiveOptions } from "./live.ts";
import type { ExecutionRecord, ExecutionStatus } from "./record.ts";

export interface Executions extends Pick<LiveExecutions, "stop" | "idle" | "running"> {
  /** @throws AwsError ExecutionAlreadyExists for a STANDARD name that is taken by another input or a finished run. */
  begin(
    machine: Machine,
    request: { readonly name: string | undefined; readonly input: string; readonly traceHeader?: string | undefined },
  ): ExecutionRecord;
  get(arn: string): ExecutionRecord | undefined;
  /** The record once the execution has ended. @throws AwsError ExecutionDoesNotExist */
  ended(arn: string): Promise<ExecutionRecord>;
  abort(arn: string, why: { readonly error?: string; readonly cause?: string }): Promise<ExecutionRecord>;
  list(machineArn: string, status: ExecutionStatus | undefined): readonly ExecutionRecord[];
  events(arn: string): readonly RecordedEvent[];
  /** Begins the store's unfinished executions again. */
  resume(machineOf: (arn: string) => Machine | undefined): void;
}

const machineGone = { status: "ABORTED", cause: "Its state machine was there no more after a restart" } as const;

export function createExecutions(options: LiveOptions & { readonly newId: () => string }): Executions {
  const { clock, newId, registry } = options;
  const live = createLiveExecutions(options);
  const ended = async (arn: string) => {
    const record = (await live.get(arn)?.ended) ?? registry.get(arn);
    if (record === undefined) throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
    return record;
  };
  return {
    begin(machine, { name = newId(), input, traceHeader }) {
      const arn = executionArn(machine, name, newId);
      const existing = registry.get(arn);
      if (existing?.status === "RUNNING" && existing.input === input) return existing;
      if (existing !== undefined) throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
      const machineArn = machine.arn;
      const record = {
        ...{ arn, machineArn, name, input, startedAt: clock.now() },
        ...(traceHeader !== undefined && { traceHeader }),
        status: "RUNNING",
      } as const;
      registry.add(record);
      options.onExecution(record);
      live.run(machine, record);
      return record;
    },
    get: registry.get,
    ended,
    abort(arn, why) {
      live.get(arn)?.end({ kind: "aborted", ...why });
      return ended(arn);
    },
    list: registry.list,
    events: (arn) => live.get(arn)?.history.events ?? registry.finishedEvents(arn),
    resume(machineOf) {
      for (const record of registry.unfinished()) {
        const machine = machineOf(record.machineArn);
        if (live.get(record.arn) !== undefined) continue;
        if (machine !== undefined) live.run(machine, record);
        else registry.finish({ ...record, ...machineGone, stoppedAt: clock.now() }, []);
      }
    },
    stop: live.stop,
    idle: live.idle,
    running: live.running,
  };
}

function executionArn(machine: Machine, name: string, newId: () => string): string {
  const prefix = `arn:aws:states:${localRegion}:${localAccount}`;
  if (machine.type === "STANDARD") return `${prefix}:execution:${machine.name}:${name}`;
  return `${prefix}:express:${machine.name}:${name}:${newId()}`;
}
