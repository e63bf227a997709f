import type { DescribeEventBusResponse } from "@aws-sdk/client-eventbridge";
import type { EventBusConfig } from "./config.ts";

export function describeEventBus(bus: EventBusConfig): DescribeEventBusResponse {
  return {
    Name: bus.name,
    Arn: bus.arn,
    Description: bus.description,
    KmsKeyIdentifier: bus.kmsKeyIdentifier,
    ...(bus.deadLetterArn !== undefined && { DeadLetterConfig: { Arn: bus.deadLetterArn } }),
  };
}
