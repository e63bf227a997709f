import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { ProviderName } from "../../config/providers.ts";

/** What to do where a provider's secret has no value, in a command that also takes one by --secret. */
export function noValueText(name: string, provider: ProviderName): string {
  return `The secret ${name} has no value. Put one with "npm run cli -- secrets add --provider ${provider}", or give --secret.`;
}

/** A secret's value as the functions read it: undefined where it has none, null where it isn't JSON. */
export async function readProviderSecret(secrets: SecretsManagerClient, name: string): Promise<unknown> {
  try {
    const { SecretString: text } = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
    return JSON.parse(text ?? "null");
  } catch (error) {
    // The parser's own message would quote the secret.
    if (error instanceof SyntaxError) return null;
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
