/** A running pipeline to post webhooks to, and the AWS SDK to look at what came of them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { names } from "../../config/names.ts";
import type { ProviderName } from "../../config/providers.ts";
import { signers } from "../../lambdas/shared/providers/sign.ts";
import { type LocalProcess, startLocalProcess } from "../../local/process.ts";
import { freshPaypalSecret } from "../../local/providers/paypal/test-sender.ts";

export const environment = "dev";
export const named = names(environment);

interface SecretValue {
  readonly secrets: readonly string[];
  readonly [setting: string]: unknown;
}

const secretValues: Readonly<Record<ProviderName, SecretValue>> = {
  stripe: { secrets: ["whsec_flow_stripe"] },
  github: { secrets: ["flow-github"] },
  shopify: { secrets: ["flow-shopify"] },
  "standard-webhooks": { secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] },
  hmac: { secrets: ["flow-hmac"] },
  paypal: freshPaypalSecret(Date.now()),
  adyen: { secrets: ["F10A".repeat(16)] },
  square: { secrets: ["flow-square"], notificationUrls: ["https://flow.example/webhooks/square"] },
  paddle: { secrets: ["pdl_ntfset_flow"] },
  razorpay: { secrets: ["flow-razorpay"] },
  gocardless: { secrets: ["flow-gocardless"], accessToken: "sandbox_flow", sandbox: true },
  mollie: { secrets: ["flow-mollie", `test_${"f".repeat(30)}`] },
  braintree: { secrets: ["flowpublickey:flowprivatekey"] },
};

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A fresh directory that is removed after the file's tests. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "flow-"));
  directories.push(directory);
  return directory;
}

/** Starts the runtime with the bundles and stacks that the tests' global setup made, and with known secrets. */
export async function startPipeline(args: readonly string[]): Promise<LocalProcess> {
  const secretsFile = join(temporaryDirectory(), "secrets.json");
  writeFileSync(secretsFile, JSON.stringify(secretValues));
  return startLocalProcess(["--env", environment, "--no-build", "--secrets", secretsFile, ...args]);
}

export interface Webhook {
  readonly provider?: ProviderName;
  readonly body: object | Buffer;
  /** Signed then, in milliseconds from now. */
  readonly atMs?: number;
  readonly deliveryId?: string;
  readonly topic?: string;
}

export interface SignedWebhook {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function sign({
  provider = "stripe",
  body,
  atMs = 0,
  deliveryId = "delivery",
  topic = "",
}: Webhook): SignedWebhook {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const nowMs = Date.now() + atMs;
  const signed = signers[provider]({ body: bytes, secretValue: secretValues[provider], nowMs, deliveryId, topic });
  return { path: `/webhooks/${provider}`, headers: signed.headers, body: Buffer.from(signed.body) };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly eventId?: string; readonly status?: string; readonly error?: { readonly code: string } };
}

export async function send(
  runtime: LocalProcess,
  { path, headers, body }: SignedWebhook,
  method = "POST",
): Promise<Answer> {
  const response = await fetch(`${runtime.apiUrl}${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "GET" ? {} : { body: new Uint8Array(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
}

export interface Payment {
  readonly id: string;
  readonly amountMinor: number;
  readonly currency?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A Stripe event about a payment of its own: `evt_<id>` and `pi_<id>`. */
export function payment({ id, amountMinor, currency = "usd", metadata = {} }: Payment): object {
  const object = {
    id: `pi_${id}`,
    object: "payment_intent",
    amount: amountMinor,
    currency,
    customer: `cus_${id}`,
    metadata,
  };
  return {
    id: `evt_${id}`,
    object: "event",
    type: "payment_intent.succeeded",
    created: Math.floor(Date.now() / 1_000),
    data: { object },
  };
}

type Item = Record<string, unknown> & { readonly kind?: string };

export interface Tables {
  /** Items of a transaction: fact, raw, version, decision. */
  ofTransaction(transactionId: string): Promise<readonly Item[]>;
  /** The record of a webhook, or of a claim, in `processed-webhooks`. */
  record(eventId: string): Promise<Item | undefined>;
  /** The event's only decision, once there is one. */
  decision(transactionId: string): Promise<Item>;
}

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

export function clientOptions({ awsUrl }: LocalProcess) {
  return { endpoint: awsUrl, region: "us-east-1", credentials, maxAttempts: 1 };
}

export function tablesOf(runtime: LocalProcess): Tables {
  const client = new DynamoDBClient(clientOptions(runtime));
  const ofTransaction = async (transactionId: string) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: named.tables.transactions,
        KeyConditionExpression: "transactionId = :id",
        ExpressionAttributeValues: { ":id": { S: transactionId } },
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => unmarshall(item));
  };
  return {
    ofTransaction,
    async record(eventId) {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: named.tables.processedWebhooks,
          Key: { eventId: { S: eventId } },
          ConsistentRead: true,
        }),
      );
      return Item === undefined ? undefined : unmarshall(Item);
    },
    decision: (transactionId) =>
      until(`a decision on ${transactionId}`, async () => {
        const decisions = (await ofTransaction(transactionId)).filter(({ kind }) => kind === "decision");
        if (decisions.length > 1) throw new Error(`${decisions.length} decisions on ${transactionId}`);
        return decisions[0];
      }),
  };
}

export interface Received {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
}

/** Takes one message from a queue, as a person would who looks at it. */
export function receive(runtime: LocalProcess, queueName: string): Promise<Received> {
  const client = new SQSClient(clientOptions(runtime));
  return until(`a message on ${queueName}`, async () => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: `${runtime.awsUrl}/000000000000/${queueName}`,
        MessageAttributeNames: ["All"],
        WaitTimeSeconds: 1,
      }),
    );
    const [message] = Messages;
    if (message === undefined) return undefined;
    const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    return { body: message.Body ?? "", attributes: Object.fromEntries(attributes) };
  });
}

/** Looks until there is something. @throws Error that names what there wasn't */
export async function until<T>(what: string, look: () => Promise<T | undefined>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Within ${timeoutMs} ms there was not ${what}.`);
    await wait(25);
  }
}
