/** Lists that a manifest names as objects of their own, because they were too long for it. */
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import type { Findings } from "./findings.ts";
import type { LoadedManifest } from "./manifests.ts";
import { problemText } from "./problem-text.ts";
import type { ArchiveSource } from "./source/source.ts";

export async function proveLists(
  { manifest }: LoadedManifest,
  { source, findings }: { readonly source: ArchiveSource; readonly findings: Findings },
): Promise<void> {
  const { day, exceptionLists = [], earlierExceptionLists = [] } = manifest;
  for (const { key, sha256 } of [...exceptionLists, ...earlierExceptionLists]) {
    const at = { day, object: key };
    try {
      const actual = sha256Hex(await source.read(key));
      if (actual === sha256) continue;
      findings.off("object-hash", `${key} was changed: its SHA-256 is ${actual}, its manifest says ${sha256}`, at);
    } catch (error) {
      findings.off("object-unreadable", `${key} can't be read: ${problemText(error)}`, at);
    }
  }
}
