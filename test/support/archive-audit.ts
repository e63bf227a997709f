/** Reads an archive in memory as an auditor would, from its manifests alone, and says what is in it. */
import { type ArchiveSum, archivePrefixes, type Manifest } from "../../config/archive.ts";
import { parseManifest } from "../../lambdas/shared/domain/archive/manifest-text.ts";
import { createSumTally } from "../../lambdas/shared/domain/archive/sums.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import { readColumns } from "../../lambdas/shared/parquet/read-columns.ts";
import type { MemoryArchiveObjects } from "./memory-archive.ts";

export interface AuditedRow {
  readonly entry: string;
  readonly event_id: string;
  readonly day: string;
  readonly decision: string | null;
  readonly raw_sha256: string | null;
}

export interface AuditedArchive {
  readonly manifests: readonly Manifest[];
  readonly rows: readonly AuditedRow[];
  readonly rawIds: readonly string[];
  /** What is wrong, in words; empty where nothing is. */
  readonly problems: readonly string[];
}

export async function auditArchive(
  objects: MemoryArchiveObjects,
  verify: (bytes: Uint8Array, signature: Uint8Array) => boolean,
): Promise<AuditedArchive> {
  const problems: string[] = [];
  const links = [...objects.stored]
    .filter(([key]) => /^manifests\/.*\.json$/.test(key))
    .map(([key, { bytes }]) => ({ key, bytes, manifest: parseManifest(bytes) }))
    .toSorted((a, b) => a.manifest.sequence - b.manifest.sequence);
  for (const [index, { key, bytes, manifest }] of links.entries()) {
    const before = links[index - 1];
    if (manifest.sequence !== index + 1) problems.push(`${key} has the sequence ${manifest.sequence}`);
    const previous = before && { key: before.key, sha256: sha256Hex(before.bytes) };
    if (JSON.stringify(manifest.previous) !== JSON.stringify(previous)) problems.push(`${key} breaks the chain`);
    const signature = objects.stored.get(`${key}.sig`)?.bytes;
    if (signature === undefined || !verify(bytes, signature)) problems.push(`${key} isn't signed`);
  }
  const manifests = links.map(({ manifest }) => manifest);
  problems.push(...objectProblems(objects, manifests));
  const rows: AuditedRow[] = [];
  const rawIds: string[] = [];
  for (const manifest of manifests) {
    const ofManifest: AuditedRow[] = [];
    const sums = createSumTally();
    for (const { key, kind, rows: expected, sha256 } of manifest.objects) {
      const bytes = objects.stored.get(key)?.bytes;
      if (bytes === undefined || sha256Hex(bytes) !== sha256) problems.push(`${key} isn't what its manifest says`);
      let count = 0;
      const columns = kind === "raw" ? ["event_id"] : transactionNames;
      for await (const group of readColumns(await objects.open(key), columns)) {
        count += group.length;
        if (kind === "raw") rawIds.push(...group.map((row) => String(row.event_id)));
        else ofManifest.push(...group.map((row) => ({ ...(row as unknown as AuditedRow), day: manifest.day })));
        if (kind === "transactions") for (const row of group) addAmount(sums, row);
      }
      if (count !== expected) problems.push(`${key} has ${count} rows, not ${expected}`);
    }
    problems.push(...countProblems(manifest, ofManifest, sums.sums()));
    rows.push(...ofManifest);
  }
  return { manifests, rows, rawIds, problems };
}

const transactionNames = [
  "entry",
  "event_id",
  "decision",
  "raw_sha256",
  "currency",
  "type",
  "provider",
  "same_fact_as",
  "amount_minor",
] as const;

/** Amounts of these tests are small, since hyparquet reads decimals as floats; large ones are DuckDB's tests. */
function addAmount(sums: ReturnType<typeof createSumTally>, row: Readonly<Record<string, unknown>>): void {
  if (row.entry !== "fact" || row.same_fact_as !== null || row.amount_minor === null || row.currency === null) return;
  const { currency, type, provider } = row as unknown as ArchiveSum;
  sums.add({ currency, type, provider, rows: 1, amountMinor: BigInt(Math.round(Number(row.amount_minor))) });
}

function countProblems(manifest: Manifest, rows: readonly AuditedRow[], sums: readonly ArchiveSum[]): string[] {
  const facts = rows.filter(({ entry }) => entry === "fact").length;
  const decisions = rows.length - facts;
  const isRight = facts === manifest.facts && decisions === manifest.lateDecisions;
  const areSumsRight = JSON.stringify(sums) === JSON.stringify(manifest.sums);
  return [
    ...(isRight ? [] : [`manifest ${manifest.sequence} counts wrongly`]),
    ...(areSumsRight ? [] : [`manifest ${manifest.sequence} adds up wrongly`]),
  ];
}

/** Every object of the archive is one manifest's own, or was left behind; that may be said more than once. */
function objectProblems(objects: MemoryArchiveObjects, manifests: readonly Manifest[]): string[] {
  const own = manifests.flatMap((manifest) => manifest.objects.map(({ key }) => key));
  const abandoned = new Set(manifests.flatMap((manifest) => manifest.abandoned.map(({ key }) => key)));
  const named = [...own, ...abandoned];
  const stored = [...objects.stored.keys()].filter(
    (key) => archivePrefixes.some((prefix) => key.startsWith(prefix)) && !key.startsWith("manifests/"),
  );
  const twice = named.filter((key, index) => named.indexOf(key) !== index);
  return [
    ...stored.filter((key) => !named.includes(key)).map((key) => `${key} is one too many`),
    ...named.filter((key) => !stored.includes(key)).map((key) => `${key} is missing`),
    ...twice.map((key) => `${key} is named twice`),
  ];
}
