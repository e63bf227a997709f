/** Lambda functions and their event-source mappings. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../aws/endpoint.ts";
import { localRegion, type Principal } from "../aws/types.ts";
import type { Faults } from "../faults/faults.ts";
import { createMortality } from "../faults/mortality.ts";
import type { Authorizer } from "../iam/authorizer.ts";
import { createEventSourceMapping, type EventSourceMapping } from "../lambda/event-source-mapping.ts";
import { createFunction, type LambdaFunction } from "../lambda/function.ts";
import { createLogWriter } from "../lambda/log-writer.ts";
import type { EndedInvocation } from "../services/cloudwatch/service-metrics/lambda.ts";
import { queueUrlOf } from "../services/events/targets.ts";
import { block } from "../terraform/block.ts";
import type { ResolvedResource } from "../terraform/resolve.ts";
import type { Traces } from "../tracing/traces.ts";
import { blockText, type Inventory, number, text } from "./inventory.ts";
import { requirePermission } from "./policies.ts";

export interface FunctionsOptions {
  readonly inventory: Inventory;
  readonly authorizer: Authorizer;
  readonly endpoint: Endpoint;
  readonly faults: Faults;
  /** Root of the project, for the bundles. */
  readonly root: string;
  readonly environment: string;
  readonly awsUrl: string;
  /** Provider → where its stand-in answers, for functions that ask a provider. */
  readonly providerApiUrls: Readonly<Record<string, string>>;
  readonly transport: "http" | "port";
  /** Environments of one function at the most. */
  readonly concurrency: number;
  /** Divides the seconds of leases, as the clock divides other waits. */
  readonly speed: number;
  /** Told of each invocation that has ended. */
  readonly onEnd: (ended: EndedInvocation) => void;
  readonly traces: Traces;
  /** By function: where its environments' daemon listens. */
  readonly daemons: ReadonlyMap<string, string>;
  readonly appendLog: (logGroupName: string, logStreamName: string, lines: readonly string[]) => void;
}

/** @throws Error when a function's role doesn't trust Lambda or may not send its dead letters, or its bundle isn't there */
export function createFunctions(options: FunctionsOptions): Map<string, LambdaFunction> {
  const functions = options.inventory.ofType("aws_lambda_function").map((resource) => createOne(options, resource));
  return new Map(functions.map((created) => [created.name, created]));
}

function createOne(options: FunctionsOptions, resource: ResolvedResource): LambdaFunction {
  const { endpoint, faults, root, environment } = options;
  const name = text(resource, "function_name");
  const roleArn = text(resource, "role");
  const memoryMb = number(resource.config, "memory_size", 128);
  const trusted = options.authorizer.mayAssume(roleArn, "lambda.amazonaws.com", text(resource, "arn"));
  if (!trusted.allowed) throw new Error(`${resource.address}: ${trusted.reason}`);
  const configured = (block(resource.config, "environment")?.variables ?? {}) as Record<string, string>;
  const logGroup = `/aws/lambda/${name}`;
  const folder = name.endsWith(`-${environment}`) ? name.slice(0, -environment.length - 1) : name;
  const workerPath = join(root, "dist/local/worker.cjs");
  const bundlePath = join(root, "dist/lambdas", folder, "index.cjs");
  for (const file of [workerPath, bundlePath]) {
    if (!existsSync(file)) throw new Error(`${resource.address}: there is no ${file}. Start without --no-build.`);
  }
  const mortality = createMortality(faults.crashAtCall);
  const principal: Principal = { kind: "function", functionName: name, roleArn };
  const deadLetterArn = blockText(resource.config, "dead_letter_config", "target_arn");
  if (deadLetterArn !== undefined) {
    const QueueUrl = queueUrlOf(deadLetterArn);
    requirePermission(resource, () => options.authorizer.authorize(principal, "sqs", "SendMessage", { QueueUrl }));
  }
  const daemon = options.daemons.get(name);
  const logs = createLogWriter({
    authorizer: options.authorizer,
    principal,
    logGroupName: logGroup,
    append: options.appendLog,
  });
  return createFunction({
    name,
    arn: text(resource, "arn"),
    roleArn,
    deadLetterArn,
    workerPath,
    data: {
      bundlePath,
      handler: "handler",
      transport: options.transport,
      awsUrl: options.awsUrl,
      yields: isFedByQueue(options.inventory, name),
    },
    traces: options.traces,
    isTraced: isTraced(resource),
    variables: {
      ...scaledSeconds(configured, options.speed),
      LAMBDA_TASK_ROOT: "/var/task",
      ...(daemon !== undefined && { AWS_XRAY_DAEMON_ADDRESS: daemon }),
      ...(Object.keys(options.providerApiUrls).length > 0 && {
        PROVIDER_API_URLS: JSON.stringify(options.providerApiUrls),
      }),
      AWS_REGION: localRegion,
      AWS_DEFAULT_REGION: localRegion,
      AWS_ENDPOINT_URL: options.awsUrl,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      TZ: ":UTC",
    },
    memoryMb,
    timeoutSeconds: number(resource.config, "timeout", 3),
    logGroup,
    concurrency: options.concurrency,
    handleAws: endpoint.handle,
    onLog: logs.write,
    onEnvironment(created, came) {
      if (!came) {
        logs.close(created.logStreamName);
        endpoint.sessions.delete(created.accessKeyId);
        return;
      }
      logs.open(created.logStreamName);
      endpoint.sessions.set(created.accessKeyId, {
        principal,
        dies: () => mortality.dies(created),
        kill: () => created.kill({ errorType: "Runtime.ExitError", errorMessage: "Killed (injected).", trace: [] }),
      });
    },
    onInvoke: mortality.begin,
    onEnd: (ended) => options.onEnd({ functionName: name, ...ended }),
  });
}

