import type { PutSecretValueCommandOutput } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { addVersion, current, findSecret, labelsOf, moveLabel, type SecretsDeps } from "./secrets.ts";

const input = v.object({
  SecretId: v.pipe(v.string(), v.minLength(1)),
  SecretString: v.pipe(v.string(), v.minLength(1), v.maxLength(65_536)),
  ClientRequestToken: v.optional(v.pipe(v.string(), v.minLength(32), v.maxLength(64))),
  VersionStages: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(256))), v.minLength(1), v.maxLength(20)),
    [current],
  ),
});

/**
 * Gives a secret a new version: the current one, unless the caller puts other labels on it. A secret's first version is
 * current in any case. Text values only.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function putSecretValue(deps: SecretsDeps): Operation<PutSecretValueCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const secret = findSecret(deps, request.SecretId);
    const id = request.ClientRequestToken ?? deps.newId();
    const same = secret.versions.find((version) => version.id === id);
    if (same !== undefined && same.value !== request.SecretString) {
      throw new AwsError(
        "ResourceExistsException",
        `You can't modify an existing version, you can only create a new version: ${id}`,
      );
    }
    if (same === undefined) {
      const isFirst = secret.versions.length === 0;
      addVersion(secret, { id, value: request.SecretString, createdAt: deps.now() });
      const labels = new Set([...request.VersionStages, ...(isFirst ? [current] : [])]);
      for (const label of labels) moveLabel(deps, secret, label, id);
    }
    return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: labelsOf(secret, id) };
  };
}
