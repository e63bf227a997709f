import type { Construct } from "constructs";
import { EventBus } from "../../../stacks/constructs/EventBus.ts";
import { type EventReceiver, EventRule } from "../../../stacks/constructs/EventRule.ts";
import { StateMachine } from "../../../stacks/constructs/StateMachine.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { keyIn, logGroupIn, logsIn, queueIn, statementsOf, testNames, topicIn } from "./fixtures.ts";

function stateMachineIn(scope: Construct): StateMachine {
  return new StateMachine(scope, "machine", {
    stateMachineName: "a-machine",
    type: "EXPRESS",
    template: {},
    substitutions: {},
    statements: [],
    stateMachineArn: "arn:aws:states:us-east-1:111122223333:stateMachine:a-machine",
    logs: logsIn(scope, "machine-logs"),
    errorImpact: "x",
    alarmTopic: topicIn(scope, "machine-alarms"),
    tracing: true,
  });
}

function rule(receiverIn?: (scope: Construct) => EventReceiver) {
  return synthesize((scope) => {
    const bus = new EventBus(scope, "bus", {
      busName: "a-bus",
      description: "A bus.",
      key: keyIn(scope, "bus-key"),
      deadLetterQueueArn: "arn",
    });
    const each = new EventRule(scope, "rule", {
      rule: "big-ones",
      description: "The big ones.",
      names: testNames,
      bus,
      pattern: { source: ["tests"] },
      key: keyIn(scope, "rule-key"),
      alarmTopic: topicIn(scope),
    });
    if (receiverIn) each.addTarget("somewhere", { receiver: receiverIn(scope), errorImpact: "Nobody hears of it." });
  });
}

const toQueue = (scope: Construct): EventReceiver => ({ kind: "queue", queue: queueIn(scope) });
const toLogs = (scope: Construct): EventReceiver => ({ kind: "log group", logGroup: logGroupIn(scope) });
const toMachine = (scope: Construct): EventReceiver => ({ kind: "state machine", stateMachine: stateMachineIn(scope) });

const targetOf = (receiverIn: (scope: Construct) => EventReceiver) =>
  onlyResource(rule(receiverIn), "aws_cloudwatch_event_target");

function deadLettersOf(receiverIn: (scope: Construct) => EventReceiver, type: string) {
  return resourcesOf(rule(receiverIn), type).filter(({ address }) => address.includes(".rule_somewhere-"));
}

describe("EventRule", () => {
  it("has its name, description, bus and pattern", () => {
    expect(onlyResource(rule(), "aws_cloudwatch_event_rule")).toMatchObject({
      name: "big-ones-test",
      description: "The big ones.",
      event_bus_name: expect.stringMatching(/^\$\{aws_cloudwatch_event_bus\.bus_.*\.name\}$/),
      event_pattern: '{"source":["tests"]}',
    });
  });

  it("gives each target a name, the rule and the bus", () => {
    expect(targetOf(toQueue)).toMatchObject({
      target_id: "somewhere",
      rule: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\.rule_.*\.name\}$/),
      event_bus_name: expect.stringMatching(/^\$\{aws_cloudwatch_event_bus\.bus_.*\.name\}$/),
    });
  });

  it("sends a queue the detail alone, by the queue's own policy", () => {
    expect(targetOf(toQueue)).toMatchObject({
      arn: expect.stringMatching(/aws_sqs_queue\.a-queue/),
      input_path: "$.detail",
    });
    expect(targetOf(toQueue)).not.toHaveProperty("role_arn");
  });

  it("sends a log group the whole event", () => {
    expect(targetOf(toLogs).arn).toMatch(/aws_cloudwatch_log_group\.a-log-group/);
    expect(targetOf(toLogs)).not.toHaveProperty("input_path");
  });

  it("starts a state machine with the detail alone, in a role of this rule", () => {
    expect(targetOf(toMachine)).toMatchObject({
      arn: expect.stringMatching(/aws_sfn_state_machine\.machine/),
      input_path: "$.detail",
      role_arn: expect.stringMatching(/aws_iam_role\.rule_somewhere-role/),
    });
    const [role] = deadLettersOf(toMachine, "aws_iam_role");
    expect(role?.config.name).toBe("big-ones-to-somewhere-test");
    expect(statementsOf(role?.config.assume_role_policy)).toMatchObject([
      {
        Principal: { Service: "events.amazonaws.com" },
        Condition: {
          ArnLike: { "aws:SourceArn": expect.stringMatching(/aws_cloudwatch_event_rule\.rule/) },
          StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") },
        },
      },
    ]);
  });

  it.each([
    ["queue", toQueue],
    ["log group", toLogs],
    ["state machine", toMachine],
  ])("gives a %s retries and a dead-letter queue of its own", (_kind, receiverIn) => {
    expect(targetOf(receiverIn)).toMatchObject({
      retry_policy: { maximum_retry_attempts: 185, maximum_event_age_in_seconds: 21_600 },
      dead_letter_config: { arn: expect.stringMatching(/aws_sqs_queue\.rule_somewhere-dlq/) },
    });
    const [queue] = deadLettersOf(receiverIn, "aws_sqs_queue");
    expect(queue?.config).toMatchObject({
      name: "big-ones-to-somewhere-dlq-test",
      kms_master_key_id: expect.stringMatching(/aws_kms_key\.rule-key/),
    });
  });

  it("lets the rule alone send dead letters", () => {
    const [policy] = deadLettersOf(toQueue, "aws_sqs_queue_policy");
    expect(statementsOf(policy?.config.policy)[1]).toMatchObject({
      Principal: { Service: "events.amazonaws.com" },
      Condition: {
        ArnLike: { "aws:SourceArn": expect.stringMatching(/aws_cloudwatch_event_rule\.rule/) },
        StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") },
      },
    });
  });

  it("rings at the topic when there are dead letters, and says what they mean", () => {
    const [alarm] = deadLettersOf(toQueue, "aws_cloudwatch_metric_alarm");
    expect(alarm?.config).toMatchObject({
      dimensions: { QueueName: "big-ones-to-somewhere-dlq-test" },
      alarm_description: expect.stringContaining("Nobody hears of it."),
      alarm_actions: [expect.stringMatching(/aws_sns_topic\.a-topic/)],
    });
  });
});
