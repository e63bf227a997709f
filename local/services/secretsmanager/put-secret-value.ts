import type { PutSecretValueCommandOutput } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { findSecret, mostVersions, type SecretsDeps } from "./secrets.ts";

const input = v.object({
  SecretId: v.pipe(v.string(), v.minLength(1)),
  SecretString: v.pipe(v.string(), v.minLength(1), v.maxLength(65_536)),
  ClientRequestToken: v.optional(v.pipe(v.string(), v.minLength(32), v.maxLength(64))),
});

/** Gives a secret a new current value; the one before is AWSPREVIOUS. Text values only. */
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
      const version = { id, value: request.SecretString, createdAt: deps.now() };
      secret.versions = [version, ...secret.versions].slice(0, mostVersions);
      deps.persist(secret.name, request.SecretString);
    }
    return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: ["AWSCURRENT"] };
  };
}
