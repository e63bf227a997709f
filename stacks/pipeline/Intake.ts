import { Construct } from "constructs";
import { fx, staleRatesCode } from "../../config/fx.ts";
import { lambdas } from "../../config/lambdas.ts";
import type { ProviderName } from "../../config/providers.ts";
import type { Bucket } from "../constructs/Bucket.ts";
import { LogCodeAlarm } from "../constructs/LogCodeAlarm.ts";
import type { LogGroup } from "../constructs/LogGroup.ts";
import type { Statement } from "../constructs/policy.ts";
import type { Queue } from "../constructs/Queue.ts";
import type { Batch } from "../constructs/QueueConsumer.ts";
import { WebFirewall } from "../constructs/WebFirewall.ts";
import { WebhookApi } from "../constructs/WebhookApi.ts";
import type { PipelineKit } from "./PipelineKit.ts";

export interface IntakeProps {
  readonly kit: PipelineKit;
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number };
  /** ARN of each provider's secret, and what reading them takes. */
  readonly secretArns: Readonly<Record<ProviderName, string>>;
  readonly readSecrets: readonly Statement[];
  /** Takes the bodies that are too large for a message. */
  readonly webhookPayloads: Bucket;
  /** A firewall before the API, if there is to be one. */
  readonly webFirewall?: { readonly requestsPerFiveMinutes: number };
  readonly region: string;
}

/** Ten is the most that SQS gives without waiting, and an event should not wait. */
export const webhookEventsBatch: Batch = { size: 10, windowSeconds: 0 };

const stageName = "v1";

/** From the provider's post to the queue: API → webhook-validator → webhook-events. */
export class Intake extends Construct {
  readonly webhookEvents: Queue;
  readonly webhookEventsDeadLetters: Queue;
  readonly apiUrl: string;
  readonly accessLogs: LogGroup;
  /** What X-Ray calls the API's stage. */
  readonly apiStage: string;

  constructor(scope: Construct, id: string, props: IntakeProps) {
    super(scope, id);
    const { kit, throttling, secretArns, readSecrets, webhookPayloads, webFirewall, region } = props;
    const { queue, deadLetters } = kit.consumedQueue(this, "webhook-events", {
      queueName: kit.names.queues.webhookEvents,
      consumer: "webhook-dedup",
      batch: webhookEventsBatch,
    });
    const validator = kit.function(this, "webhook-validator", {
      environmentVariables: {
        WEBHOOK_EVENTS_QUEUE_URL: queue.url,
        WEBHOOK_PAYLOADS_BUCKET: webhookPayloads.bucketName,
        PROVIDER_SECRETS: JSON.stringify(secretArns),
        ...kit.routingVariables,
        ...kit.tracingVariables,
      },
      statements: [...readSecrets, ...queue.allowSend(), ...webhookPayloads.allowPut()],
    });
    new LogCodeAlarm(this, "stale-rates", {
      alarmName: `${kit.names.lambda("webhook-validator")}-${staleRatesCode}`,
      logGroup: validator.logGroup,
      code: staleRatesCode,
      errorImpact: "Payments in currencies other than USD may take the wrong tier; booked amounts stay right.",
      firstSteps: [
        `See since when, with the runbook's command: the table is older than ${fx.staleAfterDays} days.`,
        "Put your treasury's rates into config/fx.ts, with their date.",
        "Deploy. It rings on for a day after the last environment of the old release ended.",
      ],
      topic: kit.alarmTopic,
    });
    const api = new WebhookApi(this, "api", {
      apiName: kit.names.restApi,
      description: lambdas["webhook-validator"].description,
      stageName,
      paths: ["/webhook", "/webhooks/{provider}"],
      handler: validator,
      throttling,
      logs: kit.logs,
      tracing: kit.tracing,
    });
    if (webFirewall !== undefined) {
      new WebFirewall(this, "firewall", {
        firewallName: kit.names.webFirewall,
        stageArn: api.stageArn,
        requestsPerFiveMinutes: webFirewall.requestsPerFiveMinutes,
        region,
        alarmTopic: kit.alarmTopic,
      });
    }
    this.webhookEvents = queue;
    this.webhookEventsDeadLetters = deadLetters;
    this.apiUrl = api.url;
    this.accessLogs = api.accessLogs;
    this.apiStage = `${kit.names.restApi}/${stageName}`;
  }
}
