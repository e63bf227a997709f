/**
 * A secret's value, replaced only if it is still the one that was read. Secrets Manager has no conditional put: it is
 * put as a version of its own, which nobody reads, and then AWSCURRENT is moved to it from the version that was read.
 * That move is refused where the label is on another version by now.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
import { randomUUID } from "node:crypto";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";

/** A secret's current value; without a text and a version where it has none. */
export interface SecretReading {
  readonly name: string;
  readonly text?: string;
  readonly versionId?: string;
}

export type PutOutcome =
  /** `leftLabel`: a label of no meaning that could not be taken off again. */
  | { readonly kind: "put"; readonly versionId: string; readonly leftLabel?: string }
  /** Somebody else has changed it since it was read; what they put stands. */
  | { readonly kind: "changed-meanwhile" };

const current = "AWSCURRENT";

export async function readSecret(client: SecretsManagerClient, name: string): Promise<SecretReading> {
  try {
    const { SecretString: text = "", VersionId: versionId } = await client.send(
      new GetSecretValueCommand({ SecretId: name }),
    );
    return { name, text, ...(versionId === undefined ? {} : { versionId }) };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return { name };
    throw error;
  }
}

/** @param reading what the new value was made from */
export async function replaceValue(
  client: SecretsManagerClient,
  { name: SecretId, versionId: seen }: SecretReading,
  text: string,
): Promise<PutOutcome> {
  const versionId = randomUUID();
  // One of its own for each change, so that no other change takes it away: versions without a label may be deleted.
  const label = `secrets-command-${versionId}`;
  const { VersionStages: labels = [] } = await client.send(
    new PutSecretValueCommand({
      SecretId,
      ClientRequestToken: versionId,
      SecretString: text,
      VersionStages: [label],
    }),
  );
  // A secret's first version is the current one at once.
  const isCurrent = labels.includes(current) || (await makeCurrent(client, SecretId, { versionId, seen }));
  const isClean = await takeLabelOff(client, SecretId, { versionId, label });
  if (!isCurrent) return { kind: "changed-meanwhile" };
  return { kind: "put", versionId, ...(isClean ? {} : { leftLabel: label }) };
}

async function makeCurrent(
  client: SecretsManagerClient,
  SecretId: string,
  { versionId, seen }: { readonly versionId: string; readonly seen: string | undefined },
): Promise<boolean> {
  const move = { SecretId, VersionStage: current, MoveToVersionId: versionId };
  try {
    await client.send(
      new UpdateSecretVersionStageCommand({ ...move, ...(seen === undefined ? {} : { RemoveFromVersionId: seen }) }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof InvalidParameterException)) throw error;
    // A first try whose answer was lost has moved it, and the SDK's second one is refused.
    const { VersionIdsToStages: stages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    return stages[versionId]?.includes(current) === true;
  }
}

/** The value is where it belongs by now, so an error here changes nothing about that. */
async function takeLabelOff(
  client: SecretsManagerClient,
  SecretId: string,
  { versionId, label }: { readonly versionId: string; readonly label: string },
): Promise<boolean> {
  const removal = { SecretId, VersionStage: label, RemoveFromVersionId: versionId };
  return client.send(new UpdateSecretVersionStageCommand(removal)).then(
    () => true,
    () => false,
  );
}
