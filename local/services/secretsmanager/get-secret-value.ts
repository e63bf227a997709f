import type { GetSecretValueCommandOutput } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { current, findSecret, labelsOf, type SecretsDeps } from "./secrets.ts";

const input = v.object({
  SecretId: v.pipe(v.string(), v.minLength(1)),
  VersionId: v.optional(v.string()),
  VersionStage: v.optional(v.string()),
});

/** A secret's value. One without a value (Terraform makes only the secret) is ResourceNotFoundException, as on AWS. */
export function getSecretValue(deps: SecretsDeps): Operation<GetSecretValueCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const secret = findSecret(deps, request.SecretId);
    const stage = request.VersionStage ?? current;
    const id = request.VersionId ?? secret.stages.get(stage);
    const version = secret.versions.find((one) => one.id === id);
    if (version === undefined) {
      const what = request.VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${request.VersionId}`;
      throw new AwsError(
        "ResourceNotFoundException",
        `Secrets Manager can't find the specified secret value for ${what}`,
      );
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.value,
      VersionStages: labelsOf(secret, version.id),
      CreatedDate: new Date(version.createdAt),
    };
  };
}
