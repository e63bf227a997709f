/** One execution environment of a function: spawned on demand, killed on a time-out or by a fault, never shared. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { AwsRequest, AwsResponse } from "../aws/wire.ts";
import type { FromWorker, FunctionError, InvocationContext, ToWorker, WorkerData } from "./protocol.ts";

export type InvocationResult =
  | { readonly kind: "ok"; readonly payload: string }
  | { readonly kind: "error"; readonly error: FunctionError };

export interface EnvironmentOptions {
  readonly workerPath: string;
  readonly data: WorkerData;
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly logStreamName: string;
  readonly handleAws: (request: AwsRequest) => Promise<AwsResponse>;
  readonly onLog: (line: string) => void;
}

export interface ExecutionEnvironment {
  /** The session's access key: tells the endpoint which environment, and so which role, a call comes from. */
  readonly accessKeyId: string;
  readonly logStreamName: string;
  /** Resolves when it can be invoked, or has ended before it could. */
  readonly ready: Promise<void>;
  invoke(event: string, context: InvocationContext): Promise<InvocationResult>;
  /** Ends the thread at once, in the middle of whatever it does. */
  kill(reason: FunctionError): void;
  readonly alive: boolean;
}

/** Fewer and larger collections than by default: with few cores, each one delays what the other threads answer. */
const youngGenerationMb = 128;

/** Lambda gives the code outside of the handler this long. */
const initLimitMs = 10_000;

export function startEnvironment(options: EnvironmentOptions): ExecutionEnvironment {
  const accessKeyId = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
  // Stands for /tmp: each environment has its own, which is gone with it. Its size isn't limited here.
  const temporary = mkdtempSync(join(tmpdir(), "lambda-"));
  const removeTemporary = () => rmSync(temporary, { recursive: true, force: true });
  const worker = new Worker(options.workerPath, {
    workerData: options.data,
    env: {
      ...options.variables,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_SESSION_TOKEN: "local",
      AWS_LAMBDA_LOG_STREAM_NAME: options.logStreamName,
      TMPDIR: temporary,
    },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: options.memoryMb, maxYoungGenerationSizeMb: youngGenerationMb },
    stdout: true,
    stderr: true,
  });
  /** Why it has ended, and whoever waits for the invocation under way. */
  const state: { ended?: FunctionError; settle?: (result: InvocationResult) => void } = {};
  const finish = (result: InvocationResult) => {
    const settle = state.settle;
    delete state.settle;
    settle?.(result);
  };
  const end = (error: FunctionError) => {
    if (state.ended !== undefined) return;
    state.ended = error;
    // A log that just stops would leave its reader guessing; Lambda writes such a line too.
    if (state.settle !== undefined) options.onLog(`${error.errorType}: ${error.errorMessage}`);
    finish({ kind: "error", error });
  };
  const kill = (reason: FunctionError) => {
    end(reason);
    void worker.terminate();
    // At once, since the whole process may end before the thread has.
    removeTemporary();
  };
  const ready = new Promise<void>((resolve) => {
    worker.on("message", (message: FromWorker) => {
      for (const line of message.printed ?? []) options.onLog(line);
      if (message.kind === "ready") resolve();
      else if (message.kind === "result") finish({ kind: "ok", payload: message.payload });
      else if (message.kind === "error") finish({ kind: "error", error: message.error });
      else if (message.kind === "aws-request") void answerAws(message);
    });
    worker.once("exit", () => {
      removeTemporary();
      resolve();
    });
  });
  const errorMessage = `The code outside of the handler took longer than ${initLimitMs / 1_000} seconds`;
  const initLimit = setTimeout(() => kill({ errorType: "Sandbox.Timedout", errorMessage, trace: [] }), initLimitMs);
  void ready.then(() => clearTimeout(initLimit));

  async function answerAws(message: Extract<FromWorker, { kind: "aws-request" }>): Promise<void> {
    const answer = await options.handleAws({
      method: message.method,
      url: message.path,
      headers: message.headers,
      body: typeof message.body === "string" ? message.body : Buffer.from(message.body.buffer),
    });
    if (state.ended !== undefined) return;
    worker.postMessage({ kind: "aws-response", id: message.id, ...answer } satisfies ToWorker);
  }

  worker.on("error", (error) => end({ errorType: "Runtime.ExitError", errorMessage: error.message, trace: [] }));
  worker.on("exit", (code) =>
    end({ errorType: "Runtime.ExitError", errorMessage: `The runtime exited with ${code}.`, trace: [] }),
  );
  forwardLines(worker.stdout, options.onLog);
  forwardLines(worker.stderr, options.onLog);

  return {
    accessKeyId,
    logStreamName: options.logStreamName,
    ready,
    get alive() {
      return state.ended === undefined;
    },
    invoke: (event, context) =>
      new Promise((resolve) => {
        if (state.ended !== undefined) {
          resolve({ kind: "error", error: state.ended });
          return;
        }
        state.settle = resolve;
        worker.postMessage({ kind: "invoke", event, context } satisfies ToWorker);
      }),
    kill,
  };
}

function forwardLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
}
