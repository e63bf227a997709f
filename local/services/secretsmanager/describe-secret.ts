import type { DescribeSecretCommandOutput } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { findSecret, type SecretsDeps, stagesOf } from "./secrets.ts";

const input = v.object({ SecretId: v.pipe(v.string(), v.minLength(1)) });

/** A secret without its value. */
export function describeSecret(deps: SecretsDeps): Operation<DescribeSecretCommandOutput> {
  return async (_principal, members) => {
    const secret = findSecret(deps, readInput(input, members).SecretId);
    const changedAt = secret.versions[0]?.createdAt ?? secret.createdAt;
    return {
      ARN: secret.arn,
      Name: secret.name,
      ...(secret.description === undefined ? {} : { Description: secret.description }),
      CreatedDate: new Date(secret.createdAt),
      LastChangedDate: new Date(changedAt),
      VersionIdsToStages: stagesOf(secret),
    };
  };
}
