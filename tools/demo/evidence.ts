/** Reads the outcome back through the AWS SDK: tables, queues, executions, logs. Nothing here judges it. */
import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { type AttributeValue, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, ListStateMachinesCommand, paginateListExecutions } from "@aws-sdk/client-sfn";
import { GetQueueAttributesCommand, ListQueuesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Names } from "../../config/names.ts";
import type { DemoClients } from "./clients.ts";
import { hopelessQueues } from "./hopeless.ts";
import { logged } from "./logs.ts";

export interface Evidence {
  readonly facts: readonly FactSeen[];
  readonly raws: readonly { readonly eventId: string; readonly sha256: string; readonly isInline: boolean }[];
  readonly decisions: readonly { readonly eventId: string; readonly decision: string; readonly decidedBy: string }[];
  /** Key in `processed-webhooks` → status. */
  readonly claims: ReadonlyMap<string, string>;
  /** Payments in each customer's history, by `<provider>#<customer>`. */
  readonly countedPayments: ReadonlyMap<string, number>;
  /** Events that were scored. */
  readonly scoredEvents: number;
  /** Queue → messages, ready or in flight. */
  readonly queued: ReadonlyMap<string, number>;
  /** Event ids of the messages on `unroutable`, of the alerts and of the low tier's log, repeats included. */
  readonly unroutable: readonly string[];
  readonly alerts: readonly string[];
  readonly lowTierLog: readonly string[];
  /** Bodies of the messages on the dead-letter queues that are not empty by intent. */
  readonly deadLetters: ReadonlyMap<string, readonly string[]>;
  /** Executions of both machines: event id, status. */
  readonly reviews: readonly ExecutionSeen[];
  readonly workflows: readonly ExecutionSeen[];
}

interface FactSeen {
  readonly eventId: string;
  readonly transactionId: string;
  readonly type: string;
  readonly tier: string;
  readonly occurredAt: string;
  readonly amountMinor?: string;
  readonly currency?: string;
  readonly sameFactAs?: string;
}

interface ExecutionSeen {
  readonly eventId: string;
  readonly status: string;
}

export async function gatherEvidence(clients: DemoClients, names: Names, probeUrl: string): Promise<Evidence> {
  const entries = await scan(clients, names.tables.transactions);
  const counters = await scan(clients, names.tables.fraudCounters);
  const claims = await scan(clients, names.tables.processedWebhooks);
  const ofKind = (kind: string) => entries.filter((entry) => entry.kind === kind);
  return {
    facts: ofKind("fact") as unknown as FactSeen[],
    raws: await Promise.all(ofKind("raw").map((entry) => rawSeen(clients, entry))),
    decisions: ofKind("decision") as unknown as Evidence["decisions"],
    claims: new Map(claims.map(({ eventId, status }) => [String(eventId), String(status)])),
    countedPayments: new Map(
      counters.flatMap(({ counterKey, payments }) => {
        const customer = /^customer#(.*)$/.exec(String(counterKey))?.[1];
        return customer === undefined ? [] : [[customer, Number(payments)] as const];
      }),
    ),
    scoredEvents: counters.filter(({ counterKey }) => String(counterKey).startsWith("scored#")).length,
    queued: await queueDepths(clients),
    unroutable: (await drain(clients, await queueUrl(clients, names.queues.unroutable))).map(eventIdOf),
    alerts: (await drain(clients, probeUrl)).map(eventIdOf),
    lowTierLog: (await logged(clients, names.logGroup("/aws/events/low-value"))).map(
      (message) => (JSON.parse(message) as { detail: { eventId: string } }).detail.eventId,
    ),
    deadLetters: await deadLettersOn(clients, hopelessQueues(names)),
    reviews: await standardExecutions(clients, names.stateMachines.highValueReview),
    workflows: expressExecutions(
      await logged(clients, `/aws/vendedlogs/states/${names.stateMachines.transactionWorkflow}`),
    ),
  };
}

type Item = Readonly<Record<string, unknown>>;

