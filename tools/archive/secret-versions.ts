import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { SecretVersion } from "./signature-check.ts";

/** Those that Secrets Manager keeps for certain; it may drop a version without a label at any time. */
const labels = ["AWSCURRENT", "AWSPREVIOUS"] as const;

/** The versions of a provider's secret that can be had, newest first; none where it has no value. */
export async function secretVersions(
  secrets: Pick<SecretsManagerClient, "send">,
  name: string,
): Promise<readonly SecretVersion[]> {
  const versions: SecretVersion[] = [];
  for (const label of labels) {
    try {
      const { SecretString: text, CreatedDate: createdAt } = await secrets.send(
        new GetSecretValueCommand({ SecretId: name, VersionStage: label }),
      );
      versions.push({
        label,
        value: parsed(text ?? ""),
        ...(createdAt === undefined ? {} : { createdAt: createdAt.toISOString() }),
      });
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }
  return versions;
}

/** Undefined for what is no JSON; the parser's own message would quote the secret. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
