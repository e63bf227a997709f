import type { ListSecretVersionIdsCommandOutput } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { findSecret, labelsOf, type SecretsDeps } from "./secrets.ts";

const input = v.object({
  SecretId: v.pipe(v.string(), v.minLength(1)),
  IncludeDeprecated: v.optional(v.boolean(), false),
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  NextToken: v.optional(v.string()),
});

/** A secret's versions, newest first; those without a label only where they are asked for. One page has them all. */
export function listSecretVersionIds(deps: SecretsDeps): Operation<ListSecretVersionIdsCommandOutput> {
  return async (_principal, members) => {
    const { SecretId, IncludeDeprecated } = readInput(input, members);
    const secret = findSecret(deps, SecretId);
    const versions = secret.versions.map((version) => ({ ...version, labels: labelsOf(secret, version.id) }));
    const shown = versions.filter(({ labels }) => IncludeDeprecated || labels.length > 0);
    return {
      ARN: secret.arn,
      Name: secret.name,
      Versions: shown.map(({ id, createdAt, labels }) => ({
        VersionId: id,
        CreatedDate: new Date(createdAt),
        ...(labels.length === 0 ? {} : { VersionStages: labels }),
      })),
    };
  };
}
