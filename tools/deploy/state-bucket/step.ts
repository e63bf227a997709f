/** What the state bucket is made in: one property at a time, each looked at first. */
import type { S3Client } from "@aws-sdk/client-s3";

export interface StateBucket {
  readonly bucket: string;
  readonly region: string;
  /** Of the credentials; a bucket of any other account is refused. */
  readonly account: string;
  /** False for an endpoint without TLS, which a TLS-only policy would lock out. */
  readonly isTlsOnly: boolean;
  /** Tags that it shall have; one that is there already keeps its value. */
  readonly tags: Readonly<Record<string, string>>;
}

/** One property of the bucket. */
export interface Step {
  /** As it is said before and after: "turn versioning on". */
  readonly deed: string;
  isDone(): Promise<boolean>;
  make(): Promise<unknown>;
}

export type StepMaker = (s3: Pick<S3Client, "send">, state: StateBucket) => Step;

/** False when S3 says by `missing` that there is no such property yet. */
export async function found(missing: string, look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    if (nameOf(error) === missing) return false;
    throw error;
  }
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
