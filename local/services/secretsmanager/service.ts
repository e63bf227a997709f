/** Secrets Manager inside the runtime. */
import type { Operations } from "../operation.ts";
import { describeSecret } from "./describe-secret.ts";
import { getSecretValue } from "./get-secret-value.ts";
import { listSecretVersionIds } from "./list-secret-version-ids.ts";
import { listSecrets } from "./list-secrets.ts";
import { putSecretValue } from "./put-secret-value.ts";
import { current, type Secret, type SecretsDeps } from "./secrets.ts";
import { updateSecretVersionStage } from "./update-secret-version-stage.ts";

export interface SecretsServiceOptions {
  /** The secrets that Terraform makes, which have no value of their own. */
  readonly secrets: readonly { readonly arn: string; readonly name: string; readonly description?: string }[];
  /** Their first values, by ARN or name. */
  readonly values: ReadonlyMap<string, string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Unique text for version ids. */
  readonly newId: () => string;
  /** Told of each value that becomes the current one, by the secret's name. */
  readonly persist?: (name: string, value: string) => void;
}

export interface SecretsService {
  readonly operations: Operations;
}

export function createSecretsService(options: SecretsServiceOptions): SecretsService {
  const { now, newId } = options;
  const createdAt = now();
  const secrets = options.secrets.map(({ arn, name, description }): Secret => {
    const value = options.values.get(arn) ?? options.values.get(name);
    const versions = value === undefined ? [] : [{ id: newId(), value, createdAt }];
    const stages = new Map(versions.map(({ id }) => [current, id]));
    return { arn, name, description, createdAt, versions, stages };
  });
  const deps: SecretsDeps = { secrets, now, newId, persist: options.persist ?? (() => {}) };
  return {
    operations: {
      GetSecretValue: getSecretValue(deps),
      PutSecretValue: putSecretValue(deps),
      DescribeSecret: describeSecret(deps),
      ListSecrets: listSecrets(deps),
      ListSecretVersionIds: listSecretVersionIds(deps),
      UpdateSecretVersionStage: updateSecretVersionStage(deps),
    },
  };
}
