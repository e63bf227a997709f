/** How manifests hang together: one chain from the first to the newest, in the order of their sealing. */
import type { Findings } from "./findings.ts";
import type { LoadedManifest, LoadedManifests } from "./manifests.ts";

export interface ChainToCheck extends LoadedManifests {
  readonly findings: Findings;
  /** Days after which the lifecycle deletes what is in the bucket: the chain's start goes, too. */
  readonly expireAfterDays: number;
  readonly nowMs: number;
}

/** Lifecycle rules run once a day, and S3 rounds to the next midnight. */
const lifecycleSlackMs = 2 * 24 * 60 * 60 * 1000;

/** Checks sequence and predecessors of all manifests, whatever days are audited: a gap anywhere can hide a day. */
export function checkChain(chain: ChainToCheck): void {
  const { manifests } = chain;
  const [first] = manifests;
  if (first === undefined) return;
  checkStart(first, chain);
  for (const [at, one] of manifests.entries()) {
    const before = manifests[at - 1];
    if (before !== undefined) checkLink(before, one, chain);
  }
  checkForks(chain);
  checkDays(chain);
}

/** Whether the lifecycle has deleted, or may have by now, what was sealed at a time. */
export function mayHaveExpired(sealedAt: string, clock: Pick<ChainToCheck, "expireAfterDays" | "nowMs">): boolean {
  return Date.parse(sealedAt) + clock.expireAfterDays * 24 * 60 * 60 * 1000 - lifecycleSlackMs <= clock.nowMs;
}

function checkStart(first: LoadedManifest, chain: ChainToCheck): void {
  const { manifest, key } = first;
  const at = { day: manifest.day, object: key };
  if (manifest.sequence === 1) {
    if (manifest.previous === undefined) return;
    const message = `${key} is the first of the chain, yet names ${manifest.previous.key} as the one before it`;
    chain.findings.off("chain-start", message, at);
  } else if (mayHaveExpired(manifest.sealedAt, chain)) {
    const message = `The chain starts with manifest ${manifest.sequence}: those before it are older than ${chain.expireAfterDays} days, after which the lifecycle deletes them`;
    chain.findings.warn("expired", message, at);
  } else {
    const missing = manifest.sequence === 2 ? "manifest 1" : `manifests 1 to ${manifest.sequence - 1}`;
    const before = manifest.previous === undefined ? "" : `; the last of them was ${manifest.previous.key}`;
    chain.findings.off("chain-start", `The chain starts with ${key}: ${missing} can't be read${before}`, at);
  }
}

function checkLink(before: LoadedManifest, one: LoadedManifest, { findings, unreadable }: ChainToCheck): void {
  const { manifest, key } = one;
  const { sequence, previous, day } = manifest;
  const at = { day, object: key };
  const missing = sequence - before.manifest.sequence - 1;
  // Two in one place are a fork, said of both below.
  if (missing < 0) return;
  if (previous === undefined) {
    findings.off("chain-broken", `${key} is manifest ${sequence} and names none before it`, at);
  } else if (missing > 0) {
    // A manifest that is there and can't be read has its own finding, and explains one missing place.
    if (missing === 1 && unreadable.includes(previous.key)) return;
    const from = before.manifest.sequence + 1;
    const which = missing === 1 ? `Manifest ${from} is` : `Manifests ${from} to ${sequence - 1} are`;
    findings.off("chain-gap", `${which} missing before ${key}, which names ${previous.key} as the last of them`, at);
  } else if (previous.key !== before.key) {
    const message = `${key} names ${previous.key} as the one before it; manifest ${sequence - 1} is ${before.key}`;
    findings.off("chain-broken", message, at);
  } else if (previous.sha256 !== before.sha256) {
    const message = `${before.key} has the SHA-256 ${before.sha256}, but ${key} names it with ${previous.sha256}: it was changed or exchanged after ${key} was sealed`;
    findings.off("chain-broken", message, at);
  }
}

function checkForks({ manifests, findings }: ChainToCheck): void {
  const bySequence = Map.groupBy(manifests, ({ manifest }) => manifest.sequence);
  for (const [sequence, rivals] of bySequence) {
    const [first] = rivals;
    if (rivals.length < 2 || first === undefined) continue;
    const keys = rivals.map(({ key }) => key).join(" and ");
    findings.off("chain-fork", `${keys} are all manifest ${sequence} of the chain`, {
      day: first.manifest.day,
      object: first.key,
    });
  }
  const byPrevious = Map.groupBy(
    manifests.filter(({ manifest }) => manifest.previous !== undefined),
    ({ manifest }) => manifest.previous?.key ?? "",
  );
  for (const [previous, heirs] of byPrevious) {
    const [first] = heirs;
    const isSaid = new Set(heirs.map(({ manifest }) => manifest.sequence)).size < heirs.length;
    if (heirs.length < 2 || first === undefined || isSaid) continue;
    const keys = heirs.map(({ key }) => key).join(" and ");
    findings.off("chain-fork", `${keys} all name ${previous} as the one before them`, {
      day: first.manifest.day,
      object: first.key,
    });
  }
}

/** Times and days go forward along the chain, and an addendum follows its day. */
function checkDays({ manifests, findings }: ChainToCheck): void {
  let sealedAt = "";
  let newestDay = "";
  // A record may come for a day before the archive's first one, which is then sealed, too.
  const firstDay = manifests.find(({ manifest }) => manifest.kind === "day")?.manifest.day ?? "";
  const isWhole = manifests[0]?.manifest.sequence === 1;
  const sealedDays = new Set<string>();
  for (const { key, manifest } of manifests) {
    const { day, kind } = manifest;
    const at = { day, object: key };
    if (manifest.sealedAt < sealedAt) {
      findings.off("chain-order", `${key} was sealed at ${manifest.sealedAt}, before the one before it`, at);
    }
    sealedAt = manifest.sealedAt;
    if (kind === "addendum") {
      // The manifest of a day whose start has expired can't be asked for.
      if (isWhole && !sealedDays.has(day)) {
        findings.off("chain-order", `${key} is an addendum of ${day}, which wasn't sealed before it`, at);
      }
      continue;
    }
    sealedDays.add(day);
    if (day < newestDay && day >= firstDay) {
      findings.off("chain-order", `${key} follows the manifest of ${newestDay}, a later day`, at);
    }
    if (day > newestDay) newestDay = day;
    if (manifest.sealedAt.slice(0, 10) <= day) {
      const message = `${day} was sealed at ${manifest.sealedAt}, before it had ended: what came later is in its addenda`;
      findings.warn("sealed-early", message, at);
    }
  }
}
