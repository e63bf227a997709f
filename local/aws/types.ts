/** The spine of the local runtime: who calls, what a call is, and how it fails. */

/** Who makes a call. Its permissions are what Terraform gives the role, or the resource's own policy. */
export type Principal =
  /** A Lambda function, by its access key. */
  | { readonly kind: "function"; readonly functionName: string; readonly roleArn: string }
  /** An AWS service on behalf of a resource: with a role (a state machine), or allowed by the target's policy. */
  | {
      readonly kind: "service";
      /** `events.amazonaws.com` and the like. */
      readonly service: string;
      readonly sourceArn: string;
      readonly roleArn?: string;
    }
  /** The person at the endpoint: the AWS CLI, the demo, a test. Allowed everything, recorded nowhere. */
  | { readonly kind: "operator" };

/** Service names as in the SDK's credential scope. */
export type ServiceName =
  | "dynamodb"
  | "sqs"
  | "sns"
  | "s3"
  | "events"
  | "states"
  | "lambda"
  | "secretsmanager"
  | "logs"
  | "kms"
  | "monitoring"
  | "sts"
  | "xray";

/**
 * One call of an AWS API inside the runtime, authorised and subject to faults like one over the wire.
 * `input` and the result have the shapes of the SDK's command input and output (JSON services only). `traceHeader` is the
 * X-Amzn-Trace-Id that the call would have over the wire.
 */
export type CallAws = (
  principal: Principal,
  service: ServiceName,
  operation: string,
  input: Record<string, unknown>,
  traceHeader?: string,
) => Promise<Record<string, unknown>>;

/** An error as AWS answers it. Thrown by operations; the endpoint puts it on the wire in the service's protocol. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Members of the error's own shape, such as `Item` of a failed condition or `CancellationReasons`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; details?: Record<string, unknown> } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.details = options.details ?? {};
  }
}

/** Account and region that everything local lives in. */
export const localAccount = "000000000000";
export const localRegion = "us-east-1";

/**
 * Time as the runtime sees it. Waits of AWS's services (visibility timeouts, retries, state machine waits) are divided
 * by `speed`, so that a demo with crashes doesn't take the hours that the configured time-outs add up to.
 */
export interface RuntimeClock {
  readonly speed: number;
  now(): number;
  /** Real milliseconds to wait for a configured duration. */
  scaled(milliseconds: number): number;
}
