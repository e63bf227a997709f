import type { ListTargetsByRuleResponse } from "@aws-sdk/client-eventbridge";
import type { TargetConfig } from "./config.ts";

/** ListTargetsByRule. Answers in one page. */
export function listTargetsByRule(targets: readonly TargetConfig[]): ListTargetsByRuleResponse {
  return { Targets: targets.map(describeTarget) };
}

function describeTarget(target: TargetConfig) {
  const { inputTransformer, deadLetterArn, messageGroupId, maximumRetryAttempts, maximumEventAgeSeconds } = target;
  const hasRetryPolicy = maximumRetryAttempts !== undefined || maximumEventAgeSeconds !== undefined;
  return {
    Id: target.id,
    Arn: target.arn,
    RoleArn: target.roleArn,
    Input: target.input,
    InputPath: target.inputPath,
    ...(inputTransformer && {
      InputTransformer: { InputPathsMap: { ...inputTransformer.paths }, InputTemplate: inputTransformer.template },
    }),
    ...(hasRetryPolicy && {
      RetryPolicy: {
        MaximumRetryAttempts: maximumRetryAttempts,
        MaximumEventAgeInSeconds: maximumEventAgeSeconds,
      },
    }),
    ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
    ...(messageGroupId !== undefined && { SqsParameters: { MessageGroupId: messageGroupId } }),
  };
}
