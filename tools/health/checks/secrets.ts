import {
  DescribeSecretCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Names } from "../../../config/names.ts";
import { type ProviderName, providerNames } from "../../../config/providers.ts";
import type { LedgerProvider } from "../../../config/reconciliation.ts";
import { inParallel } from "../../../lambdas/shared/domain/in-parallel.ts";
import type { Finding } from "../section.ts";

/** Whether a secret has a value that the functions get. Its value isn't read. */
export type HasValue = (secretName: string) => Promise<boolean>;

export function createHasValue(client: SecretsManagerClient): HasValue {
  return async (SecretId) => {
    try {
      const { VersionIdsToStages = {}, DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId }));
      return (
        DeletedDate === undefined && Object.values(VersionIdsToStages).some((stages) => stages.includes("AWSCURRENT"))
      );
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return false;
      throw error;
    }
  };
}

const secretsAtOnce = 4;

/**
 * Which providers can be told apart from somebody who guesses, and which books can be read. Nobody uses all providers, so
 * one without a secret is a problem only where it has to have one.
 */
export async function checkSecrets(
  hasValue: HasValue,
  options: {
    readonly names: Names;
    readonly required: readonly ProviderName[];
    readonly reconciled: readonly LedgerProvider[];
  },
): Promise<Finding> {
  const { names, required, reconciled } = options;
  const signing = providerNames.map((provider) => ({ provider, secret: names.providerSecret(provider) }));
  const keys = reconciled.map((provider) => ({ provider, secret: names.providerApiKey(provider) }));
  const isMissing = async ({ secret }: { readonly secret: string }) => !(await hasValue(secret));
  const lacking = await inParallel([...signing, ...keys], secretsAtOnce, isMissing);
  const missing = signing.filter((_, at) => lacking[at]).map(({ provider }) => provider);
  const missingKeys = keys.filter((_, at) => lacking[signing.length + at]).map(({ provider }) => provider);
  const missed = required.filter((provider) => missing.includes(provider));
  const nobody = missing.length === providerNames.length;
  return {
    state: nobody || missed.length > 0 || missingKeys.length > 0 ? "problem" : "ok",
    lines: [
      nobody
        ? "no provider has a signing secret: every webhook is refused"
        : `${providerNames.length - missing.length} of ${providerNames.length} providers have a signing secret`,
      ...(missed.length > 0 ? [`without one, and needed: ${missed.join(", ")}`] : []),
      ...(missing.length > 0 && !nobody ? [`without one: ${missing.join(", ")}`] : []),
      ...(missingKeys.length > 0 ? [`without a key for reconciliation: ${missingKeys.join(", ")}`] : []),
    ],
    next: ["secrets", "list"],
    data: { missing, needed: missed, missingKeys },
  };
}
