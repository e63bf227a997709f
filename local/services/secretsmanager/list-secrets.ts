import type { ListSecretsCommandOutput } from "@aws-sdk/client-secrets-manager";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { type SecretsDeps, stagesOf } from "./secrets.ts";

const input = v.object({
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 100),
  /** Names the last secret of the page before. */
  NextToken: v.optional(v.string()),
  Filters: v.optional(v.array(v.unknown()), []),
});

/** All secrets, without values, in the order of the Terraform. */
export function listSecrets(deps: SecretsDeps): Operation<ListSecretsCommandOutput> {
  return async (_principal, members) => {
    const { MaxResults, NextToken, Filters } = readInput(input, members);
    if (Filters.length > 0) throw new AwsError("InvalidParameterException", "Filters aren't covered locally.");
    const start = NextToken === undefined ? 0 : deps.secrets.findIndex(({ name }) => name === NextToken) + 1;
    const page = deps.secrets.slice(start, start + MaxResults);
    const last = page.at(-1);
    const isMore = last !== undefined && start + page.length < deps.secrets.length;
    return {
      SecretList: page.map((secret) => ({
        ARN: secret.arn,
        Name: secret.name,
        ...(secret.description === undefined ? {} : { Description: secret.description }),
        CreatedDate: new Date(secret.createdAt),
        SecretVersionsToStages: stagesOf(secret),
      })),
      ...(isMore ? { NextToken: last.name } : {}),
    };
  };
}
