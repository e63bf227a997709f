import { Construct } from "constructs";
import { usd } from "../../config/money.ts";
import highValueReview from "../../workflows/high-value-review.asl.json" with { type: "json" };
import transactionWorkflow from "../../workflows/transaction-workflow.asl.json" with { type: "json" };
import type { ContainerFunction } from "../constructs/ContainerFunction.ts";
import type { EventBus } from "../constructs/EventBus.ts";
import { MessagesAlarm } from "../constructs/MessagesAlarm.ts";
import { Queue } from "../constructs/Queue.ts";
import { StateMachine } from "../constructs/StateMachine.ts";
import type { Table } from "../constructs/Table.ts";
import type { Topic } from "../constructs/Topic.ts";
import type { PipelineKit } from "./PipelineKit.ts";

export interface WorkflowsProps {
  readonly kit: PipelineKit;
  readonly bus: EventBus;
  readonly fraudDetector: ContainerFunction;
  readonly processedWebhooks: Table;
  readonly transactions: Table;
  readonly transactionAlerts: Topic;
  /** How long a person has to answer a review before it escalates. */
  readonly reviewTimeoutSeconds: number;
  /** ARN of a state machine by its name. */
  readonly stateMachineArn: (stateMachineName: string) => string;
}

/**
 * An Express execution lives five minutes at most. A claim that outlives it by half a minute can't be taken over while
 * its execution still works.
 */
const claimLeaseSeconds = 5 * 60 + 30;

/** Medium amounts: a short workflow. High amounts: a long one, in which a person may have the word. */
export class Workflows extends Construct {
  readonly #props: WorkflowsProps;
  readonly #claim: ContainerFunction;
  readonly #workflowFailed: Queue;

  constructor(scope: Construct, id: string, props: WorkflowsProps) {
    super(scope, id);
    const { kit, bus, processedWebhooks } = props;
    this.#props = props;
    this.#claim = kit.function(this, "workflow-claim", {
      environmentVariables: {
        PROCESSED_WEBHOOKS_TABLE: processedWebhooks.tableName,
        LEASE_SECONDS: String(claimLeaseSeconds),
        ...kit.routingVariables,
        ...kit.tracingVariables,
      },
      statements: processedWebhooks.allow("UpdateItem"),
    });
    this.#workflowFailed = new Queue(this, "workflow-failed", {
      queueName: kit.names.queues.workflowFailed,
      key: kit.key,
      redrive: () => ({ kind: "bus", name: bus.busName }),
    });
    new MessagesAlarm(this, "workflow-failed-alarm", {
      queue: this.#workflowFailed,
      errorImpact: `Payments from ${usd(kit.routingThresholdsUsd.mediumFrom)} on stay without a fraud decision.`,
      firstSteps: [
        "Read error and execution of each message: npm run cli -- dlq show workflow-failed.",
        "Mend the cause. npm run cli -- show <eventId> says how far its event came.",
        "Send the events through their workflows again: npm run cli -- dlq redrive workflow-failed.",
      ],
      topic: kit.alarmTopic,
    });
    this.#medium();
    this.#high();
  }

  #medium(): void {
    const { kit, bus } = this.#props;
    const { mediumFrom, highAbove } = kit.routingThresholdsUsd;
    const range = `from ${usd(mediumFrom)} to ${usd(highAbove)}`;
    const errorImpact = `Payments ${range} stay without a fraud decision and an alert.`;
    const stateMachine = new StateMachine(this, "transaction-workflow", {
      ...this.#common(kit.names.stateMachines.transactionWorkflow),
      type: "EXPRESS",
      template: transactionWorkflow,
      substitutions: this.#substitutions(),
      errorImpact,
    });
    const rule = kit.tierRule(this, "medium-value", {
      bus,
      description: `Events ${range}, both included, start transaction-workflow.`,
      routingAmountUsd: { numeric: [">=", mediumFrom, "<=", highAbove] },
    });
    rule.addTarget("transaction-workflow", { receiver: { kind: "state machine", stateMachine }, errorImpact });
  }

  #high(): void {
    const { kit, bus, reviewTimeoutSeconds } = this.#props;
    const { highAbove } = kit.routingThresholdsUsd;
    const errorImpact = `Payments above ${usd(highAbove)} stay without a fraud decision, a review and an alert.`;
    const stateMachine = new StateMachine(this, "high-value-review", {
      ...this.#common(kit.names.stateMachines.highValueReview),
      type: "STANDARD",
      template: highValueReview,
      substitutions: { ...this.#substitutions(), reviewTimeoutSeconds },
      errorImpact,
    });
    const rule = kit.tierRule(this, "high-value", {
      bus,
      description: `Events above ${usd(highAbove)} start high-value-review.`,
      routingAmountUsd: { numeric: [">", highAbove] },
    });
    rule.addTarget("high-value-review", { receiver: { kind: "state machine", stateMachine }, errorImpact });
  }

  /** Both machines call the same functions, tables, topic and queue. */
  #common(stateMachineName: string) {
    const { kit, fraudDetector, processedWebhooks, transactions, transactionAlerts, stateMachineArn } = this.#props;
    return {
      stateMachineName,
      stateMachineArn: stateMachineArn(stateMachineName),
      statements: [
        ...this.#claim.allowInvoke(),
        ...fraudDetector.allowInvoke(),
        ...transactions.allow("PutItem"),
        ...processedWebhooks.allow("UpdateItem"),
        ...transactionAlerts.allowPublish(),
        ...this.#workflowFailed.allowSend(),
      ],
      logs: kit.logs,
      alarmTopic: kit.alarmTopic,
      tracing: kit.tracing,
    };
  }

  #substitutions() {
    const { fraudDetector, processedWebhooks, transactions, transactionAlerts } = this.#props;
    return {
      workflowClaimArn: this.#claim.arn,
      fraudDetectorArn: fraudDetector.arn,
      processedWebhooksTable: processedWebhooks.tableName,
      transactionsTable: transactions.tableName,
      transactionAlertsArn: transactionAlerts.arn,
      workflowFailedQueueUrl: this.#workflowFailed.url,
    };
  }
}
