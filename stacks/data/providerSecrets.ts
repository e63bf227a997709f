import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import type { Construct } from "constructs";
import type { Names } from "../../config/names.ts";
import { type ProviderName, providerNames } from "../../config/providers.ts";
import type { LedgerProvider } from "../../config/reconciliation.ts";
import type { EncryptionKey } from "../constructs/EncryptionKey.ts";

interface SecretProps {
  readonly names: Names;
  readonly key: EncryptionKey;
  /** Gone at once when it is destroyed, and without Terraform's guard against that. */
  readonly destroyable: boolean;
}

/** A secret per provider of webhooks. @returns their ARNs */
export function signingSecrets(scope: Construct, props: SecretProps): Readonly<Record<ProviderName, string>> {
  const secrets = providerNames.map((provider) => {
    const name = props.names.providerSecret(provider);
    const description = `Signing secrets and settings of the webhooks of ${provider}.`;
    return [provider, secret(scope, `secret-${provider}`, { ...props, name, description })];
  });
  return Object.fromEntries(secrets) as Record<ProviderName, string>;
}

/** A secret per provider whose own books are read. @returns their ARNs */
export function apiKeys(
  scope: Construct,
  props: SecretProps,
  providers: readonly LedgerProvider[],
): Readonly<Partial<Record<LedgerProvider, string>>> {
  const secrets = providers.map((provider) => {
    const name = props.names.providerApiKey(provider);
    const description = `API key that reads events and money of ${provider}, and may write nothing there.`;
    return [provider, secret(scope, `api-key-${provider}`, { ...props, name, description })];
  });
  return Object.fromEntries(secrets) as Partial<Record<LedgerProvider, string>>;
}

/** A secret without a value: people put that. @returns its ARN */
function secret(
  scope: Construct,
  id: string,
  props: SecretProps & { readonly name: string; readonly description: string },
): string {
  const { name, description, key, destroyable } = props;
  return new SecretsmanagerSecret(scope, id, {
    name,
    description,
    kmsKeyId: key.arn,
    recoveryWindowInDays: destroyable ? 0 : 30,
    lifecycle: { preventDestroy: !destroyable },
  }).arn;
}
