import {
  DescribeEventBusCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { paymentEventSource } from "../../../config/events.ts";
import { arn, type Deployed } from "../support/deployed.ts";
import { moto } from "../support/terraform-run.ts";

/** Detail of an event → the one rule that takes it, beside the one that logs every event. */
const routes: readonly (readonly [Readonly<Record<string, number | null>>, string])[] = [
  [{ routingAmountUsd: 0 }, "low-value"],
  [{ routingAmountUsd: 999.99 }, "low-value"],
  [{ routingAmountUsd: 1_000 }, "medium-value"],
  [{ routingAmountUsd: 10_000 }, "medium-value"],
  [{ routingAmountUsd: 10_000.01 }, "high-value"],
  [{ routingAmountUsd: 1e9 }, "high-value"],
  [{}, "unroutable"],
];

/** The bus and what takes which events from it. */
export function readBackEvents(deployed: () => Deployed): void {
  const bridge = () => new EventBridgeClient(deployed().client);

  async function rules() {
    const { Rules = [] } = await bridge().send(new ListRulesCommand({ EventBusName: deployed().named.bus }));
    return Rules;
  }

  test("the bus is encrypted and has a dead-letter queue", async () => {
    const { named } = deployed();
    expect(await bridge().send(new DescribeEventBusCommand({ Name: named.bus }))).toMatchObject({
      KmsKeyIdentifier: expect.stringContaining(arn("kms", "key/")),
      DeadLetterConfig: { Arn: arn("sqs", named.dlq("payment-events")) },
    });
  });

  test.each(routes)("an event with %j is logged and matches only the rule %s", async (detail, rule) => {
    const event = {
      version: "0",
      id: "1",
      "detail-type": "payment.succeeded",
      source: paymentEventSource,
      account: moto.account,
      time: "2026-11-20T10:00:00Z",
      region: moto.region,
      resources: [],
      detail,
    };
    const matching: string[] = [];
    for (const { Name, EventPattern } of await rules()) {
      const Event = JSON.stringify(event);
      const { Result } = await bridge().send(new TestEventPatternCommand({ EventPattern, Event }));
      if (Result) matching.push(Name ?? "");
    }
    const { named } = deployed();
    expect(matching.sort()).toEqual([named.rule("every-event"), named.rule(rule)].sort());
  });

  test("every rule is on, and its targets have a retry policy and a dead-letter queue of their own", async () => {
    const { named } = deployed();
    const queue = (name: string) => arn("sqs", name);
    const targets: Record<string, unknown> = {};
    for (const { Name = "", State } of await rules()) {
      expect(State).toBe("ENABLED");
      const { Targets = [] } = await bridge().send(
        new ListTargetsByRuleCommand({ Rule: Name, EventBusName: named.bus }),
      );
      for (const { Id, Arn, InputPath, DeadLetterConfig, RetryPolicy } of Targets) {
        expect(RetryPolicy).toEqual({ MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 6 * 60 * 60 });
        targets[`${Name} → ${Id}`] = [Arn, InputPath, DeadLetterConfig?.Arn];
      }
    }
    const to = (rule: string, target: string) => `${named.rule(rule)} → ${target}`;
    const machine = (name: string) => arn("states", `stateMachine:${name}`);
    expect(targets).toEqual({
      [to("low-value", "low-value-batch")]: [
        queue(named.queues.lowValueBatch),
        "$.detail",
        queue(named.dlq("low-value-to-low-value-batch")),
      ],
      [to("low-value", "log")]: [
        arn("logs", `log-group:${named.logGroup("/aws/events/low-value")}`),
        undefined,
        queue(named.dlq("low-value-to-log")),
      ],
      [to("medium-value", "transaction-workflow")]: [
        machine(named.stateMachines.transactionWorkflow),
        "$.detail",
        queue(named.dlq("medium-value-to-transaction-workflow")),
      ],
      [to("high-value", "high-value-review")]: [
        machine(named.stateMachines.highValueReview),
        "$.detail",
        queue(named.dlq("high-value-to-high-value-review")),
      ],
      [to("unroutable", "unroutable")]: [
        queue(named.queues.unroutable),
        "$.detail",
        queue(named.dlq("unroutable-to-unroutable")),
      ],
      [to("every-event", "log")]: [
        arn("logs", `log-group:${named.logGroups.bus}`),
        undefined,
        queue(named.dlq("every-event-to-log")),
      ],
    });
  });
}
