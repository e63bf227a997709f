/**
 * What a Task's `Resource` asks for. Optimized integrations name their own actions; AWS SDK integrations any of the
 * service's. Patterns per https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html.
 */
import type { ServiceName } from "../../../aws/types.ts";

export interface Integration {
  readonly kind: "optimized" | "aws-sdk";
  readonly service: ServiceName;
  /** The operation's name on the wire, such as `PutItem`. */
  readonly operation: string;
  /** `dynamodb` or `aws-sdk:dynamodb`, as the history says it. */
  readonly resourceType: string;
  /** `putItem` or `updateItem.waitForTaskToken`, as the history says it. */
  readonly resource: string;
  readonly waitsForToken: boolean;
  /** Prefix of the names of its errors, such as `DynamoDB` (optimized) or `DynamoDb` (AWS SDK). */
  readonly errorPrefix: string;
  /** Error name without prefix for what the service's API doesn't model, such as throttling. */
  readonly genericError: string;
}

interface Service {
  readonly service: ServiceName;
  readonly errorPrefix: string;
  readonly genericError: string;
}

const optimized: Readonly<Record<string, Service & { actions: readonly string[]; takesToken: boolean }>> = {
  lambda: {
    service: "lambda",
    errorPrefix: "Lambda",
    genericError: "AWSLambdaException",
    actions: ["invoke"],
    takesToken: true,
  },
  dynamodb: {
    service: "dynamodb",
    errorPrefix: "DynamoDB",
    genericError: "AmazonDynamoDBException",
    actions: ["getItem", "putItem", "updateItem", "deleteItem"],
    takesToken: false,
  },
  sns: {
    service: "sns",
    errorPrefix: "SNS",
    genericError: "AmazonSNSException",
    actions: ["publish"],
    takesToken: true,
  },
  sqs: {
    service: "sqs",
    errorPrefix: "SQS",
    genericError: "AmazonSQSException",
    actions: ["sendMessage"],
    takesToken: true,
  },
  events: {
    service: "events",
    errorPrefix: "EventBridge",
    genericError: "AmazonEventBridgeException",
    actions: ["putEvents"],
    takesToken: true,
  },
  states: {
    service: "states",
    errorPrefix: "StepFunctions",
    genericError: "AWSStepFunctionsException",
    actions: ["startExecution"],
    takesToken: true,
  },
};

const sdk: Readonly<Record<string, Service>> = {
  lambda: { service: "lambda", errorPrefix: "Lambda", genericError: "LambdaException" },
  dynamodb: { service: "dynamodb", errorPrefix: "DynamoDb", genericError: "DynamoDbException" },
  sns: { service: "sns", errorPrefix: "Sns", genericError: "SnsException" },
  sqs: { service: "sqs", errorPrefix: "Sqs", genericError: "SqsException" },
  eventbridge: { service: "events", errorPrefix: "EventBridge", genericError: "EventBridgeException" },
};

const form = /^arn:aws:states:::(?<sdk>aws-sdk:)?(?<service>[a-z]+):(?<action>[A-Za-z]+)(?:\.(?<pattern>.+))?$/;

/** The integration, or the reason why this runtime can't run it. */
export function parseIntegration(resource: string): Integration | string {
  const { sdk: isSdk, service = "", action = "", pattern } = form.exec(resource)?.groups ?? {};
  const known = isSdk === undefined ? optimizedService(service, action, pattern) : sdk[service];
  if (known === undefined) return `the integration ${resource} isn't covered locally`;
  if (typeof known === "string") return `${resource}: ${known}`;
  if (pattern !== undefined && pattern !== "waitForTaskToken") return `${resource}: .${pattern} isn't covered locally`;
  return {
    kind: isSdk === undefined ? "optimized" : "aws-sdk",
    service: known.service,
    operation: action.charAt(0).toUpperCase() + action.slice(1),
    resourceType: `${isSdk ?? ""}${service}`,
    resource: pattern === undefined ? action : `${action}.${pattern}`,
    waitsForToken: pattern !== undefined,
    errorPrefix: known.errorPrefix,
    genericError: known.genericError,
  };
}

function optimizedService(name: string, action: string, pattern: string | undefined): Service | string | undefined {
  const known = optimized[name];
  if (known === undefined || !known.actions.includes(action)) return undefined;
  if (pattern !== undefined && !known.takesToken) return `AWS has .${pattern} for ${name} as aws-sdk:${name} only`;
  return known;
}
