/** What the runtime and a function's worker thread say to each other. */

export interface WorkerData {
  readonly bundlePath: string;
  readonly handler: string;
  /** `port`: the SDK's HTTP requests travel over the message port; `http`: over a socket, as everybody else's. */
  readonly transport: "http" | "port";
  /** The AWS endpoint. What goes elsewhere, such as to a provider's stand-in, takes a socket in any case. */
  readonly awsUrl: string;
  /** Works off a queue, which can wait, and so gives way to the threads that answer a provider, which can't. */
  readonly yields: boolean;
}

export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Epoch milliseconds at which the invocation is ended. */
  readonly deadline: number;
  /** _X_AMZN_TRACE_ID of the invocation; empty where nothing is traced. */
  readonly traceHeader: string;
}

export type ToWorker =
  | { readonly kind: "invoke"; readonly event: string; readonly context: InvocationContext }
  | {
      readonly kind: "aws-response";
      readonly id: number;
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: Uint8Array | string;
    };

/** What was printed since the last message travels with the next one: a message each would cost more than the work. */
export type FromWorker = { readonly printed?: readonly string[] } & WorkerMessage;

export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "printed" }
  | { readonly kind: "result"; readonly payload: string }
  | { readonly kind: "error"; readonly error: FunctionError }
  | {
      readonly kind: "aws-request";
      readonly id: number;
      readonly method: string;
      readonly path: string;
      readonly headers: Record<string, string>;
      readonly body: Uint8Array | string;
    };

/** As Lambda answers a failed invocation. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}
