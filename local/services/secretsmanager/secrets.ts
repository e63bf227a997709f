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
  /** Newest first, also those that no label is on. */
  versions: readonly SecretVersion[];
  /** Label → id of the one version that it is on: AWSCURRENT, AWSPREVIOUS, and whatever callers make up. */
  stages: ReadonlyMap<string, string>;
}

export interface SecretsDeps {
  readonly secrets: readonly Secret[];
  now(): number;
  newId(): string;
  /** Told of each value that becomes the current one, to keep it beyond this process. */
  persist(name: string, value: string): void;
}

export const current = "AWSCURRENT";
const previous = "AWSPREVIOUS";

/**
 * Versions that are kept of a secret, and labels on all of them together. Source: Secrets Manager User Guide, "Secrets
 * Manager quotas"
 */
const mostVersions = 100;
const mostLabels = 20;

/** By ARN or name. @throws AwsError ResourceNotFoundException */
export function findSecret({ secrets }: SecretsDeps, id: string): Secret {
  const secret = secrets.find(({ arn, name }) => arn === id || name === id);
  if (secret !== undefined) return secret;
  throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

/** The labels that are on a version. */
export function labelsOf({ stages }: Secret, versionId: string): string[] {
  return [...stages].flatMap(([label, id]) => (id === versionId ? [label] : []));
}

/** `VersionIdsToStages` and `SecretVersionsToStages`: the versions that have labels. */
export function stagesOf(secret: Secret): Record<string, string[]> {
  return Object.fromEntries([...new Set(secret.stages.values())].map((id) => [id, labelsOf(secret, id)]));
}

/** Versions without a label are the ones that go when there are too many. */
export function addVersion(secret: Secret, version: SecretVersion): void {
  const labelled = new Set(secret.stages.values());
  const all = [version, ...secret.versions];
  secret.versions = all.filter(({ id }, place) => place < mostVersions || labelled.has(id));
}

/**
 * Puts a label on a version, and takes it from the one that it is on. AWSPREVIOUS follows AWSCURRENT by itself.
 * @throws AwsError LimitExceededException
 */
export function moveLabel({ persist }: SecretsDeps, secret: Secret, label: string, versionId: string): void {
  const holder = secret.stages.get(label);
  if (holder === versionId) return;
  const stages = new Map(secret.stages).set(label, versionId);
  if (label === current && holder !== undefined) stages.set(previous, holder);
  if (stages.size > mostLabels) {
    throw new AwsError("LimitExceededException", `A secret has ${mostLabels} staging labels at the most.`);
  }
  secret.stages = stages;
  const version = secret.versions.find(({ id }) => id === versionId);
  if (label === current && version !== undefined) persist(secret.name, version.value);
}

/** Takes a label away from whichever version it is on. */
export function removeLabel(secret: Secret, label: string): void {
  secret.stages = new Map([...secret.stages].filter(([one]) => one !== label));
}
