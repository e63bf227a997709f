/**
 * SQS and SNS are played by fauxqs, in process. The package exports only a server that listens on every interface;
 * its stores and operations are reached by file path instead (the version is pinned exactly), so that a message costs
 * microseconds, nothing listens but our own endpoint, and waits can be scaled.
 */
import { existsSync, mkdirSync } from "node:fs";
import { AwsError, localRegion } from "../aws/types.ts";

/** What we use of a fauxqs queue. Times in its API are seconds; fractions are fine. */
interface FauxqsQueue {
  readonly name: string;
  /** Names the port of the endpoint, which may be another one at the next start. */
  url: string;
  readonly arn: string;
  readonly attributes: Record<string, string>;
  readonly messages: readonly { readonly sentTimestamp: number }[];
  readonly delayedMessages: readonly unknown[];
  readonly inflightMessages: Map<
    string,
    { visibilityDeadline: number; readonly message: { readonly sentTimestamp: number } }
  >;
  setAttributes(attributes: Record<string, string>): void;
}

interface SqsStore {
  host: string;
  region: string;
  persistence: unknown;
  createQueue(name: string, url: string, arn: string, attributes: Record<string, string>): FauxqsQueue;
  getQueue(url: string): FauxqsQueue | undefined;
  getQueueByName(name: string): FauxqsQueue | undefined;
  getQueueByArn(arn: string): FauxqsQueue | undefined;
  allQueues(): Iterable<FauxqsQueue & { persistence: unknown }>;
  shutdown(): void;
}

interface SnsStore {
  region: string;
  readonly subscriptions: ReadonlyMap<
    string,
    { readonly topicArn: string; readonly protocol: string; readonly endpoint: string; readonly confirmed: boolean }
  >;
  persistence: unknown;
  createTopic(name: string, attributes: Record<string, string>, tags: undefined, region: string): { arn: string };
  subscribe(topicArn: string, protocol: string, endpoint: string, attributes?: Record<string, string>): unknown;
}

interface Injected {
  readonly statusCode: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly rawPayload: Buffer;
}

/** Two actions read the request: its host goes into a new queue's URL; without a signature the region is the store's. */
type SqsAction = (
  input: Record<string, unknown>,
  store: SqsStore,
  request: { readonly headers: { readonly host: string } },
) => unknown;

export interface Fauxqs {
  readonly sqs: SqsStore;
  readonly sns: SnsStore;
  /** An SQS operation with the SDK's input; throws AwsError. */
  callSqs(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** A request of the query protocol (SNS). */
  inject(request: {
    method: string;
    url: string;
    headers: Record<string, string>;
    payload: Buffer | string;
  }): Promise<Injected>;
  stop(): Promise<void>;
}

const sqsActions = [
  "GetQueueUrl",
  "ListQueues",
  "GetQueueAttributes",
  "SetQueueAttributes",
  "PurgeQueue",
  "CreateQueue",
  "DeleteQueue",
  "SendMessage",
  "SendMessageBatch",
  "ReceiveMessage",
  "DeleteMessage",
  "DeleteMessageBatch",
  "ChangeMessageVisibility",
  "ChangeMessageVisibilityBatch",
  "ListQueueTags",
] as const;

/** What the reference of SendMessage doesn't list as allowed in a body; by code point, so that lone surrogates count. */
const notInSqsBodies = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

export interface FauxqsOptions {
  /** `127.0.0.1:4566`, of the AWS endpoint: queues that are created by a call get their URLs from it. */
  readonly host: string;
  /** Where state is kept; in memory when absent. */
  readonly directory?: string;
}

export async function startFauxqs({ host, directory }: FauxqsOptions): Promise<Fauxqs> {
  const root = new URL("./", import.meta.resolve("fauxqs"));
  // biome-ignore lint/suspicious/noExplicitAny: the package types only its root; what we use is typed above.
  const load = async (path: string): Promise<any> => import(new URL(path, root).href);
  const [{ SqsStore }, { SnsStore }, { S3Store }, { buildApp }, { SqsError }, sqsTypes] = await Promise.all([
    load("sqs/sqsStore.js"),
    load("sns/snsStore.js"),
    load("s3/s3Store.js"),
    load("app.js"),
    load("common/errors.js"),
    load("sqs/sqsTypes.js"),
  ]);
  // The package's own test refuses everything above U+FFFF, such as an emoji in an id, which SQS takes.
  (sqsTypes.INVALID_MESSAGE_BODY_CHAR as RegExp).test = (text) => notInSqsBodies.test(text);
  const stores = {
    sqsStore: new SqsStore() as SqsStore,
    snsStore: new SnsStore() as SnsStore,
    // Never used, but the package loads and serves all three together.
    s3Store: new S3Store() as unknown,
  };
  const persistence = directory === undefined ? undefined : await attachPersistence(directory, load, stores);
  // Without a host its queue lookups go by name, whatever host the URL has.
  stores.sqsStore.host = "";
  stores.sqsStore.region = localRegion;
  stores.snsStore.region = localRegion;
  const app = buildApp({ logger: false, stores });
  await app.ready();

  const actions = new Map<string, SqsAction>();
  await Promise.all(
    sqsActions.map(async (operation) => {
      const file = operation.charAt(0).toLowerCase() + operation.slice(1);
      actions.set(operation, (await load(`sqs/actions/${file}.js`))[file]);
    }),
  );
  return {
    sqs: stores.sqsStore,
    sns: stores.snsStore,
    async callSqs(operation, input) {
      const action = actions.get(operation);
      if (action === undefined) throw new AwsError("UnsupportedOperation", `SQS ${operation} is not covered locally.`);
      try {
        return ((await action(input, stores.sqsStore, { headers: { host } })) ?? {}) as Record<string, unknown>;
      } catch (error) {
        if (error instanceof SqsError) {
          const failure = error as Error & { code: string; statusCode: number };
          throw new AwsError(failure.code, failure.message, { status: failure.statusCode });
        }
        throw error;
      }
    },
    inject: (request) => app.inject(request) as Promise<Injected>,
    async stop() {
      stores.sqsStore.shutdown();
      await app.close();
      persistence?.close();
    },
  };
}

async function attachPersistence(
  directory: string,
  // biome-ignore lint/suspicious/noExplicitAny: see startFauxqs.
  load: (path: string) => Promise<any>,
  stores: { sqsStore: SqsStore; snsStore: SnsStore; s3Store: unknown },
): Promise<{ close(): void }> {
  if (!existsSync(directory)) mkdirSync(directory, { recursive: true });
  const { PersistenceManager } = await load("persistence.js");
  const manager = new PersistenceManager(directory);
  // What is written survives the end of the process either way; a disk flush per message would only slow it down.
  manager.db.exec("PRAGMA synchronous = NORMAL");
  // The package's own clears the count of receives too, which its table refuses, after the queue has let go of the message:
  // made visible again at once, a message would be gone until the next start.
  const makeReady = manager.db.prepare(
    "UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?",
  );
  manager.updateMessageReady = (messageId: string) => makeReady.run(messageId);
  // Loading comes first: assigned earlier, its own writes during the load would delete what is being loaded.
  manager.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  stores.sqsStore.persistence = manager;
  stores.snsStore.persistence = manager;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = manager;
  return manager;
}
