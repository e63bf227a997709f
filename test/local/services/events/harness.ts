import type { CallAws, Principal, RuntimeClock } from "../../../../local/aws/types.ts";
import type { RuleConfig, TargetConfig } from "../../../../local/services/events/config.ts";
import type { LostDelivery } from "../../../../local/services/events/delivery.ts";
import { createMemoryJournal, type Journal } from "../../../../local/services/events/journal.ts";
import { createEventsService, type EventsServiceOptions } from "../../../../local/services/events/service.ts";

export const operator: Principal = { kind: "operator" };
export const bus = { name: "payments", arn: "arn:aws:events:us-east-1:000000000000:event-bus/payments" };
export const queueArn = "arn:aws:sqs:us-east-1:000000000000:events";
export const queueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/events";
export const deadLetterArn = "arn:aws:sqs:us-east-1:000000000000:events-dlq";
export const deadLetterUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/events-dlq";

export function rule(name: string, pattern: object, more: Partial<RuleConfig> = {}): RuleConfig {
  const arn = `arn:aws:events:us-east-1:000000000000:rule/payments/${name}`;
  return { name, arn, busName: "payments", pattern: JSON.stringify(pattern), enabled: true, ...more };
}

export function target(ruleName: string, more: Partial<TargetConfig> = {}): TargetConfig {
  return { id: `${ruleName}-target`, busName: "payments", ruleName, arn: queueArn, inputPath: "$.detail", ...more };
}

interface RecordedCall {
  readonly at: number;
  readonly principal: Principal;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** A service with one rule for everything, whose calls are recorded and answered by `answer`; Date and timers are jest's. */
export function harness(
  options: Partial<EventsServiceOptions> & {
    readonly answer?: (operation: string, input: Record<string, unknown>) => Record<string, unknown> | Promise<never>;
    readonly speed?: number;
  } = {},
) {
  const { answer = () => ({}), speed = 1 } = options;
  const calls: RecordedCall[] = [];
  const lost: LostDelivery[] = [];
  const journal: Journal = options.journal ?? createMemoryJournal();
  const clock: RuntimeClock = { speed, now: () => Date.now(), scaled: (milliseconds) => milliseconds / speed };
  const call: CallAws = async (principal, service, operation, input) => {
    calls.push({ at: Date.now(), principal, operation: `${service}:${operation}`, input });
    return answer(`${service}:${operation}`, input);
  };
  const service = createEventsService({
    buses: [bus],
    rules: [rule("all", { source: ["test"] })],
    targets: [target("all")],
    call,
    clock,
    journal,
    faults: { shouldDuplicate: () => false },
    random: () => 0,
    onLost: (delivery) => lost.push(delivery),
    ...options,
  });
  const put = (Detail: object, more: Record<string, unknown> = {}) =>
    service.operations.PutEvents?.(operator, {
      Entries: [
        { EventBusName: "payments", Source: "test", DetailType: "kind", Detail: JSON.stringify(Detail), ...more },
      ],
    });
  return { service, calls, lost, journal, put };
}
