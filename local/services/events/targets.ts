/** How each kind of target takes an event. */
import { randomUUID } from "node:crypto";
import { AwsError, type CallAws, type Principal } from "../../aws/types.ts";
import type { RuleConfig, TargetConfig } from "./config.ts";
import type { BusEvent } from "./event.ts";
import { compileInput } from "./input.ts";

/** Hands one event to one target; throws what the target answered. */
export type Send = (event: BusEvent) => Promise<void>;

type SendPayload = (payload: string, event: BusEvent) => Promise<void>;

/**
 * Compiles a target: its input and the call that delivers it.
 * @throws AwsError ValidationException for an input that EventBridge refuses, or a kind of target that isn't known
 */
export function compileTarget(call: CallAws, rule: RuleConfig, target: TargetConfig): Send {
  const input = compileInput(rule, target);
  const send = sendPayload(call, deliveryPrincipal(rule, target.roleArn), target);
  return (event) => send(input(event), event);
}

export function deliveryPrincipal(rule: RuleConfig, roleArn?: string): Principal {
  const service = "events.amazonaws.com";
  return { kind: "service", service, sourceArn: rule.arn, ...(roleArn === undefined ? {} : { roleArn }) };
}

function sendPayload(call: CallAws, principal: Principal, target: TargetConfig): SendPayload {
  const { arn } = target;
  const [, , service, , , resource = ""] = arn.split(":");
  if (service === "sqs") return toQueue(call, principal, target);
  if (service === "states") {
    return async (input, { traceHeader }) => {
      await call(principal, "states", "StartExecution", {
        stateMachineArn: arn,
        input,
        ...(traceHeader && { traceHeader }),
      });
    };
  }
  if (service === "lambda") {
    return async (payload, { traceHeader }) => {
      const input = { FunctionName: arn, InvocationType: "Event", Payload: payload };
      await call(principal, "lambda", "Invoke", input, traceHeader);
    };
  }
  if (service === "sns") {
    return async (message) => {
      await call(principal, "sns", "Publish", { TopicArn: arn, Message: message });
    };
  }
  if (service === "logs") return toLogGroup(call, principal, target);
  if (service === "events" && resource.startsWith("event-bus/")) return toBus(call, principal, target);
  throw unsupported(target, `a target like ${arn}`);
}

function unsupported(target: TargetConfig, what: string): AwsError {
  const where = `Target ${target.id} of rule ${target.ruleName}`;
  return new AwsError("ValidationException", `${where}: ${what} is not supported locally.`);
}

/** The URL that AWS gives a queue; any endpoint that takes a queue by the end of its URL takes this one. */
export function queueUrlOf(queueArn: string): string {
  const [, , , region, account, name] = queueArn.split(":");
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

function toQueue(call: CallAws, principal: Principal, target: TargetConfig): SendPayload {
  const queue = {
    QueueUrl: queueUrlOf(target.arn),
    ...(target.messageGroupId !== undefined && { MessageGroupId: target.messageGroupId }),
  };
  return async (body, { traceHeader }) => {
    const trace = traceHeader && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: traceHeader } },
    };
    await call(principal, "sqs", "SendMessage", { ...queue, MessageBody: body, ...trace });
  };
}

/** EventBridge writes to log streams of its own; here it is one per target and start of the runtime. */
function toLogGroup(call: CallAws, principal: Principal, target: TargetConfig): SendPayload {
  const logGroupName = target.arn.split(":").slice(6).join(":").replace(/:\*$/, "");
  const logStreamName = randomUUID();
  let created: Promise<unknown> | undefined;
  const createStream = async () => {
    try {
      await call(principal, "logs", "CreateLogStream", { logGroupName, logStreamName });
    } catch (error) {
      if (error instanceof AwsError && error.code === "ResourceAlreadyExistsException") return;
      created = undefined;
      throw error;
    }
  };
  return async (message, event) => {
    created ??= createStream();
    await created;
    const logEvents = [{ timestamp: event.ingestedAt, message }];
    await call(principal, "logs", "PutLogEvents", { logGroupName, logStreamName, logEvents });
  };
}

/** The other bus gets the event as it is, whose id it makes anew. */
function toBus(call: CallAws, principal: Principal, target: TargetConfig): SendPayload {
  if (target.input !== undefined || target.inputPath !== undefined || target.inputTransformer !== undefined) {
    throw unsupported(target, "an input for another event bus");
  }
  return async (_payload, { envelope, detailJson, traceHeader }) => {
    const entry = {
      EventBusName: target.arn,
      Source: envelope.source,
      DetailType: envelope["detail-type"],
      Detail: detailJson,
      Resources: envelope.resources,
      Time: new Date(envelope.time),
      ...(traceHeader && { TraceHeader: traceHeader }),
    };
    const { Entries } = await call(principal, "events", "PutEvents", { Entries: [entry] });
    const [answer] = Array.isArray(Entries) ? (Entries as { ErrorCode?: string; ErrorMessage?: string }[]) : [];
    if (answer?.ErrorCode !== undefined) throw new AwsError(answer.ErrorCode, answer.ErrorMessage ?? "");
  };
}
