import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { ProviderName } from "../../../config/providers.ts";
import type { SecretStore } from "../domain/webhook-ports.ts";
import { inDomainTerms } from "./errors.ts";

/** The providers' secrets in Secrets Manager, by the ARNs that Terraform hands to the function. */
export function createSecretStore(
  client: SecretsManagerClient,
  arns: { readonly [name in ProviderName]?: string | undefined },
): SecretStore {
  return {
    async fetch(provider) {
      const arn = arns[provider];
      if (arn === undefined) return { kind: "no-value" };
      try {
        const command = new GetSecretValueCommand({ SecretId: arn });
        const { SecretString: text } = await inDomainTerms("Reading a secret", client.send(command));
        return { kind: "found", value: parsed(text ?? "") };
      } catch (error) {
        // Terraform makes the secret, a person puts the value: until then Secrets Manager says that it finds none.
        if (error instanceof ResourceNotFoundException) return { kind: "no-value" };
        throw error;
      }
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
