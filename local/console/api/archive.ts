/** The archive's sealed days, seals on demand, and audits: what `cli archive seal` and `cli audit` do. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { type Manifest, manifestSchema } from "../../../config/archive.ts";
import { inParallel } from "../../../lambdas/shared/domain/in-parallel.ts";
import type { ArchiveDay, ArchiveDays, Audited, AuditFinding, Done } from "../answers.ts";
import { type ArchiveBucket, archiveBucketOf, manifestKeys } from "../archive-bucket.ts";
import type { CommandEnd } from "../commands.ts";
import { doneOf, read } from "./done.ts";
import { ConsoleError, type Context, type Route } from "./route.ts";

/** Two months; the terminal shows all. */
const mostDays = 62;
const readsAtOnce = 8;

/** Of each running system: an audit takes a while, so its result is kept until the next one. */
const audits = new WeakMap<Context, Audited>();

export const archive: Route = async (context): Promise<ArchiveDays> => {
  const bucket = bucketOf(context);
  const byDay = [...(await manifestKeys(bucket))].sort(([one], [other]) => (one < other ? 1 : -1)).slice(0, mostDays);
  const days = await inParallel(byDay, readsAtOnce, ([day, keys]) => dayOf(bucket, day, keys));
  const known = audits.get(context);
  return {
    bucket: bucket.name,
    days,
    ...(known !== undefined && { audit: known }),
    today: new Date(context.now()).toISOString().slice(0, "YYYY-MM-DD".length),
  };
};

function bucketOf({ runtime }: Context): ArchiveBucket {
  const bucket = archiveBucketOf(runtime);
  if (bucket === undefined) throw new ConsoleError(404, "no_archive", "The Terraform has no archive's bucket.");
  return bucket;
}

async function dayOf(bucket: ArchiveBucket, day: string, keys: readonly string[]): Promise<ArchiveDay> {
  const manifests = await Promise.all(keys.map(async (key) => parsedManifest(key, await bucket.text(key))));
  const [first] = manifests;
  if (first === undefined) throw new Error(`${day} has no manifest.`);
  const objects = manifests.flatMap((manifest) => manifest.objects);
  const total = (count: (manifest: Manifest) => number) => manifests.reduce((sum, one) => sum + count(one), 0);
  return {
    day,
    manifest: keys[0] ?? "",
    sequence: first.sequence,
    sealedAt: first.sealedAt,
    addenda: manifests.filter(({ kind }) => kind === "addendum").length,
    facts: total(({ facts }) => facts),
    undecided: total(({ undecided }) => undecided),
    exceptions: total(({ exceptions }) => exceptions.length),
    sizeBytes: objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    objects: objects.length,
    // Of each manifest its own: sums of a day and of its addenda stand beside each other.
    sums: manifests.flatMap(({ sums }) => sums),
  };
}

function parsedManifest(key: string, text: string): Manifest {
  const manifest = v.safeParse(v.pipe(v.string(), v.parseJson(), manifestSchema), text);
  if (manifest.success) return manifest.output;
  throw new ConsoleError(502, "no_manifest", `${key} is no manifest of this version. Audit the archive.`);
}

const sealOrder = v.strictObject({ through: v.optional(v.pipe(v.string(), v.isoDate())) });

export const seal: Route = async ({ commands }, { body }): Promise<Done> => {
  const { through } = read(sealOrder, body);
  return doneOf(await commands.run(["archive", "seal", ...(through === undefined ? [] : ["--through", through])]));
};

/** What the page takes of the audit's report. */
const reportSchema = v.object({
  isProven: v.boolean(),
  days: v.array(v.object({ day: v.string(), findings: v.number() })),
  findings: v.array(v.record(v.string(), v.unknown())),
  warnings: v.array(v.record(v.string(), v.unknown())),
});

/**
 * The keys to trust come from this system's own KMS here. That proves that nothing was changed since, and not that
 * nobody changed the key: an auditor keeps the file from elsewhere.
 */
export const audit: Route = async (context): Promise<Audited> => {
  const { commands } = context;
  const folder = mkdtempSync(join(tmpdir(), "console-audit-"));
  try {
    const trust = join(folder, "trust.json");
    const trusted = await commands.run(["archive", "trust", "--out", trust]);
    if (trusted.exitCode !== 0) throw new ConsoleError(502, "no_key", trusted.said);
    const audited = auditedBy(await commands.run(["audit", "--trust", trust]), trusted, context.now());
    audits.set(context, audited);
    return audited;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @param trusted the command before, which wrote the keys */
function auditedBy({ json, said, command }: CommandEnd, trusted: CommandEnd, nowMs: number): Audited {
  const report = v.safeParse(reportSchema, json);
  if (!report.success) throw new ConsoleError(502, "no_audit", said === "" ? "The audit gave no report." : said);
  const { isProven, days, findings, warnings } = report.output;
  return {
    at: new Date(nowMs).toISOString(),
    isProven,
    said,
    command: [trusted.command, command]
      .map((line) => line.replace(/(--trust|--out) \S+/, "$1 trust.json"))
      .join(" && "),
    days,
    findings: findings.map(findingOf),
    warnings: warnings.map(findingOf),
  };
}

function findingOf({ code, message, object, day }: Readonly<Record<string, unknown>>): AuditFinding {
  return {
    code: String(code),
    message: String(message),
    ...(typeof object === "string" && { object }),
    ...(typeof day === "string" && { day }),
  };
}
