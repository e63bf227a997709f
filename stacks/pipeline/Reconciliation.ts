import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { lambdas } from "../../config/lambdas.ts";
import { indexes } from "../../config/names.ts";
import type { LedgerProvider } from "../../config/reconciliation.ts";
import webhookReconciliation from "../../workflows/webhook-reconciliation.asl.json" with { type: "json" };
import type { Bucket } from "../constructs/Bucket.ts";
import type { ContainerFunction } from "../constructs/ContainerFunction.ts";
import { MessagesAlarm } from "../constructs/MessagesAlarm.ts";
import type { Statement } from "../constructs/policy.ts";
import type { Queue } from "../constructs/Queue.ts";
import { Schedule } from "../constructs/Schedule.ts";
import { StateMachine } from "../constructs/StateMachine.ts";
import type { Table } from "../constructs/Table.ts";
import { Topic, type TopicProps } from "../constructs/Topic.ts";
import type { PipelineKit } from "./PipelineKit.ts";
import { watchReconciliation } from "./watchReconciliation.ts";

export interface ReconciliationProps {
  readonly kit: PipelineKit;
  /** Whose books are compared with ours. */
  readonly providers: readonly LedgerProvider[];
  /** ARN of the secret with each one's API key, and what reading them takes. */
  readonly apiKeyArns: Readonly<Partial<Record<LedgerProvider, string>>>;
  readonly readApiKeys: readonly Statement[];
  readonly processedWebhooks: Table;
  readonly transactions: Table;
  readonly reconciliation: Table;
  readonly archive: Bucket;
  /** Takes bodies of re-entered events that are too large for a message. */
  readonly webhookPayloads: Bucket;
  /** Takes what is re-entered. */
  readonly webhookEvents: Queue;
  /** Who hears of what a run finds, and by telephone of what is critical. */
  readonly recipients: { readonly emails: readonly string[]; readonly phoneNumbers: readonly string[] };
  /** Lets CloudWatch's alarms publish what can't wait, beside the function. */
  readonly alarmPublishers: TopicProps["publishers"];
  /** ARN of a state machine by its name. */
  readonly stateMachineArn: (stateMachineName: string) => string;
}

const base = "webhook-reconciliation";

/** What was re-entered goes through queue, ledger and bus within seconds; a backlog of minutes is left to the next run. */
const settleAfterSeconds = 120;

const { errorImpact } = lambdas[base];
const startAgain = "npm run cli -- reconcile run";

/** Every night: the providers' own books against ours. What was missed is made up for, what differs is reported. */
export class Reconciliation extends Construct {
  /** What can't wait: critical findings, and alarms that page. */
  readonly criticalSystemAlerts: Topic;
  readonly #props: ReconciliationProps;

  constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    this.#props = props;
    const { kit, stateMachineArn } = props;
    this.criticalSystemAlerts = this.#topic("critical-alerts", {
      topicName: kit.names.topics.criticalSystemAlerts,
      base: "critical-system-alerts",
      displayName: "Critical",
      phoneNumbers: props.recipients.phoneNumbers,
      publishers: props.alarmPublishers,
    });
    const reconciliation = this.#function();
    const stateMachineName = kit.names.stateMachines.webhookReconciliation;
    const stateMachine = new StateMachine(this, "state-machine", {
      stateMachineName,
      roleName: kit.names.role(`run-${base}`),
      stateMachineArn: stateMachineArn(stateMachineName),
      type: "STANDARD",
      template: webhookReconciliation,
      substitutions: { webhookReconciliationArn: reconciliation.arn, settleAfterSeconds },
      statements: reconciliation.allowInvoke(),
      logs: kit.logs,
      errorImpact,
      firstSteps: [
        `Read the cause in /aws/vendedlogs/states/${stateMachineName}.`,
        "Mend it. What a provider does wrong never ends a run, so the cause is ours.",
        `Start a run: ${startAgain} --wait. It checks everything since the last time that all was checked.`,
      ],
      alarmTopic: kit.alarmTopic,
      tracing: kit.tracing,
    });
    new Schedule(this, "schedule", {
      scheduleName: kit.names.schedule(base),
      groupName: kit.names.scheduleGroupOf(base),
      description: "Compares the last day of the providers' books, and an overlap, with ours.",
      expression: "cron(0 2 * * ? *)",
      stateMachine,
      everyHours: 24,
      input: { scheduledAt: "<aws.scheduler.scheduled-time>" },
      roleName: kit.names.role(`start-${base}`),
      deadLetterQueueName: kit.names.dlq(base),
      key: kit.key,
      errorImpact,
      firstSteps: [
        `Read ERROR_MESSAGE of a message: npm run cli -- dlq show ${base}-dlq --message.`,
        `Mend the cause, which usually is the role start-${base} or the key's policy.`,
        `Start a run: ${startAgain} --wait. One makes up for all messages, so drop them then.`,
      ],
      alarmTopic: kit.alarmTopic,
    });
    watchReconciliation(this, props.kit);
    new TerraformOutput(this, "WebhookReconciliationArn", {
      description: "The state machine that compares the providers' books with ours.",
      value: stateMachine.arn,
    }).overrideLogicalId("WebhookReconciliationArn");
  }

  #function(): ContainerFunction {
    const { kit, providers, apiKeyArns, readApiKeys, processedWebhooks } = this.#props;
    const { transactions, reconciliation, archive, webhookPayloads, webhookEvents } = this.#props;
    const alerts = this.#topic("alerts", {
      topicName: kit.names.topics.reconciliationAlerts,
      base: `${base}-alerts`,
      displayName: "Reconcile",
      phoneNumbers: [],
      publishers: [],
    });
    return kit.function(this, base, {
      environmentVariables: {
        PROCESSED_WEBHOOKS_TABLE: processedWebhooks.tableName,
        TRANSACTIONS_TABLE: transactions.tableName,
        RECONCILIATION_TABLE: reconciliation.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        WEBHOOK_EVENTS_QUEUE_URL: webhookEvents.url,
        WEBHOOK_PAYLOADS_BUCKET: webhookPayloads.bucketName,
        RECONCILED_PROVIDERS: JSON.stringify(providers),
        API_KEY_SECRETS: JSON.stringify(apiKeyArns),
        ALERTS_TOPIC_ARN: alerts.arn,
        CRITICAL_ALERTS_TOPIC_ARN: this.criticalSystemAlerts.arn,
        ...kit.routingVariables,
      },
      statements: [
        ...readApiKeys,
        ...processedWebhooks.allow("BatchGetItem"),
        ...transactions.allow("BatchGetItem", "Query"),
        ...transactions.allowQuery(indexes.archive),
        ...reconciliation.allow("BatchGetItem", "GetItem", "Scan", "UpdateItem"),
        ...reconciliation.allowQuery(indexes.openDiscrepancies),
        ...archive.allowList(),
        ...archive.allowGet("reconciliation/", "staging/reconciliation/"),
        ...archive.allowPut("reconciliation/", "staging/reconciliation/"),
        ...webhookPayloads.allowPut(),
        ...webhookEvents.allowSend(),
        ...alerts.allowPublish(),
        ...this.criticalSystemAlerts.allowPublish(),
      ],
    });
  }

  #topic(
    id: string,
    about: {
      readonly topicName: string;
      /** Of its dead-letter queue's name. */
      readonly base: string;
      readonly displayName: string;
      readonly phoneNumbers: readonly string[];
      readonly publishers: TopicProps["publishers"];
    },
  ): Topic {
    const { kit, recipients } = this.#props;
    const topic = new Topic(this, id, {
      topicName: about.topicName,
      deadLetterQueueName: kit.names.dlq(about.base),
      displayName: about.displayName,
      key: kit.key,
      emails: recipients.emails,
      phoneNumbers: about.phoneNumbers,
      publishers: about.publishers,
    });
    new MessagesAlarm(this, `${id}-dead-letters`, {
      queue: topic.deadLetters,
      errorImpact: "None for customers: somebody who should hear of what a reconciliation found does not.",
      firstSteps: [
        "Read what was not delivered and pass it on: npm run cli -- dlq show. What is critical comes first.",
        "Find the recipient that can't be reached, and correct its address in config/environments.ts.",
        "Deploy, have the address confirmed, and drop the messages that are passed on.",
      ],
      topic: kit.alarmTopic,
    });
    return topic;
  }
}
