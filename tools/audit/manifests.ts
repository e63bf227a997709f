/** Reads every manifest with its signature, and proves each by itself. How they hang together is chain.ts's. */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { archiveKeys, type Manifest, manifestSchema } from "../../config/archive.ts";
import { inParallel } from "../../lambdas/shared/domain/in-parallel.ts";
import { dayStartMs } from "./days.ts";
import type { Findings } from "./findings.ts";
import { manifestPlace } from "./keys.ts";
import { problemText } from "./problem-text.ts";
import type { ArchiveSource, StoredObject } from "./source/source.ts";
import { isSignedBy, type Trust } from "./trust.ts";

/** What the audited archive has to be of, as far as that is known. */
export interface Expected {
  readonly environment?: string;
  /** AWS account id. */
  readonly account?: string;
}

export interface LoadedManifest {
  readonly key: string;
  /** Of its bytes. */
  readonly sha256: string;
  readonly manifest: Manifest;
  /** Signed with a key that the auditor trusts, of the right environment, under its own key. */
  readonly isProven: boolean;
}

export interface LoadedManifests {
  /** By sequence. */
  readonly manifests: readonly LoadedManifest[];
  /** Manifests that are there and can't be understood; nobody knows which objects they name. */
  readonly unreadable: readonly string[];
}

export interface ManifestsToLoad {
  readonly source: ArchiveSource;
  readonly trust: Trust;
  readonly expected: Expected;
  readonly findings: Findings;
  /** What lies under `manifests/`. */
  readonly listed: readonly StoredObject[];
  /** Called after each. */
  onLoaded(): void;
}

export async function loadManifests(load: ManifestsToLoad): Promise<LoadedManifests> {
  const keys = new Set(load.listed.map(({ key }) => key));
  const manifestKeys = [...keys].filter((key) => manifestPlace(key)?.isSignature === false);
  for (const key of keys) {
    const place = manifestPlace(key);
    if (place === undefined) {
      load.findings.off("object-extra", `${key} is neither a manifest nor a signature`, { object: key });
    } else if (place.isSignature && !keys.has(key.replace(/\.sig$/, ""))) {
      const { day } = place;
      load.findings.off("object-extra", `${key} is the signature of a manifest that isn't there`, { day, object: key });
    }
  }
  const manifests: LoadedManifest[] = [];
  const unreadable: string[] = [];
  await inParallel(manifestKeys, 8, async (key) => {
    const loaded = await loadOne(key, load);
    if (loaded === undefined) unreadable.push(key);
    else manifests.push(loaded);
    load.onLoaded();
  });
  manifests.sort((a, b) => a.manifest.sequence - b.manifest.sequence || a.key.localeCompare(b.key));
  return { manifests, unreadable: unreadable.sort() };
}

async function loadOne(key: string, load: ManifestsToLoad): Promise<LoadedManifest | undefined> {
  const { source, findings } = load;
  const at = { ...dayIn(key), object: key };
  let bytes: Uint8Array;
  let json: unknown;
  try {
    bytes = await source.read(key);
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (isInGlacier(error)) {
      findings.off("manifest-in-glacier", glacierText(key), at);
      return undefined;
    }
    const problem = error instanceof SyntaxError || error instanceof TypeError ? "isn't JSON" : problemText(error);
    findings.off("manifest-unreadable", `The manifest ${key} can't be read: ${problem}`, at);
    return undefined;
  }
  const parsed = v.safeParse(manifestSchema, json);
  if (!parsed.success) {
    const places = parsed.issues.slice(0, 5).map((issue) => `${v.getDotPath(issue) ?? "itself"}: ${issue.message}`);
    findings.off("manifest-invalid", `The manifest ${key} isn't as manifests are: ${places.join("; ")}`, at);
    return undefined;
  }
  const manifest = parsed.output;
  const isInPlace = checkPlace(key, manifest, load);
  const isSigned = await checkSignature(key, bytes, manifest, load);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { key, sha256, manifest, isProven: isInPlace && isSigned };
}

/** Whether it lies where its content says, in the archive that it is of. */
function checkPlace(key: string, manifest: Manifest, { expected, findings }: ManifestsToLoad): boolean {
  const { day, kind, sequence, environment, signingKey } = manifest;
  const at = { day, object: key };
  const own = archiveKeys.manifest(day, kind === "addendum" ? sequence : undefined);
  const isInPlace = own === key && dayStartMs(day) !== undefined;
  if (!isInPlace) {
    const what = kind === "addendum" ? `addendum ${sequence} of ${day}` : `day ${day}`;
    findings.off("manifest-misplaced", `${key} holds the manifest of ${what}, whose place is ${own}`, at);
  }
  const { environment: expectedEnvironment = environment, account } = expected;
  if (environment !== expectedEnvironment) {
    const message = `${key} was sealed in the environment ${environment}, not in ${expectedEnvironment}`;
    findings.off("environment-mismatch", message, at);
  }
  const sealedIn = signingKey.arn.split(":")[4];
  const isOfAccount = account === undefined || sealedIn === account;
  if (!isOfAccount) {
    findings.off("environment-mismatch", `${key} was sealed in the account ${sealedIn}, not in ${account}`, at);
  }
  return isInPlace && environment === expectedEnvironment && isOfAccount;
}

async function checkSignature(
  key: string,
  bytes: Uint8Array,
  { day, signingKey }: Manifest,
  { source, trust, findings }: ManifestsToLoad,
): Promise<boolean> {
  const signatureKey = archiveKeys.signature(key);
  const at = { day, object: key };
  const trusted = trust.get(signingKey.publicKeySha256);
  if (trusted === undefined) {
    const message = `${key} is signed with the key ${signingKey.publicKeySha256}, which the trust file doesn't have`;
    findings.off("key-unknown", message, at);
    return false;
  }
  const isSameKey = trusted.arn === signingKey.arn;
  if (!isSameKey) {
    const message = `${key} names the key ${signingKey.arn}; the trust file has that key as ${trusted.arn}`;
    findings.off("key-mismatch", message, at);
  }
  let signature: Uint8Array;
  try {
    signature = await source.read(signatureKey);
  } catch (error) {
    if (isInGlacier(error)) {
      findings.off("manifest-in-glacier", glacierText(signatureKey), at);
      return false;
    }
    findings.off("signature-missing", `The signature of ${key} can't be read: ${problemText(error)}`, at);
    return false;
  }
  if (isSignedBy(trusted, bytes, signature)) return isSameKey;
  const message = `The signature of ${key} doesn't fit it: the manifest or its signature was changed`;
  findings.off("signature-invalid", message, at);
  return false;
}

function isInGlacier(error: unknown): boolean {
  return error instanceof Error && error.name === "InvalidObjectState";
}

function glacierText(key: string): string {
  const day = manifestPlace(key)?.day ?? "DAY";
  return `${key} is in Glacier, and what it seals can't be proven without it. Bring it back with "npm run cli -- archive restore --day ${day}", then audit again`;
}

function dayIn(key: string): { readonly day?: string } {
  const day = manifestPlace(key)?.day;
  return day === undefined ? {} : { day };
}
