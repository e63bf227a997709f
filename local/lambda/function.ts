/**
 * A Lambda function: its environments, each running one invocation at a time, and the queue of invocations that wait
 * for one. It begins with one environment and grows to its concurrency while invocations wait.
 */
import { randomUUID } from "node:crypto";
import type { AwsRequest, AwsResponse } from "../aws/wire.ts";
import type { OpenSegment, Traces } from "../tracing/traces.ts";
import { type ExecutionEnvironment, type InvocationResult, startEnvironment } from "./environment.ts";
import type { FunctionError, WorkerData } from "./protocol.ts";

export interface FunctionOptions {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Queue for events of asynchronous invocations that failed for good. */
  readonly deadLetterArn?: string | undefined;
  readonly workerPath: string;
  readonly data: WorkerData;
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly logGroup: string;
  /** Environments at the most. */
  readonly concurrency: number;
  readonly handleAws: (request: AwsRequest) => Promise<AwsResponse>;
  readonly onLog: (logStreamName: string, line: string) => void;
  /** Called as an environment comes and goes, so that its access key and its log stream are known. */
  readonly onEnvironment: (environment: ExecutionEnvironment, came: boolean) => void;
  readonly traces: Traces;
  /** Whether Lambda tells X-Ray of invocations. */
  readonly isTraced: boolean;
  /** Called as an invocation begins, for faults that will hit it. */
  readonly onInvoke: (environment: ExecutionEnvironment) => void;
  /** Called as it ends. `concurrent` counts those under way as it began, itself among them. */
  readonly onEnd?: (ended: { durationMs: number; isError: boolean; concurrent: number }) => void;
}

export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly deadLetterArn: string | undefined;
  readonly timeoutSeconds: number;
  readonly concurrency: number;
  /** `traceHeader`: of the call, if it came with one. */
  invoke(event: string, traceHeader?: string): Promise<InvocationResult>;
  /** Spawns the first environment, so that the first invocation needn't wait for it. */
  warm(): Promise<void>;
  /** Invocations running or waiting. */
  pending(): number;
  /** Ends all environments; invocations under way and those to come fail. */
  stop(): void;
}

interface Job {
  readonly event: string;
  /** Lambda's own segment: from its being asked until it answers. */
  readonly segment: OpenSegment;
  readonly resolve: (result: InvocationResult) => void;
}

const stopping: FunctionError = {
  errorType: "Runtime.ExitError",
  errorMessage: "The local runtime stops.",
  trace: [],
};

export function createFunction(options: FunctionOptions): LambdaFunction {
  const environments = new Set<ExecutionEnvironment>();
  const idle: ExecutionEnvironment[] = [];
  const waiting: Job[] = [];
  let running = 0;
  let stopped = false;

  function spawn(): ExecutionEnvironment {
    const logStreamName = `local/[$LATEST]${randomUUID().replaceAll("-", "")}`;
    const environment = startEnvironment({
      workerPath: options.workerPath,
      data: options.data,
      variables: options.variables,
      memoryMb: options.memoryMb,
      logStreamName,
      handleAws: options.handleAws,
      onLog: (line) => options.onLog(logStreamName, line),
    });
    environments.add(environment);
    options.onEnvironment(environment, true);
    return environment;
  }

  /** A service's segment and the function's, as Lambda sends two of each invocation. */
  function segmentOf(origin: "AWS::Lambda" | "AWS::Lambda::Function", header: string | undefined): OpenSegment {
    const { name, arn, traces, isTraced } = options;
    return traces.open({ name, origin, header, isTraced, resourceArn: arn });
  }

  function retire(environment: ExecutionEnvironment): void {
    environments.delete(environment);
    options.onEnvironment(environment, false);
  }

  /** One that ended while it was idle, by an error in what its last invocation left behind, is no use to anybody. */
  function takeIdle(): ExecutionEnvironment | undefined {
    const environment = idle.pop();
    if (environment === undefined || environment.alive) return environment;
    retire(environment);
    return takeIdle();
  }

  function next(): void {
    if (waiting.length === 0) return;
    const environment = takeIdle() ?? (environments.size < options.concurrency ? spawn() : undefined);
    const job = environment === undefined ? undefined : waiting.shift();
    if (environment !== undefined && job !== undefined) void run(environment, job);
  }

  async function run(environment: ExecutionEnvironment, job: Job): Promise<void> {
    running += 1;
    const concurrent = running;
    await environment.ready;
    const timeoutMs = options.timeoutSeconds * 1_000;
    const timer = setTimeout(() => {
      const errorMessage = `Task timed out after ${options.timeoutSeconds.toFixed(2)} seconds`;
      environment.kill({ errorType: "Sandbox.Timedout", errorMessage, trace: [] });
    }, timeoutMs);
    options.onInvoke(environment);
    const began = performance.now();
    const own = segmentOf("AWS::Lambda::Function", job.segment.header);
    const result = await environment.invoke(job.event, {
      awsRequestId: randomUUID(),
      functionName: options.name,
      invokedFunctionArn: options.arn,
      memoryLimitInMB: String(options.memoryMb),
      logGroupName: options.logGroup,
      logStreamName: environment.logStreamName,
      deadline: Date.now() + timeoutMs,
      traceHeader: own.header,
    });
    clearTimeout(timer);
    const failed = result.kind === "error" ? { fault: true } : {};
    own.end(failed);
    job.segment.end(failed);
    running -= 1;
    options.onEnd?.({ durationMs: performance.now() - began, isError: result.kind === "error", concurrent });
    if (environment.alive) idle.push(environment);
    else retire(environment);
    job.resolve(result);
    next();
  }

  return {
    name: options.name,
    arn: options.arn,
    roleArn: options.roleArn,
    deadLetterArn: options.deadLetterArn,
    timeoutSeconds: options.timeoutSeconds,
    concurrency: options.concurrency,
    invoke: (event, traceHeader) =>
      new Promise((resolve) => {
        if (stopped) {
          resolve({ kind: "error", error: stopping });
          return;
        }
        waiting.push({ event, resolve, segment: segmentOf("AWS::Lambda", traceHeader) });
        next();
      }),
    async warm() {
      if (environments.size > 0 || stopped) return;
      const environment = spawn();
      await environment.ready;
      if (environment.alive) idle.push(environment);
      else retire(environment);
      next();
    },
    pending: () => running + waiting.length,
    stop() {
      stopped = true;
      for (const { resolve } of waiting.splice(0)) resolve({ kind: "error", error: stopping });
      for (const environment of environments) environment.kill(stopping);
    },
  };
}
