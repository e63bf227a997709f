/** The newest manifest of an earlier audit, which an archive that was cut off since no longer has. */
import { mayHaveExpired } from "./chain.ts";
import type { Findings } from "./findings.ts";
import type { LoadedManifest } from "./manifests.ts";

export interface ChainHead {
  readonly sequence: number;
  /** Of the manifest's bytes, lower-case hex. */
  readonly sha256: string;
}

/** A head as reports print it and as it is given back. */
export function headText({ sequence, sha256 }: ChainHead): string {
  return `${sequence}:${sha256}`;
}

/** Undefined for what `headText` doesn't write. */
export function parseHead(text: string): ChainHead | undefined {
  const [, sequence, sha256] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  return sequence === undefined || sha256 === undefined ? undefined : { sequence: Number(sequence), sha256 };
}

/** Says when the archive doesn't have a manifest that it once had. `head` is a finding, or a warning where it is expired. */
export function checkHead(
  manifests: readonly LoadedManifest[],
  head: ChainHead,
  check: { readonly findings: Findings; readonly expireAfterDays: number; readonly nowMs: number },
): void {
  const { sequence, sha256 } = head;
  const ofSequence = manifests.filter(({ manifest }) => manifest.sequence === sequence);
  if (ofSequence.some((one) => one.sha256 === sha256)) return;
  const [found] = ofSequence;
  const [first] = manifests;
  const last = manifests.at(-1);
  if (found !== undefined) {
    const message = `${found.key} is manifest ${sequence} with the SHA-256 ${found.sha256}, and it was ${sha256} once: the chain was exchanged from there on`;
    check.findings.off("head-missing", message, { day: found.manifest.day, object: found.key });
  } else if (
    first !== undefined &&
    sequence < first.manifest.sequence &&
    mayHaveExpired(first.manifest.sealedAt, check)
  ) {
    const message = `Manifest ${sequence}, the newest of an earlier audit, is older than the chain's start, and can't be asked for any more`;
    check.findings.warn("expired", message);
  } else {
    const end = last === undefined ? "there is no manifest now" : `the newest now is number ${last.manifest.sequence}`;
    check.findings.off("head-missing", `Manifest ${sequence} was there once, and can't be read now: ${end}`);
  }
}