async function scan({ dynamoDb }: DemoClients, TableName: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client: dynamoDb }, { TableName, ConsistentRead: true })) {
    for (const item of page.Items ?? []) items.push(plain(item));
  }
  return items;
}

/** Numbers as text: amounts may have more digits than a JavaScript number. */
function plain(item: Record<string, AttributeValue>): Item {
  return unmarshall(item, { wrapNumbers: (number) => number });
}

/** The hash of the bytes themselves, not the one that stands beside them; those of a claim check lie in the bucket. */
async function rawSeen(
  { s3 }: DemoClients,
  { eventId, body, encoding, bucket, key }: Item,
): Promise<Evidence["raws"][number]> {
  const isInline = body instanceof Uint8Array;
  const kept = isInline ? body : await objectAt(s3, String(bucket), String(key));
  const bytes = encoding === "zstd" ? zstdDecompressSync(kept) : kept;
  return { eventId: String(eventId), sha256: createHash("sha256").update(bytes).digest("hex"), isInline };
}

async function objectAt(s3: DemoClients["s3"], bucket: string, key: string): Promise<Uint8Array> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

async function queueUrls({ sqs }: DemoClients): Promise<string[]> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  return QueueUrls;
}

async function queueUrl(clients: DemoClients, name: string): Promise<string> {
  const url = (await queueUrls(clients)).find((one) => one.endsWith(`/${name}`));
  if (url === undefined) throw new Error(`There is no queue ${name}.`);
  return url;
}

async function queueDepths(clients: DemoClients): Promise<Map<string, number>> {
  const depths = new Map<string, number>();
  for (const QueueUrl of await queueUrls(clients)) {
    const { Attributes = {} } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    const { ApproximateNumberOfMessages = 0, ApproximateNumberOfMessagesNotVisible = 0 } = Attributes;
    const name = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
    depths.set(name, Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible));
  }
  return depths;
}

/** Bodies of all messages; they stay in the queue, invisible for a while. */
async function drain({ sqs }: DemoClients, QueueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
}

async function deadLettersOn(clients: DemoClients, queues: readonly string[]): Promise<Map<string, string[]>> {
  const letters = new Map<string, string[]>();
  for (const queue of queues) letters.set(queue, await drain(clients, await queueUrl(clients, queue)));
  return letters;
}

function eventIdOf(body: string): string {
  return (JSON.parse(body) as { eventId: string }).eventId;
}

async function standardExecutions({ states }: DemoClients, machineName: string): Promise<ExecutionSeen[]> {
  const { stateMachines = [] } = await states.send(new ListStateMachinesCommand({}));
  const stateMachineArn = stateMachines.find(({ name }) => name === machineName)?.stateMachineArn;
  const executions: ExecutionSeen[] = [];
  for await (const page of paginateListExecutions({ client: states }, { stateMachineArn })) {
    for (const { executionArn, status = "" } of page.executions ?? []) {
      const { input = "{}" } = await states.send(new DescribeExecutionCommand({ executionArn }));
      executions.push({ eventId: eventIdOf(input), status });
    }
  }
  return executions;
}

interface ExpressLogEntry {
  readonly type: string;
  readonly execution_arn: string;
  readonly details: { readonly input?: string };
}

/** An EXPRESS execution can't be described once it has ended; its log group tells of it. */
function expressExecutions(messages: readonly string[]): ExecutionSeen[] {
  const events = new Map<string, string>();
  const statuses = new Map<string, string>();
  for (const message of messages) {
    const { type, execution_arn: arn, details } = JSON.parse(message) as ExpressLogEntry;
    if (type === "ExecutionStarted") events.set(arn, eventIdOf(details.input ?? "{}"));
    const ended = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/.exec(type)?.[1];
    if (ended !== undefined) statuses.set(arn, ended.toUpperCase());
  }
  return [...events].map(([arn, eventId]) => ({ eventId, status: statuses.get(arn) ?? "RUNNING" }));
}
