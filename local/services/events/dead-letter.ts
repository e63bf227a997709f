import type { RuleConfig, TargetConfig } from "./config.ts";
import type { BusEvent } from "./event.ts";
import type { DeliveryFailure } from "./failure.ts";
import type { ExhaustedCondition } from "./retry-policy.ts";
import { queueUrlOf } from "./targets.ts";

/**
 * The SendMessage input of a dead letter: the whole event as it came, and why it was given up as message attributes.
 * Source: "Using dead-letter queues to process undelivered events" in the EventBridge user guide.
 */
export function deadLetterOf(letter: {
  readonly event: BusEvent;
  readonly route: { readonly rule: RuleConfig; readonly target: TargetConfig };
  readonly failure: DeliveryFailure;
  /** None when the failure wasn't worth a retry. */
  readonly exhausted: ExhaustedCondition | undefined;
  readonly retryAttempts: number;
}): Record<string, unknown> {
  const { event, exhausted, failure, retryAttempts } = letter;
  const { rule, target } = letter.route;
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: failure.code,
    ERROR_MESSAGE: failure.message,
    ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted }),
    RETRY_ATTEMPTS: String(retryAttempts),
  };
  return {
    QueueUrl: queueUrlOf(target.deadLetterArn ?? ""),
    MessageBody: event.json,
    ...(event.traceHeader !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: event.traceHeader } },
    }),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
    ),
  };
}
