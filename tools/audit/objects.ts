/** Proves the objects that manifests name: there, of their size, with their SHA-256, and nothing beside them. */
import { rm } from "node:fs/promises";
import type { ArchiveObject } from "../../config/archive.ts";
import { dayOf } from "../../lambdas/shared/domain/archive/days.ts";
import { mayHaveExpired } from "./chain.ts";
import type { Findings } from "./findings.ts";
import { manifestPlace, type ObjectPlace, objectPlace } from "./keys.ts";
import type { LoadedManifest, LoadedManifests } from "./manifests.ts";
import { problemText } from "./problem-text.ts";
import type { ArchiveSource, StoredObject } from "./source/source.ts";

/** What is listed under `transactions/` and `raw/`, by key. */
export type Listing = ReadonlyMap<string, StoredObject>;

/**
 * What became of one object's proof: its bytes are those of the manifest, and were read; S3 keeps the manifest's SHA-256
 * for it, and nobody read its rows; the lifecycle has deleted it; or something is off, and said as a finding.
 */
export type ObjectProof = "read" | "by-checksum" | "expired" | "off";

export interface ObjectProver {
  readonly source: ArchiveSource;
  readonly listing: Listing;
  readonly findings: Findings;
  /** Whether objects that S3 charges for reading are read. */
  readonly readsCostly: boolean;
  readonly expireAfterDays: number;
  readonly nowMs: number;
}

/** Proves one object, as a file at `file` where it is read. Never throws for what is wrong with it. */
export async function proveObject(
  object: ArchiveObject,
  { manifest }: LoadedManifest,
  prover: ObjectProver & { readonly file: string },
): Promise<ObjectProof> {
  const { source, findings, file } = prover;
  const { key } = object;
  const at = { day: manifest.day, object: key };
  const stored = prover.listing.get(key);
  if (stored === undefined) {
    if (mayHaveExpired(manifest.sealedAt, prover)) return "expired";
    findings.off("object-missing", `${key} is missing: the manifest names it, and it isn't there`, at);
    return "off";
  }
  if (stored.sizeBytes !== object.sizeBytes) {
    const message = `${key} has ${stored.sizeBytes} bytes; its manifest says ${object.sizeBytes}`;
    findings.off("object-size", message, at);
    return "off";
  }
  try {
    if (stored.temperature === "frozen" || (stored.temperature === "costly" && !prover.readsCostly)) {
      const checksum = await source.storedChecksum(key);
      const isReadable = stored.temperature === "frozen" && checksum.isRestored;
      if (!isReadable) return byChecksum(object, checksum.sha256, at, findings);
    }
    const fetched = await source.fetch(key, file);
    if (fetched.sha256 === object.sha256) return "read";
    const message = `${key} was changed: its SHA-256 is ${fetched.sha256}, its manifest says ${object.sha256}`;
    findings.off("object-hash", message, at);
  } catch (error) {
    findings.off("object-unreadable", `${key} can't be read: ${problemText(error)}`, at);
  }
  return "off";
}

function byChecksum(
  { key, sha256 }: ArchiveObject,
  stored: string | undefined,
  at: { readonly day: string; readonly object: string },
  findings: Findings,
): ObjectProof {
  if (stored === sha256) return "by-checksum";
  if (stored === undefined) {
    const message = `${key} is in colder storage, and S3 has no SHA-256 of the whole of it: restore it to prove it`;
    findings.off("object-unproven", message, at);
  } else {
    const message = `${key} was changed: S3 keeps the SHA-256 ${stored} for it, its manifest says ${sha256}`;
    findings.off("object-hash", message, at);
  }
  return "off";
}

/**
 * Looks at what crashed attempts have left behind. It is no part of the archive, so it may be gone; what is there has to
 * be what the seal found.
 */
