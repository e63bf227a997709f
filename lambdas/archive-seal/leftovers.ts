/** Objects that attempts left behind which crashed, or were overtaken, before their result was written. */
import type { ArchiveObject, Manifest } from "../../config/archive.ts";
import type { Chain, Link } from "../shared/domain/archive/chain.ts";
import type { ArchiveObjects } from "../shared/domain/archive/ports.ts";

const hourMs = 60 * 60 * 1000;
/** How old an object of another day must be, so that none is taken for a leftover which another execution is to seal. */
const surelyOverMs = 12 * hourMs;
/**
 * How long before the last manifest the first one was sealed whose day is looked at again. A function ends within
 * minutes after its day's seal, so the manifests of twelve hours and a little more after it list all that it has left.
 */
const lookBackMs = 24 * hourMs;

/**
 * Objects of a day that are named neither by its manifests nor by the one that is about to be made.
 *
 * @param before only those that were written earlier, epoch milliseconds
 */
async function strays(
  objects: Pick<ArchiveObjects, "list" | "sha256Of">,
  options: {
    readonly day: string;
    readonly links: readonly Link[];
    readonly own: readonly ArchiveObject[];
    readonly before: number;
  },
): Promise<Manifest["abandoned"]> {
  const { day, links, own, before } = options;
  const named = new Set([
    ...own.map(({ key }) => key),
    ...links.flatMap(({ manifest }) => [...manifest.objects, ...manifest.abandoned].map(({ key }) => key)),
  ]);
  const stored = [...(await objects.list(`transactions/dt=${day}/`)), ...(await objects.list(`raw/dt=${day}/`))].filter(
    ({ key, modifiedMs }) => !named.has(key) && modifiedMs < before,
  );
  const abandoned: Manifest["abandoned"] = [];
  for (const { key, sizeBytes } of stored) abandoned.push({ key, sha256: await objects.sha256Of(key), sizeBytes });
  return abandoned;
}

/**
 * Leftovers of the day that is sealed, and of the days of the manifests before it: an invocation that was given up may
 * have written another object after that seal had looked. Time is counted from the last manifest, so that it doesn't
 * matter how long nothing was sealed. A day that was sealed just now has no objects yet that are old enough.
 */
export async function leftoversOf(options: {
  readonly objects: Pick<ArchiveObjects, "list" | "sha256Of">;
  readonly chain: Pick<Chain, "ofDay" | "backFrom">;
  readonly day: string;
  readonly own: readonly ArchiveObject[];
  readonly head: Link | undefined;
  readonly nowMs: number;
}): Promise<Manifest["abandoned"]> {
  const { objects, chain, day, own, head, nowMs } = options;
  const recent = head === undefined ? [] : await chain.backFrom(head, Date.parse(head.manifest.sealedAt) - lookBackMs);
  const before = nowMs - surelyOverMs;
  const past = recent.filter(({ manifest }) => Date.parse(manifest.sealedAt) <= before);
  const others = new Set(past.map(({ manifest }) => manifest.day).filter((other) => other !== day));
  const linksOf = async (ofDay: string) => [...(await chain.ofDay(ofDay)), ...recent];
  const found = await strays(objects, { day, links: await linksOf(day), own, before: Number.POSITIVE_INFINITY });
  for (const other of others) {
    found.push(...(await strays(objects, { day: other, links: await linksOf(other), own: [], before })));
  }
  return found;
}
