import { randomUUID } from "node:crypto";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { PaymentEvent, RoutingThresholds } from "../../config/events.ts";
import { createEventBus } from "../../lambdas/shared/aws/event-bus.ts";
import type { LetterAttribute } from "../../lambdas/shared/domain/dead-letters.ts";
import { createTierOf } from "../../lambdas/shared/domain/routing.ts";
import { busTraceHeader } from "../../lambdas/shared/domain/trace-header.ts";
import type { Shipment } from "./delivery.ts";
import type { RedrivePorts } from "./redrive.ts";

export interface ShipperClients {
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly sns: SNSClient;
  readonly states: SFNClient;
}

/** Sends shipments; each resolves once AWS has it. */
export function createShipper(
  { sqs, eventBridge, sns, states }: ShipperClients,
  { thresholds, now }: { readonly thresholds: RoutingThresholds; readonly now: () => number },
): RedrivePorts["ship"] {
  const tierOf = createTierOf(thresholds);

  /** A PutEvents that answers may have refused its entry all the same (WEBHOOK_RULES 13). */
  async function put(busName: string, event: PaymentEvent): Promise<void> {
    const traceHeader = busTraceHeader(tierOf(event), undefined, { nowMs: now(), uuid: randomUUID() });
    const entry = { detailType: event.type, detail: JSON.stringify(event) };
    const [refusal] = await createEventBus(eventBridge, busName).put([
      traceHeader === undefined ? entry : { ...entry, traceHeader },
    ]);
    if (refusal !== undefined) throw new Error(`The bus ${busName} refused the event: ${refusal.code}`);
  }

  return async (shipment: Shipment) => {
    switch (shipment.kind) {
      case "queue": {
        const attributes = Object.entries(shipment.attributes).map(([name, value]) => [name, attributeOf(value)]);
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: shipment.url,
            MessageBody: shipment.body,
            MessageAttributes: Object.fromEntries(attributes),
          }),
        );
        return;
      }
      case "bus":
        return put(shipment.name, shipment.event);
      case "topic": {
        const { arn: TopicArn, message: Message, subject: Subject } = shipment;
        await sns.send(new PublishCommand({ TopicArn, Message, ...(Subject !== undefined && { Subject }) }));
        return;
      }
      case "state-machine":
        try {
          const { arn: stateMachineArn, name, input } = shipment;
          await states.send(new StartExecutionCommand({ stateMachineArn, name, input }));
        } catch (error) {
          // It was started by an attempt before, and has ended since.
          if (!(error instanceof ExecutionAlreadyExists)) throw error;
        }
    }
  };
}

function attributeOf({ dataType, value }: LetterAttribute): MessageAttributeValue {
  return dataType.startsWith("Binary")
    ? { DataType: dataType, BinaryValue: Buffer.from(value, "base64") }
    : { DataType: dataType, StringValue: value };
}