export async function proveAbandoned(
  { key: manifestKey, manifest }: LoadedManifest,
  { source, listing, findings, file, nowMs, expireAfterDays }: ObjectProver & { readonly file: string },
): Promise<void> {
  for (const { key, sha256, sizeBytes } of manifest.abandoned) {
    const at = { day: manifest.day, object: key };
    const stored = listing.get(key);
    if (stored === undefined) {
      if (mayHaveExpired(manifest.sealedAt, { expireAfterDays, nowMs })) continue;
      findings.warn("abandoned-missing", `${key} is gone; ${manifestKey} lists it as left behind by a crash`, at);
      continue;
    }
    try {
      const actual =
        stored.temperature === "warm"
          ? await source.fetch(key, file)
          : { sizeBytes: stored.sizeBytes, sha256: (await source.storedChecksum(key)).sha256 };
      if (actual.sha256 === sha256 && actual.sizeBytes === sizeBytes) continue;
      findings.off("object-hash", `${key}, left behind by a crash, isn't what ${manifestKey} says it was`, at);
    } catch (error) {
      findings.off("object-unreadable", `${key} can't be read: ${problemText(error)}`, at);
    } finally {
      await rm(file, { force: true });
    }
  }
}

/** Objects whose sealing is under way are this young at most; a clock may be so much behind that of S3. */
const sealingMs = 6 * 60 * 60 * 1000;
const clockSkewMs = 5 * 60 * 1000;

/** Says which objects of the range no manifest names, and which keys are named wrongly or twice. */
export function checkNames(
  { manifests, unreadable }: LoadedManifests,
  check: {
    readonly listing: Listing;
    readonly findings: Findings;
    readonly nowMs: number;
    /** Nothing is under way in a download, and its files' times say nothing. */
    readonly isDownload: boolean;
    isInRange(day: string): boolean;
  },
): void {
  const { listing, findings } = check;
  const named = new Set<string>();
  for (const { key: manifestKey, manifest } of manifests) {
    for (const { key, kind } of manifest.objects) {
      const at = { day: manifest.day, object: key };
      const place = objectPlace(key);
      const isAddendum = place?.addendum !== undefined;
      const isOwn = place?.kind === kind && place.day === manifest.day && isAddendum === (manifest.kind === "addendum");
      if (!isOwn) findings.off("object-misplaced", `${manifestKey} names ${key}, which isn't a key of its own`, at);
      if (named.has(key)) findings.off("object-twice", `${manifestKey} names ${key}, which is named before`, at);
      named.add(key);
    }
    for (const { key } of manifest.abandoned) named.add(key);
  }
  const mayBeSealing = sealingOf(manifests, check);
  const unreadablePlaces = new Set(unreadable.map(placeName));
  for (const stored of listing.values()) {
    const { key } = stored;
    if (named.has(key)) continue;
    const place = objectPlace(key);
    if (place === undefined) {
      findings.off("object-extra", `${key} is no object of an archive, and no manifest names it`, { object: key });
      continue;
    }
    const { day, addendum } = place;
    // Which objects an unreadable manifest names, nobody knows; that it can't be read is a finding already.
    if (!check.isInRange(day) || unreadablePlaces.has(`${day} ${addendum ?? ""}`)) continue;
    if (mayBeSealing(place, stored)) {
      findings.warn("sealing-in-progress", `${key} isn't sealed yet; it was written just now`, { day, object: key });
    } else {
      findings.off("object-extra", `${key} is there, and no manifest names it`, { day, object: key });
    }
  }
}

/**
 * Whether an execution that is under way may have written an object just now: for a day after the last sealed one that
 * has begun, or for an addendum of a sealed day that is to come next in the chain.
 */
function sealingOf(
  manifests: readonly LoadedManifest[],
  { nowMs, isDownload }: { readonly nowMs: number; readonly isDownload: boolean },
): (place: ObjectPlace, stored: StoredObject) => boolean {
  const sealedDays = new Set(manifests.map(({ manifest }) => manifest.day));
  const lastSealedDay = [...sealedDays].sort().at(-1) ?? "";
  const lastSequence = manifests.at(-1)?.manifest.sequence ?? 0;
  return ({ day, addendum }, { modifiedAtMs }) => {
    const ageMs = nowMs - modifiedAtMs;
    if (isDownload || ageMs >= sealingMs || ageMs < -clockSkewMs) return false;
    if (addendum !== undefined) return sealedDays.has(day) && addendum > lastSequence;
    return day > lastSealedDay && day <= dayOf(nowMs);
  };
}

function placeName(manifestKey: string): string {
  const place = manifestPlace(manifestKey);
  return `${place?.day ?? ""} ${place?.addendum ?? ""}`;
}
