/**
 * The bucket that Terraform keeps its state in, once per account. Made by the SDK and not by Terraform, which would need
 * it to remember that it made it. Every step looks first, so a run that was cut off is finished by the next one, and
 * what somebody has made stricter stays.
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { existence } from "./state-bucket/existence.ts";
import { encryption, publicAccess, tlsOnly, versioning } from "./state-bucket/protection.ts";
import type { StateBucket, Step } from "./state-bucket/step.ts";
import { history, tagging } from "./state-bucket/upkeep.ts";

/**
 * What has to be done, in words; empty when all is there. Changes nothing.
 *
 * @throws DeployError as makeStateBucket
 */
export async function missingOf(s3: Pick<S3Client, "send">, bucket: StateBucket): Promise<readonly string[]> {
  const [existence, ...properties] = stepsOf(s3, bucket);
  if (existence !== undefined && !(await existence.isDone())) return [existence, ...properties].map(({ deed }) => deed);
  const missing: string[] = [];
  for (const { deed, isDone } of properties) if (!(await isDone())) missing.push(deed);
  return missing;
}

/**
 * Makes the bucket and its properties, as far as they are missing.
 *
 * @returns what was done, in words; empty when all was there
 * @throws DeployError "foreign-bucket" when the name belongs to somebody else or to another region
 */
export async function makeStateBucket(s3: Pick<S3Client, "send">, bucket: StateBucket): Promise<readonly string[]> {
  const done: string[] = [];
  for (const step of stepsOf(s3, bucket)) {
    if (await step.isDone()) continue;
    await step.make();
    done.push(step.deed);
  }
  return done;
}

function stepsOf(s3: Pick<S3Client, "send">, state: StateBucket): readonly Step[] {
  const { isTlsOnly } = state;
  const steps = [existence, versioning, encryption, publicAccess, ...(isTlsOnly ? [tlsOnly] : []), history, tagging];
  return steps.map((step) => step(s3, state));
}
