import { Construct } from "constructs";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { metricIn } from "../../config/metrics.ts";
import { indexes } from "../../config/names.ts";
import { Alarm } from "../constructs/Alarm.ts";
import type { Bucket } from "../constructs/Bucket.ts";
import { endQueuesIn } from "../constructs/deadLetterQueues.ts";
import type { EventBus } from "../constructs/EventBus.ts";
import type { Statement } from "../constructs/policy.ts";
import { Queue } from "../constructs/Queue.ts";
import { type FunctionTarget, Schedule } from "../constructs/Schedule.ts";
import type { Table } from "../constructs/Table.ts";
import type { PipelineKit } from "./PipelineKit.ts";

export interface SweepsProps {
  readonly kit: PipelineKit;
  readonly bus: EventBus;
  readonly processedWebhooks: Table;
  readonly transactions: Table;
  readonly archive: Bucket;
  /** Where the queues are whose messages are copied: all that are in it by then. */
  readonly pipeline: Construct;
}

interface Scheduled {
  readonly description: string;
  readonly expression: string;
  readonly everyHours: number;
  readonly finished: FunctionTarget["finished"];
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
}

/** What walks through by the clock, so that nothing stays lost: undecided events, and letters that SQS would forget. */
export class Sweeps extends Construct {
  readonly #kit: PipelineKit;

  constructor(scope: Construct, id: string, props: SweepsProps) {
    super(scope, id);
    this.#kit = props.kit;
    this.#decisions(props);
    this.#deadLetters(props);
  }

  #decisions({ kit, bus, processedWebhooks, transactions }: SweepsProps): void {
    this.#everySoOften("decision-sweep", {
      description: "Looks for events that have waited for a decision for an hour to three days.",
      expression: "cron(30 * * * ? *)",
      everyHours: 1,
      finished: metricIn(kit.environment, "DecisionSweep.Finished"),
      environmentVariables: {
        PROCESSED_WEBHOOKS_TABLE: processedWebhooks.tableName,
        TRANSACTIONS_TABLE: transactions.tableName,
        EVENT_BUS_NAME: bus.busName,
      },
      statements: [
        ...transactions.allowQuery(indexes.archive),
        ...transactions.allow("BatchGetItem"),
        ...processedWebhooks.allow("BatchGetItem", "GetItem", "UpdateItem"),
        ...processedWebhooks.allowQuery(indexes.undecidedEvents),
        ...bus.allowPutEvents(),
      ],
    });
    new Alarm(this, "undecided", {
      alarmName: `${kit.names.lambda("decision-sweep")}-undecided`,
      errorImpact: lambdas["decision-sweep"].errorImpact,
      firstSteps: [
        "List them: npm run cli -- undecided list.",
        "See where each stopped with npm run cli -- show <eventId>, and mend that.",
        "Have them decided: npm run cli -- replay <eventId> --go. Give up what needs no decision any more.",
      ],
      ...metricIn(kit.environment, "DecisionSweep.Undecided"),
      statistic: "Maximum",
      // A sweep an hour: it rings until one has looked at all that are left and finds none.
      periodSeconds: 60 * 60,
      ringsWithoutData: true,
      above: 0,
      topic: kit.alarmTopic,
    });
  }

  #deadLetters({ kit, archive, pipeline }: SweepsProps): void {
    const own = this.#queueFor("dead-letter-copy");
    const queues = endQueuesIn(pipeline);
    this.#everySoOften(
      "dead-letter-copy",
      {
        description: "Copies what lies in dead-letter queues into the archive's bucket.",
        expression: "cron(0 4 * * ? *)",
        everyHours: 24,
        finished: metricIn(kit.environment, "DeadLetterCopy.Finished"),
        environmentVariables: {
          ARCHIVE_BUCKET: archive.bucketName,
          DEAD_LETTER_QUEUES: JSON.stringify(queues.map(({ queueName: name, url }) => ({ name, url }))),
        },
        statements: [...queues.flatMap((queue) => queue.allowLook()), ...archive.allowPut("dead-letters/")],
      },
      own,
    );
  }

  #queueFor(lambda: LambdaName): Queue {
    return new Queue(this, `${lambda}-dlq`, {
      queueName: this.#kit.names.dlq(lambda),
      key: this.#kit.key,
      redrive: () => ({
        kind: "none",
        why: "The next run by the clock does what this one left undone: drop it once the cause is mended.",
      }),
    });
  }

  /** A function that the clock invokes, and the queue for what it fails at. */
  #everySoOften(lambda: LambdaName, scheduled: Scheduled, deadLetters: Queue = this.#queueFor(lambda)): void {
    const kit = this.#kit;
    const { environmentVariables, statements, ...schedule } = scheduled;
    const invoked = kit.function(this, lambda, { environmentVariables, statements, deadLetters });
    new Schedule(this, `${lambda}-schedule`, {
      scheduleName: kit.names.schedule(lambda),
      groupName: kit.names.scheduleGroupOf(lambda),
      ...schedule,
      invoked,
      input: { scheduledAt: "<aws.scheduler.scheduled-time>" },
      roleName: kit.names.role(`start-${lambda}`),
      errorImpact: lambdas[lambda].errorImpact,
      firstSteps: [
        `Read the messages' attributes: npm run cli -- dlq show ${lambda}-dlq --message.`,
        "Mend the cause: the schedule's role, or what the function failed at.",
        "Drop the messages. The next run makes up for this one.",
      ],
      alarmTopic: kit.alarmTopic,
    });
  }
}
