import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { indexes } from "../../config/names.ts";
import dailyArchive from "../../workflows/daily-archive.asl.json" with { type: "json" };
import type { Bucket } from "../constructs/Bucket.ts";
import type { ContainerFunction } from "../constructs/ContainerFunction.ts";
import type { Queue } from "../constructs/Queue.ts";
import { Schedule } from "../constructs/Schedule.ts";
import type { SigningKey } from "../constructs/SigningKey.ts";
import { StateMachine } from "../constructs/StateMachine.ts";
import type { Table } from "../constructs/Table.ts";
import type { PipelineKit } from "./PipelineKit.ts";

export interface ArchivalProps {
  readonly kit: PipelineKit;
  readonly transactions: Table;
  readonly processedWebhooks: Table;
  readonly archive: Bucket;
  /** Where bodies lie that were too large for a message. */
  readonly webhookPayloads: Bucket;
  readonly signingKey: SigningKey;
  readonly webhookEvents: Queue;
  readonly webhookEventsDeadLetters: Queue;
  /** Parts in which an hour is archived. */
  readonly slicesPerHour: number;
  /** ARN of a state machine by its name. */
  readonly stateMachineArn: (stateMachineName: string) => string;
}

/** Room for an hour's transactions and raw bodies as Parquet, of which one object each is being written. */
const ephemeralStorageMb = 2_048;

const errorImpact = "None for customers: a day isn't sealed, so finance can't prove it yet.";

/** Once a day: what was received two days ago goes from the table to sealed Parquet objects. */
export class Archival extends Construct {
  readonly #props: ArchivalProps;

  constructor(scope: Construct, id: string, props: ArchivalProps) {
    super(scope, id);
    this.#props = props;
    const { kit, stateMachineArn } = props;
    const [plan, archival, seal, release] = [this.#plan(), this.#archival(), this.#seal(), this.#release()];
    const stateMachineName = kit.names.stateMachines.dailyArchive;
    const stateMachine = new StateMachine(this, "daily-archive", {
      stateMachineName,
      stateMachineArn: stateMachineArn(stateMachineName),
      type: "STANDARD",
      template: dailyArchive,
      substitutions: {
        archivePlanArn: plan.arn,
        transactionArchivalArn: archival.arn,
        archiveSealArn: seal.arn,
        archiveReleaseArn: release.arn,
      },
      statements: [plan, archival, seal, release].flatMap((each) => each.allowInvoke()),
      startsItself: true,
      logs: kit.logs,
      errorImpact,
      firstSteps: [
        `Read the cause in /aws/vendedlogs/states/${stateMachineName}.`,
        "Mend it. The day's transactions stay in the table until they are sealed.",
        "Start an execution with the input {}: it archives every day that is due.",
      ],
      alarmTopic: kit.alarmTopic,
      tracing: kit.tracing,
    });
    new Schedule(this, "schedule", {
      scheduleName: kit.names.schedule("daily-archive"),
      groupName: kit.names.scheduleGroup,
      description: "Seals the day that ended 27 hours ago, and what came late for earlier ones.",
      expression: "cron(0 3 * * ? *)",
      everyHours: 24,
      stateMachine,
      input: { scheduledAt: "<aws.scheduler.scheduled-time>" },
      roleName: kit.names.role("start-daily-archive"),
      deadLetterQueueName: kit.names.dlq("daily-archive"),
      key: kit.key,
      errorImpact,
      firstSteps: [
        "Read ERROR_MESSAGE of a message: npm run cli -- dlq show daily-archive-dlq --message.",
        "Mend the cause, which usually is the role start-daily-archive or the key's policy.",
        "Start an execution with the message's body, then drop the message.",
      ],
      alarmTopic: kit.alarmTopic,
    });
    new TerraformOutput(this, "DailyArchiveArn", {
      description: "The state machine that seals days.",
      value: stateMachine.arn,
    }).overrideLogicalId("DailyArchiveArn");
  }

  #plan(): ContainerFunction {
    const { kit, transactions, archive, slicesPerHour } = this.#props;
    return kit.function(this, "archive-plan", {
      environmentVariables: {
        TRANSACTIONS_TABLE: transactions.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        SLICES_PER_HOUR: String(slicesPerHour),
      },
      statements: [...transactions.allowQuery(indexes.archive), ...archive.allowList()],
    });
  }

  #archival(): ContainerFunction {
    const { kit, transactions, archive, webhookPayloads } = this.#props;
    return kit.function(this, "transaction-archival", {
      environmentVariables: { TRANSACTIONS_TABLE: transactions.tableName, ARCHIVE_BUCKET: archive.bucketName },
      statements: [
        ...transactions.allowQuery(indexes.archive),
        ...transactions.allow("BatchGetItem"),
        ...webhookPayloads.allowList(),
        ...webhookPayloads.allowGet(),
        ...archive.allowList(),
        ...archive.allowGet("event-ids/", "manifests/", "raw/", "staging/", "transactions/"),
        ...archive.allowPut("event-ids/", "raw/", "staging/", "transactions/"),
      ],
      ephemeralStorageMb,
    });
  }

  #seal(): ContainerFunction {
    const { kit, processedWebhooks, archive, signingKey } = this.#props;
    const { webhookEvents, webhookEventsDeadLetters } = this.#props;
    return kit.function(this, "archive-seal", {
      environmentVariables: {
        ARCHIVE_BUCKET: archive.bucketName,
        PROCESSED_WEBHOOKS_TABLE: processedWebhooks.tableName,
        SIGNING_KEY_ARN: signingKey.arn,
        WEBHOOK_EVENTS_QUEUE_URL: webhookEvents.url,
        WEBHOOK_EVENTS_DLQ_URL: webhookEventsDeadLetters.url,
      },
      statements: [
        ...processedWebhooks.allow("Scan"),
        ...webhookEvents.allowCount(),
        ...webhookEventsDeadLetters.allowCount(),
        ...signingKey.allowSign(),
        ...archive.allowList(),
        ...archive.allowGet("chain/", "lists/", "manifests/", "raw/", "staging/", "transactions/"),
        ...archive.allowPut("chain/", "lists/", "manifests/", "staging/", "tables/"),
      ],
    });
  }

  #release(): ContainerFunction {
    const { kit, transactions, archive } = this.#props;
    return kit.function(this, "archive-release", {
      environmentVariables: { TRANSACTIONS_TABLE: transactions.tableName, ARCHIVE_BUCKET: archive.bucketName },
      statements: [
        ...transactions.allow("BatchGetItem"),
        ...transactions.allowUpdateOf("transactionId", "entry", "archivePartition", "ttl"),
        ...archive.allowList(),
        ...archive.allowGet("manifests/", "transactions/"),
      ],
    });
  }
}
