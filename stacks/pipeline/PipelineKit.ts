import type { Construct } from "constructs";
import { paymentEventSource, type RoutingThresholds } from "../../config/events.ts";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { tellsMetrics } from "../../config/metrics.ts";
import type { Names } from "../../config/names.ts";
import { ContainerFunction } from "../constructs/ContainerFunction.ts";
import type { EncryptionKey } from "../constructs/EncryptionKey.ts";
import type { EventBus } from "../constructs/EventBus.ts";
import { EventRule } from "../constructs/EventRule.ts";
import type { FunctionNetwork } from "../constructs/functionNetwork.ts";
import type { LogSettings } from "../constructs/LogGroup.ts";
import type { Statement } from "../constructs/policy.ts";
import { Queue } from "../constructs/Queue.ts";
import { type Batch, visibilityTimeoutSeconds } from "../constructs/QueueConsumer.ts";
import type { Topic } from "../constructs/Topic.ts";

/** Receives of a message before it is a dead letter. What can never succeed is sent there at once (WEBHOOK_RULES 15). */
const maxReceiveCount = 5;

export interface PipelineKitProps {
  readonly names: Names;
  /** Its name, which metrics, manifests and reports say. */
  readonly environment: string;
  /** Encrypts queues. */
  readonly key: EncryptionKey;
  readonly logs: LogSettings;
  readonly logLevel: string;
  /** Whether X-Ray follows webhooks through all of it. */
  readonly tracing: boolean;
  /** Where the tiers meet, for the rules and for the functions that say an event's tier. */
  readonly routingThresholdsUsd: RoutingThresholds;
  readonly alarmTopic: Topic;
  /** Image of a function, by digest. */
  readonly imageUri: (name: LambdaName) => string;
  readonly reservedConcurrency: ConcurrencyByFunction;
  readonly provisionedConcurrency: ConcurrencyByFunction;
  /** Where the functions run, if not in Lambda's own network. */
  readonly network?: FunctionNetwork;
}

type ConcurrencyByFunction = Readonly<Partial<Record<LambdaName, number>>>;

/** Makes the pipeline's functions, queues and rules with what they have in common, so that its parts say what differs. */
export class PipelineKit {
  readonly names: Names;
  readonly environment: string;
  readonly key: EncryptionKey;
  readonly logs: LogSettings;
  readonly alarmTopic: Topic;
  readonly routingThresholdsUsd: RoutingThresholds;
  readonly tracing: boolean;
  readonly #props: PipelineKitProps;

  constructor(props: PipelineKitProps) {
    const { names, environment, key, logs, routingThresholdsUsd, alarmTopic, tracing } = props;
    this.names = names;
    this.environment = environment;
    this.key = key;
    this.logs = logs;
    this.alarmTopic = alarmTopic;
    this.routingThresholdsUsd = routingThresholdsUsd;
    this.tracing = tracing;
    this.#props = props;
  }

  /** For the functions that say an event's tier. */
  get routingVariables(): Readonly<Record<string, string>> {
    return { ROUTING_THRESHOLDS_USD: JSON.stringify(this.routingThresholdsUsd) };
  }

  /**
   * For the functions on a webhook's way, which tell X-Ray what they do. The others, which work through whole days, are in
   * traces by what Lambda says of them.
   */
  get tracingVariables(): Readonly<Record<string, string>> {
    // Lambda's own choice, LOG_ERROR, writes a line for each call that belongs to no request.
    return this.tracing ? { TRACING: "on", AWS_XRAY_CONTEXT_MISSING: "IGNORE_ERROR" } : { TRACING: "off" };
  }

  /** A function of the manifest, with its permissions and environment variables; those that all have are added. */
  function(
    scope: Construct,
    lambda: LambdaName,
    props: {
      readonly environmentVariables: Readonly<Record<string, string>>;
      readonly statements: readonly Statement[];
      /** Megabytes of /tmp; Lambda's own 512 when absent. */
      readonly ephemeralStorageMb?: number;
      /** Takes the events of asynchronous invocations that failed. */
      readonly deadLetters?: Queue;
    },
  ): ContainerFunction {
    const { ephemeralStorageMb, deadLetters } = props;
    const { imageUri, logLevel, network } = this.#props;
    const reservedConcurrency = this.#props.reservedConcurrency[lambda];
    const provisionedConcurrency = this.#props.provisionedConcurrency[lambda];
    return new ContainerFunction(scope, lambda, {
      lambda,
      names: this.names,
      imageUri: imageUri(lambda),
      environmentVariables: {
        ...props.environmentVariables,
        ...(tellsMetrics(lambda) && { ENVIRONMENT: this.environment }),
        LOG_LEVEL: logLevel,
      },
      statements: props.statements,
      logs: this.logs,
      alarmTopic: this.alarmTopic,
      tracing: this.tracing,
      ...(reservedConcurrency !== undefined && { reservedConcurrency }),
      ...(provisionedConcurrency !== undefined && { provisionedConcurrency }),
      ...(network && { network }),
      ...(ephemeralStorageMb !== undefined && { ephemeralStorageMb }),
      ...(deadLetters && { deadLetters }),
    });
  }

  /** A queue for one consuming function, and its dead-letter queue. */
  consumedQueue(
    scope: Construct,
    base: string,
    props: {
      readonly queueName: string;
      readonly consumer: LambdaName;
      readonly batch: Batch;
      readonly eventSenders?: readonly string[];
    },
  ): { readonly queue: Queue; readonly deadLetters: Queue } {
    const { queueName, consumer, batch, eventSenders = [] } = props;
    const deadLetters = new Queue(scope, `${base}-dlq`, {
      queueName: this.names.dlq(base),
      key: this.key,
      redrive: () => ({ kind: "queue", url: queue.url }),
    });
    const queue: Queue = new Queue(scope, base, {
      queueName,
      key: this.key,
      visibilityTimeoutSeconds: visibilityTimeoutSeconds(lambdas[consumer].timeoutSeconds, batch),
      deadLetters: { queue: deadLetters, maxReceiveCount },
      eventSenders,
    });
    return { queue, deadLetters };
  }

  /**
   * A rule for the payment events whose `routingAmountUsd` meets a condition of EventBridge's event patterns, such as
   * `{ numeric: ["<", 1000] }`.
   */
  tierRule(
    scope: Construct,
    rule: string,
    props: {
      readonly bus: EventBus;
      readonly description: string;
      readonly routingAmountUsd: Readonly<Record<string, unknown>>;
    },
  ): EventRule {
    const { bus, description, routingAmountUsd } = props;
    return new EventRule(scope, rule, {
      rule,
      description,
      names: this.names,
      bus,
      pattern: { source: [paymentEventSource], detail: { routingAmountUsd: [routingAmountUsd] } },
      key: this.key,
      alarmTopic: this.alarmTopic,
    });
  }
}
