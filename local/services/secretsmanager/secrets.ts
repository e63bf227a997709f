/** Secrets and their versions. Values live here and in answers only: they are never logged and never in an error. */
import { AwsError } from "../../aws/types.ts";

interface SecretVersion {
  readonly id: string;
  readonly value: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  /** Newest first: AWSCURRENT, AWSPREVIOUS, then older ones, which have no label. */
  versions: readonly SecretVersion[];
}

export interface SecretsDeps {
  readonly secrets: readonly Secret[];
  now(): number;
  newId(): string;
  /** Told of each new value, to keep it beyond this process. */
  persist(name: string, value: string): void;
}

/**
 * Versions that are kept of a secret. Source: Secrets Manager User Guide, "Secrets Manager quotas"
 */
export const mostVersions = 100;

export const labels = ["AWSCURRENT", "AWSPREVIOUS"] as const;

/** By ARN or name. @throws AwsError ResourceNotFoundException */
export function findSecret({ secrets }: SecretsDeps, id: string): Secret {
  const secret = secrets.find(({ arn, name }) => arn === id || name === id);
  if (secret !== undefined) return secret;
  throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

/** `VersionIdsToStages` and `SecretVersionsToStages`. */
export function stagesOf(secret: Secret): Record<string, string[]> {
  return Object.fromEntries(
    labels.flatMap((label, i) => {
      const version = secret.versions[i];
      return version === undefined ? [] : [[version.id, [label]]];
    }),
  );
}