/** Whether Lambda tells X-Ray of the function's invocations. */
export function isTraced(resource: ResolvedResource): boolean {
  return blockText(resource.config, "tracing_config", "mode") === "Active";
}

/** Whether a mapping polls a queue for the function. */
function isFedByQueue(inventory: Inventory, functionName: string): boolean {
  return inventory.ofType("aws_lambda_event_source_mapping").some((mapping) => targetOf(mapping) === functionName);
}

/** Name of the mapping's function, which Terraform gives as name or ARN. */
function targetOf(mapping: ResolvedResource): string {
  return functionNameOf(text(mapping, "function_name"));
}

/**
 * Leases wait for the same accidents as visibility timeouts do, so they are shortened with them: a lease that outlives
 * the redelivery of its message would burn the message's receives. Functions read whole seconds.
 */
function scaledSeconds(variables: Readonly<Record<string, string>>, speed: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      name === "LEASE_SECONDS" ? String(Math.max(1, Math.round(Number(value) / speed))) : value,
    ]),
  );
}

/** Of a name or an ARN, each with a qualifier or without. */
function functionNameOf(nameOrArn: string): string {
  const parts = nameOrArn.split(":");
  return parts[parts.lastIndexOf("function") + 1] ?? nameOrArn;
}

/** What the function's role needs on the queue before Lambda accepts a mapping. */
const pollingOperations = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"] as const;

/** @throws Error when Lambda would refuse a mapping: for a missing permission, or messages that come back too soon */
export function createMappings(
  options: Pick<FunctionsOptions, "inventory" | "authorizer" | "endpoint" | "faults">,
  functions: ReadonlyMap<string, LambdaFunction>,
): EventSourceMapping[] {
  const { inventory, authorizer, endpoint, faults } = options;
  const queues = new Map(inventory.ofType("aws_sqs_queue").map((queue) => [text(queue, "arn"), queue]));
  return inventory.ofType("aws_lambda_event_source_mapping").map((resource) => {
    const { config } = resource;
    const target = functions.get(targetOf(resource));
    const queueArn = text(resource, "event_source_arn");
    const queue = queues.get(queueArn);
    if (target === undefined || queue === undefined) {
      throw new Error(`${resource.address}: its function or its queue isn't in the stacks.`);
    }
    const queueUrl = text(queue, "url");
    const principal: Principal = { kind: "function", functionName: target.name, roleArn: target.roleArn };
    for (const operation of pollingOperations) {
      requirePermission(resource, () => authorizer.authorize(principal, "sqs", operation, { QueueUrl: queueUrl }));
    }
    const visibilitySeconds = number(queue.config, "visibility_timeout_seconds", 30);
    if (visibilitySeconds < target.timeoutSeconds) {
      const problem = `the queue's visibility timeout (${visibilitySeconds} s) is shorter than the function's`;
      throw new Error(`${resource.address}: ${problem} (${target.timeoutSeconds} s).`);
    }
    const types = config.function_response_types;
    return createEventSourceMapping({
      target,
      queueUrl,
      queueArn,
      region: localRegion,
      batchSize: number(config, "batch_size", 10),
      batchingWindowSeconds: number(config, "maximum_batching_window_in_seconds", 0),
      // More batches in flight than environments would only wait for one, with their visibility running.
      maximumConcurrency: Math.min(
        number(block(config, "scaling_config") ?? {}, "maximum_concurrency", 5),
        target.concurrency,
      ),
      reportBatchItemFailures: Array.isArray(types) && types.includes("ReportBatchItemFailures"),
      call: endpoint.call,
      faults,
    });
  });
}
