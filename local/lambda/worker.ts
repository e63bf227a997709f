/**
 * A Lambda execution environment: a worker thread that loads one bundle and runs one invocation at a time. It is
 * bundled into a single file, so that starting one costs no TypeScript loader.
 */
import { parentPort, workerData } from "node:worker_threads";
import { sendSdkRequestsOver } from "./port-transport.ts";
import { collectPrinted } from "./printed.ts";
import type { FromWorker, FunctionError, InvocationContext, ToWorker, WorkerData, WorkerMessage } from "./protocol.ts";
import { lowerThreadPriority } from "./thread-priority.ts";

type Handler = (event: unknown, context: object) => unknown;

if (parentPort === null) throw new Error("worker.ts runs in a worker thread only");
const port = parentPort;
const data = workerData as WorkerData;
const takePrinted = collectPrinted(() => send({ kind: "printed" }));

function send(message: WorkerMessage): void {
  const printed = takePrinted();
  const whole: FromWorker = printed.length === 0 ? message : { ...message, printed };
  port.postMessage(whole);
}

if (data.yields) lowerThreadPriority();
const onAwsResponse = data.transport === "port" ? sendSdkRequestsOver(send, data.awsUrl) : undefined;

let handler: Handler | undefined;
let initError: FunctionError | undefined;
try {
  const exported = require(data.bundlePath) as Record<string, unknown>;
  const found = exported[data.handler];
  if (typeof found !== "function") throw new Error(`The bundle exports no function named ${data.handler}.`);
  handler = found as Handler;
} catch (error) {
  initError = describe(error);
  // An environment that can't start says so in its log, as on Lambda.
  console.error(
    JSON.stringify({ level: "ERROR", message: "INIT failed", ...initError, trace: initError.trace.slice(0, 5) }),
  );
}

port.on("message", (message: ToWorker) => {
  if (message.kind === "aws-response") onAwsResponse?.(message);
  else void invoke(message.event, message.context);
});
// What was printed on the way to an end by process.exit or by an error that nobody caught still arrives.
process.on("exit", () => send({ kind: "printed" }));
send({ kind: "ready" });

async function invoke(event: string, { traceHeader, ...context }: InvocationContext): Promise<void> {
  if (handler === undefined) {
    send({
      kind: "error",
      error: initError ?? { errorType: "Runtime.Unknown", errorMessage: "no handler", trace: [] },
    });
    return;
  }
  // As Lambda's runtime does for each invocation.
  process.env._X_AMZN_TRACE_ID = traceHeader;
  try {
    const result = await handler(JSON.parse(event), {
      ...context,
      functionVersion: "$LATEST",
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, context.deadline - Date.now()),
    });
    send({ kind: "result", payload: JSON.stringify(result) ?? "null" });
  } catch (error) {
    send({ kind: "error", error: describe(error) });
  }
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: "Error", errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}
