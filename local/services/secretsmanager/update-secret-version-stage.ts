import type { UpdateSecretVersionStageCommandOutput } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { current, findSecret, moveLabel, removeLabel, type SecretsDeps } from "./secrets.ts";

const versionId = v.pipe(v.string(), v.minLength(32), v.maxLength(64));
const input = v.object({
  SecretId: v.pipe(v.string(), v.minLength(1)),
  VersionStage: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  RemoveFromVersionId: v.optional(versionId),
  MoveToVersionId: v.optional(versionId),
});

/**
 * Moves a label from one version to another, or takes it away. A label that is on a version moves only if the caller
 * says which version that is, so that whoever has seen an older state of the secret is refused.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export function updateSecretVersionStage(deps: SecretsDeps): Operation<UpdateSecretVersionStageCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const { VersionStage: label, RemoveFromVersionId: from, MoveToVersionId: to } = request;
    const secret = findSecret(deps, request.SecretId);
    for (const id of [from, to]) {
      if (id === undefined || secret.versions.some((version) => version.id === id)) continue;
      throw new AwsError(
        "ResourceNotFoundException",
        `Secrets Manager can't find the specified secret version: ${id}.`,
      );
    }
    const holder = secret.stages.get(label);
    if (holder !== undefined && holder !== to && holder !== from) {
      throw new AwsError(
        "InvalidParameterException",
        `Staging label ${label} is attached to version ${holder}, which RemoveFromVersionId has to name.`,
      );
    }
    if (to !== undefined) moveLabel(deps, secret, label, to);
    else if (label === current) throw new AwsError("InvalidParameterException", `${current} can only be moved.`);
    else if (from === undefined || holder === undefined) {
      throw new AwsError("InvalidParameterException", `Staging label ${label} isn't on the version to remove it from.`);
    } else removeLabel(secret, label);
    return { ARN: secret.arn, Name: secret.name };
  };
}
