/** What the demo sets up before it sends: the providers' secrets, and a queue that listens to the alerts. */
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ListTopicsCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Names } from "../../config/names.ts";
import type { ProviderName } from "../../config/providers.ts";
import type { DemoClients } from "./clients.ts";
import type { Random } from "./random.ts";

/** Whom the demo plays. */
const played = ["stripe", "github", "shopify", "standard-webhooks", "hmac"] as const satisfies readonly ProviderName[];

/** Sets the secret of each provider that is played to one that the seed decides, in the form that all of these take. */
export async function setSecrets(
  { secrets }: DemoClients,
  names: Names,
  random: Random,
): Promise<Record<ProviderName, unknown>> {
  const entries: [ProviderName, unknown][] = [];
  for (const provider of played) {
    const value = { secrets: [`whsec_${Buffer.from(random.hex(48), "hex").toString("base64")}`] };
    const SecretId = names.providerSecret(provider);
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(value) }));
    entries.push([provider, value]);
  }
  return Object.fromEntries(entries) as Record<ProviderName, unknown>;
}

/** The queues that listen to the alerts: of payments, and of what a reconciliation finds or can't check. */
export const probeNames = { payments: "demo-alert-probe", reconciliation: "demo-reconciliation-probe" } as const;

/** Subscribes fresh queues to the alerts. */
export async function probeAlerts(clients: DemoClients, { topics }: Names): Promise<void> {
  await probe(clients, probeNames.payments, topics.transactionAlerts);
  await probe(clients, probeNames.reconciliation, topics.reconciliationAlerts);
}

async function probe({ sqs, sns }: DemoClients, QueueName: string, topicName: string): Promise<void> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const topic = Topics.find(({ TopicArn }) => TopicArn?.endsWith(`:${topicName}`));
  if (topic?.TopicArn === undefined) throw new Error(`There is no topic ${topicName}.`);
  const subscription = { TopicArn: topic.TopicArn, Protocol: "sqs", Endpoint: Attributes?.QueueArn };
  await sns.send(new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: "true" } }));
}
