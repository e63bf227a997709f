/** Reads the archive's keys (config/archive.ts, `archiveKeys`) backwards. */

/** Where an object belongs by its key. */
export interface ObjectPlace {
  readonly kind: "transactions" | "raw";
  readonly day: string;
  readonly hour: string;
  readonly addendum?: number;
}

export interface ManifestPlace {
  readonly day: string;
  readonly addendum?: number;
  readonly isSignature: boolean;
}

const objectForm =
  /^(transactions|raw)\/dt=(\d{4}-\d\d-\d\d)\/hour=([01]\d|2[0-3])\/(?:addendum-(\d{8,})-)?part-\d{3,}\.parquet$/;
const manifestForm = /^manifests\/dt=(\d{4}-\d\d-\d\d)(?:\.addendum-(\d{8,}))?\.json(\.sig)?$/;

/** Undefined for what is no key of an archived object. */
export function objectPlace(key: string): ObjectPlace | undefined {
  const [, kind, day, hour, addendum] = objectForm.exec(key) ?? [];
  if (kind === undefined || day === undefined || hour === undefined) return undefined;
  return { kind: kind === "raw" ? "raw" : "transactions", day, hour, ...numbered(addendum) };
}

/** Undefined for what is no key of a manifest or of a signature. */
export function manifestPlace(key: string): ManifestPlace | undefined {
  const [, day, addendum, signature] = manifestForm.exec(key) ?? [];
  if (day === undefined) return undefined;
  return { day, ...numbered(addendum), isSignature: signature !== undefined };
}

function numbered(addendum: string | undefined) {
  return addendum === undefined ? {} : { addendum: Number(addendum) };
}
