/** Neighbours that most constructs need, with values that no other prop has. */
import type { Construct } from "constructs";
import { names } from "../../../config/names.ts";
import { ContainerFunction, type ContainerFunctionProps } from "../../../stacks/constructs/ContainerFunction.ts";
import { EncryptionKey } from "../../../stacks/constructs/EncryptionKey.ts";
import { LogGroup } from "../../../stacks/constructs/LogGroup.ts";
import { Queue } from "../../../stacks/constructs/Queue.ts";
import { Topic } from "../../../stacks/constructs/Topic.ts";

export const testNames = names("test");

/** What an alarm has whoever is called do. */
export const firstSteps = ["Look at the log.", "Mend the cause.", "Send it again."] as const;

export function keyIn(scope: Construct, id = "a-key"): EncryptionKey {
  return new EncryptionKey(scope, id, {
    alias: `alias/${id}`,
    description: "A key.",
    accountRootArn: "arn:aws:iam::111122223333:root",
    serviceStatements: [],
    destroyable: true,
  });
}

export function topicIn(scope: Construct, id = "a-topic"): Topic {
  return new Topic(scope, id, {
    topicName: id,
    displayName: "Topic",
    key: keyIn(scope, `${id}-key`),
    deadLetterQueueName: `${id}-dlq`,
    emails: [],
    phoneNumbers: [],
    publishers: [],
  });
}

export function queueIn(scope: Construct, id = "a-queue"): Queue {
  return new Queue(scope, id, {
    queueName: id,
    key: keyIn(scope, `${id}-key`),
    redrive: () => ({ kind: "none", why: "It is a test." }),
  });
}

export function logsIn(scope: Construct, id = "logs") {
  return { retentionDays: 30, key: keyIn(scope, `${id}-key`) };
}

export function logGroupIn(scope: Construct, id = "a-log-group"): LogGroup {
  return new LogGroup(scope, id, { logGroupName: `/test/${id}`, logs: logsIn(scope, id) });
}

export function functionIn(scope: Construct, props: Partial<ContainerFunctionProps> = {}): ContainerFunction {
  return new ContainerFunction(scope, "fn", {
    lambda: "webhook-dedup",
    names: testNames,
    imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/webhook-dedup@sha256:1",
    environmentVariables: {},
    statements: [],
    logs: logsIn(scope, "fn-logs"),
    alarmTopic: topicIn(scope, "fn-alarms"),
    tracing: true,
    ...props,
  });
}

/** A policy document's statements. */
export function statementsOf(policy: unknown): readonly Readonly<Record<string, unknown>>[] {
  return JSON.parse(String(policy)).Statement;
}
