/** The manifests of a range of days: the list of what is in the archive. Objects that none of them names are not read. */
import * as v from "valibot";
import { type ArchiveObject, type Manifest, manifestSchema } from "../../config/archive.ts";
import { inParallel } from "../../lambdas/shared/domain/in-parallel.ts";
import { printable } from "../commands/text/table.ts";
import { ArchiveError } from "./archive-error.ts";
import { type ArchiveSource, isSafeKey } from "./source.ts";

/** Days, both ends included; YYYY-MM-DD. An end that is left out is open. */
export interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface SealedManifest {
  readonly key: string;
  readonly manifest: Manifest;
}

/** Manifests at a time; each is a small request. */
const readsAtOnce = 16;

/**
 * Manifests of days and their addenda, in the order of the chain. That they are genuine is for the audit to say.
 *
 * @throws ArchiveError "not-sealed" when no day of the range is sealed, "damaged" when one isn't a manifest
 */
export async function sealedDays(source: ArchiveSource, range: DayRange): Promise<readonly SealedManifest[]> {
  const keys = (await source.manifestKeys()).filter((key) => isWithin(dayOf(key), range));
  if (keys.length === 0) {
    throw new ArchiveError("not-sealed", `There is no sealed day${rangeText(range)} in ${source.place}.`);
  }
  const manifests = await inParallel(keys, readsAtOnce, async (key) => ({
    key,
    manifest: readManifest(key, await source.manifest(key)),
  }));
  return manifests.toSorted((a, b) => a.manifest.sequence - b.manifest.sequence);
}

/** Objects of one kind, in the order of days, hours and parts; a day's addenda after its own. */
export function objectsOf(manifests: readonly SealedManifest[], kind: ArchiveObject["kind"]): readonly ArchiveObject[] {
  return manifests.flatMap(({ manifest }) => manifest.objects.filter((object) => object.kind === kind));
}

function dayOf(key: string): string {
  return /^manifests\/dt=(\d{4}-\d\d-\d\d)(\.addendum-\d+)?\.json$/.exec(key)?.[1] ?? "";
}

/** ISO dates sort as text. */
function isWithin(day: string, { from, to }: DayRange): boolean {
  return day !== "" && (from === undefined || day >= from) && (to === undefined || day <= to);
}

function rangeText({ from, to }: DayRange): string {
  if (from !== undefined && from === to) return ` ${from}`;
  return `${from === undefined ? "" : ` from ${from}`}${to === undefined ? "" : ` to ${to}`}`;
}

function readManifest(key: string, bytes: Uint8Array): Manifest {
  const result = v.safeParse(manifestSchema, parsed(bytes));
  if (!result.success) {
    const [first] = result.issues;
    const place = v.getDotPath(first) ?? "its shape";
    throw damaged(key, `${place}: ${first.message}`);
  }
  const { objects, day } = result.output;
  if (day !== dayOf(key)) throw damaged(key, `it says that it is of ${day}`);
  const stray = objects.find((object) => !isSafeKey(object.key) || !object.key.includes(`/dt=${day}/`));
  if (stray !== undefined) throw damaged(key, `it names ${printable(stray.key)}, which is no place for its objects`);
  return result.output;
}

function damaged(key: string, why: string): ArchiveError {
  return new ArchiveError("damaged", `${key} is no manifest of this version: ${why}. Audit the archive.`);
}

/** Undefined for what is no JSON: no schema takes it. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
