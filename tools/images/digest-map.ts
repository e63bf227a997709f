import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { LambdaName } from "../../config/lambdas.ts";

/** Digest of each function's image, `sha256:` and 64 hex digits: what the stacks are synthesized with. */
export type DigestMap = Readonly<Record<LambdaName, string>>;

/** Writes the map all at once: who reads meanwhile, or after a crash, sees the old one or the new one, never a half. */
export async function writeDigestMap(file: string, digests: DigestMap): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(unfinished, `${JSON.stringify(digests, null, 2)}\n`);
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}
