/** Brings a day's objects back from Glacier: copies that can be read for some days, while the objects stay where they are. */
import { HeadObjectCommand, RestoreObjectCommand, type S3Client, type Tier } from "@aws-sdk/client-s3";
import { archiveKeys } from "../../config/archive.ts";
import { inParallel } from "../../lambdas/shared/domain/in-parallel.ts";
import { ArchiveError } from "./archive-error.ts";
import { sealedDays } from "./sealed-days.ts";
import type { ArchiveSource } from "./source.ts";

export const restoreTiers = ["Standard", "Bulk", "Expedited"] as const satisfies readonly Tier[];
export type RestoreTier = (typeof restoreTiers)[number];

export type ObjectState =
  /** Can be read: never moved, or restored until then. */
  | { readonly kind: "ready"; readonly until?: string }
  | { readonly kind: "under-way"; readonly storageClass: string }
  | { readonly kind: "in-glacier"; readonly storageClass: string };

export interface RestoreRequest {
  readonly bucket: string;
  readonly keys: readonly string[];
  readonly tier: RestoreTier;
  /** How long the copies stay. */
  readonly days: number;
}

/**
 * Hours until the copies are there, by storage class and tier; absent where there is no such tier.
 * Source: S3 User Guide, "Understanding archive retrieval options"
 */
const waits: Readonly<Record<string, Readonly<Partial<Record<RestoreTier, string>>>>> = {
  GLACIER: { Expedited: "1 to 5 minutes", Standard: "3 to 5 hours", Bulk: "5 to 12 hours" },
  DEEP_ARCHIVE: { Standard: "up to 12 hours", Bulk: "up to 48 hours" },
};

const requestsAtOnce = 16;

/** Where each object is, by its key. @throws ArchiveError "missing" */
export async function statesOf(
  s3: Pick<S3Client, "send">,
  { bucket, keys }: Pick<RestoreRequest, "bucket" | "keys">,
): Promise<ReadonlyMap<string, ObjectState>> {
  const states = await inParallel(keys, requestsAtOnce, (key) => stateOf(s3, { bucket, key }));
  return new Map(keys.map((key, at) => [key, states[at] ?? { kind: "ready" }]));
}

/**
 * Where a sealed day's objects are, its manifests among them. Which objects there are, the manifests say: while one of
 * them is in Glacier itself, `isListed` is false and the states are those of manifests and signatures alone.
 *
 * @throws ArchiveError "not-sealed" or "missing"
 */
export async function statesOfDay(
  s3: Pick<S3Client, "send">,
  source: ArchiveSource,
  { bucket, day }: { readonly bucket: string; readonly day: string },
): Promise<{ readonly states: ReadonlyMap<string, ObjectState>; readonly isListed: boolean }> {
  const manifestKeys = (await source.manifestKeys()).filter((key) => key.startsWith(`manifests/dt=${day}.`));
  if (manifestKeys.length === 0) throw new ArchiveError("not-sealed", `${day} is not sealed in ${bucket}.`);
  const proofs = manifestKeys.flatMap((key) => [key, archiveKeys.signature(key)]);
  const states = await statesOf(s3, { bucket, keys: proofs });
  if ([...states.values()].some(({ kind }) => kind !== "ready")) return { states, isListed: false };
  const objects = (await sealedDays(source, { from: day, to: day })).flatMap(({ manifest }) => manifest.objects);
  const itsStates = await statesOf(s3, { bucket, keys: objects.map(({ key }) => key) });
  return { states: new Map([...states, ...itsStates]), isListed: true };
}

/**
 * Asks for those that are in Glacier. One that is asked for already stays as it is, so it may be run again and again.
 *
 * @returns how many were asked for now
 * @throws ArchiveError "in-glacier" when AWS can't take such requests now, or their storage class knows no such tier
 */
export async function restore(
  s3: Pick<S3Client, "send">,
  { bucket, tier, days }: Omit<RestoreRequest, "keys">,
  states: ReadonlyMap<string, ObjectState>,
): Promise<number> {
  const asked = [...states].flatMap(([key, state]) => (state.kind === "in-glacier" ? [{ key, ...state }] : []));
  const [unfit] = asked.filter(({ storageClass }) => waitFor(storageClass, tier) === undefined);
  if (unfit !== undefined) {
    throw new ArchiveError(
      "in-glacier",
      `${unfit.key} is in ${unfit.storageClass}, which has no tier ${tier}. Say another.`,
    );
  }
  await inParallel(asked, requestsAtOnce, async ({ key }) => {
    const RestoreRequest = { Days: days, GlacierJobParameters: { Tier: tier } };
    try {
      await s3.send(new RestoreObjectCommand({ Bucket: bucket, Key: key, RestoreRequest }));
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      // Somebody else was quicker.
      if (name === "RestoreAlreadyInProgress") return;
      if (name === "GlacierExpeditedRetrievalNotAvailable") {
        throw new ArchiveError("in-glacier", "AWS has no room for Expedited now: say --tier Standard, or try later.");
      }
      if (name === "AccessDenied") {
        throw new ArchiveError("in-glacier", `These credentials may not restore (s3:RestoreObject): ${message}`);
      }
      throw error;
    }
  });
  return asked.length;
}

/** How long it takes, in words; undefined where the class knows no such tier. */
export function waitFor(storageClass: string, tier: RestoreTier): string | undefined {
  return waits[storageClass]?.[tier];
}

async function stateOf(
  s3: Pick<S3Client, "send">,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): Promise<ObjectState> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    // Absent means STANDARD; others than the two below can be read at once.
    const storageClass = head.StorageClass ?? "STANDARD";
    if (waits[storageClass] === undefined) return { kind: "ready" };
    const { Restore: restored = "" } = head;
    if (restored.includes('ongoing-request="true"')) return { kind: "under-way", storageClass };
    const until = /expiry-date="([^"]+)"/.exec(restored)?.[1];
    return until === undefined
      ? { kind: "in-glacier", storageClass }
      : { kind: "ready", until: new Date(until).toISOString() };
  } catch (error) {
    if (error instanceof Error && error.name === "NotFound") {
      throw new ArchiveError("missing", `${key} is sealed and not in ${bucket}. Look at the bucket's versions.`);
    }
    throw error;
  }
}
