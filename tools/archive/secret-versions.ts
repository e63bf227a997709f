import {
  GetSecretValueCommand,
  paginateListSecretVersionIds,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { SecretVersion } from "./signature-check.ts";

/** Those that Secrets Manager keeps for certain. */
const labels = ["AWSCURRENT", "AWSPREVIOUS"] as const;

type VersionChoice =
  | { readonly VersionStage: string; readonly VersionId?: undefined }
  | { readonly VersionId: string; readonly VersionStage?: undefined };

/**
 * The versions of a provider's secret that can be had, newest first; none where it has no value. After two rotations the
 * one of an event's time has no label any more, and Secrets Manager keeps it all the same until there are a hundred
 * younger ones. Whoever may not list versions gets the two that have a label.
 */
export async function secretVersions(secrets: SecretsManagerClient, name: string): Promise<readonly SecretVersion[]> {
  const versions: SecretVersion[] = [];
  for (const choice of await choices(secrets, name)) {
    const version = await versionOf(secrets, name, choice);
    if (version !== undefined) versions.push(version);
  }
  return versions;
}

async function choices(secrets: SecretsManagerClient, name: string): Promise<readonly VersionChoice[]> {
  const found: { readonly id: string; readonly createdMs: number }[] = [];
  try {
    const request = { SecretId: name, IncludeDeprecated: true };
    for await (const { Versions = [] } of paginateListSecretVersionIds({ client: secrets }, request)) {
      for (const { VersionId: id, CreatedDate: createdAt } of Versions) {
        if (id !== undefined) found.push({ id, createdMs: createdAt?.getTime() ?? 0 });
      }
    }
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    if (!(error instanceof Error) || error.name !== "AccessDeniedException") throw error;
    return labels.map((VersionStage) => ({ VersionStage }));
  }
  return found.toSorted((a, b) => b.createdMs - a.createdMs).map(({ id }) => ({ VersionId: id }));
}

/** Undefined where there is none. */
async function versionOf(
  secrets: SecretsManagerClient,
  name: string,
  choice: VersionChoice,
): Promise<SecretVersion | undefined> {
  try {
    const answer = await secrets.send(new GetSecretValueCommand({ SecretId: name, ...choice }));
    const { SecretString: text, CreatedDate: createdAt, VersionStages: stages = [] } = answer;
    return {
      label: choice.VersionStage ?? labels.find((label) => stages.includes(label)) ?? `version ${choice.VersionId}`,
      value: parsed(text ?? ""),
      ...(createdAt === undefined ? {} : { createdAt: createdAt.toISOString() }),
    };
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    return undefined;
  }
}

/** Undefined for what is no JSON; the parser's own message would quote the secret. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
