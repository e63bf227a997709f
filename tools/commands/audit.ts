import { existsSync, readFileSync, statSync } from "node:fs";
import { extname } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { environments, placeholderAccountId, selectEnvironments } from "../../config/environments.ts";
import { archiveBucket } from "../audit/archive-bucket.ts";
import { type AuditRequest, audit } from "../audit/audit.ts";
import { findingCodes, warningCodes } from "../audit/findings.ts";
import { type ChainHead, parseHead } from "../audit/head.ts";
import { problemText } from "../audit/problem-text.ts";
import { barProgress } from "../audit/progress.ts";
import { reportText } from "../audit/report/text.ts";
import { verdictText } from "../audit/report/words.ts";
import { reportForms, writeReports } from "../audit/report/write.ts";
import type { AuditReport } from "../audit/report.ts";
import { directorySource } from "../audit/source/directory.ts";
import { environmentTables } from "../audit/tables/tables.ts";
import { parseTrust, type Trust } from "../audit/trust.ts";
import { inWorkFolder } from "../audit/work-folder.ts";
import { type CommonOptions, onTarget, type Surroundings } from "./context.ts";
import { type CommandResult, failed, type Usage, usage } from "./result.ts";
import { listLines } from "./text/table.ts";
import { dayArgument } from "./times.ts";

interface AuditOptions extends CommonOptions {
  readonly trust: string;
  readonly from?: string;
  readonly to?: string;
  readonly head?: ChainHead;
  readonly dir?: string;
  readonly bucket?: string;
  readonly readInfrequentAccess?: boolean;
  readonly report: readonly string[];
}

/** `cli audit`: proves that the archive is complete and unchanged, and that its sums agree. */
export const auditCommand = {
  describe: (command: Command): Command =>
    command
      .description("Prove that the archive is complete and unchanged, and that its sums agree.")
      .requiredOption("--trust <file>", 'public keys, as "archive trust" exports them; never taken from the archive')
      .option("--from <day>", "first day, YYYY-MM-DD (default: the first that is sealed)", dayArgument)
      .option("--to <day>", "last day, YYYY-MM-DD (default: the last that is sealed or, with tables, due)", dayArgument)
      .option(
        "--head <number:sha256>",
        "newest manifest of an earlier report, which has to be there still",
        headArgument,
      )
      .option("--dir <folder>", 'a download of the bucket ("aws s3 sync") instead; needs no network')
      .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)")
      .option(
        "--read-infrequent-access",
        "read objects in infrequent access, too, for which S3 charges by the gigabyte",
      )
      .option(
        "--report <file>",
        "write a report, .html, .csv or .json (may be given more than once)",
        reportArgument,
        [],
      )
      .addHelpText("after", details()),
  examples: [
    "audit --trust trust.json --env prod --from 2026-10-01 --to 2026-10-31 --report october.html --report october.csv",
    "audit --trust trust.json --dir ./download --json",
    "audit --trust trust.json --local",
  ],
  async run(surroundings: Surroundings, options: AuditOptions): Promise<CommandResult> {
    const { from, to, dir } = options;
    if (from !== undefined && to !== undefined && from > to) return usage(`--from ${from} lies after --to ${to}.`);
    const read = trustIn(options.trust);
    if (read.kind === "usage") return read;
    if (dir === undefined) return auditTarget(surroundings, options, read.trust);
    if (options.local || options.endpoint !== undefined || options.bucket !== undefined) {
      return usage("Give --dir, or where the bucket is (--local, --endpoint, --bucket), not both.");
    }
    if (!existsSync(dir) || !statSync(dir).isDirectory()) return usage(`There is no folder ${dir}.`);
    return auditFolder(surroundings, options, dir, read.trust);
  },
};

async function auditFolder(
  surroundings: Surroundings,
  options: AuditOptions,
  dir: string,
  trust: Trust,
): Promise<CommandResult> {
  const expected = options.env === undefined ? {} : { environment: options.env };
  try {
    return await run(surroundings, options, { source: directorySource(dir), trust, expected, isDownload: true });
  } catch (error) {
    // One object that can't be read is a finding; here it is the folder itself, or the temporary one.
    const code = (error as { readonly code?: unknown }).code;
    if (typeof code !== "string") throw error;
    return failed(`The folder ${dir} can't be audited: ${problemText(error)}`);
  }
}

function auditTarget(surroundings: Surroundings, options: AuditOptions, trust: Trust): Promise<CommandResult> {
  return onTarget(surroundings, options, async ({ target, clients }) => {
    const { name: environment, accountId } = target.settings;
    const account = accountId === placeholderAccountId ? {} : { account: accountId };
    return run(surroundings, options, {
      source: await archiveBucket(target, options.bucket),
      trust,
      expected: { environment, ...account },
      isDownload: false,
      tables: environmentTables(clients.dynamoDb, target.names, surroundings.sleep),
    });
  });
}

type Wanted = Pick<AuditRequest, "source" | "trust" | "expected" | "isDownload" | "tables">;

async function run(surroundings: Surroundings, options: AuditOptions, wanted: Wanted): Promise<CommandResult> {
  const { from, to, head, json, readInfrequentAccess } = options;
  const progress = barProgress(process.stderr);
  let report: AuditReport;
  try {
    report = await inWorkFolder((workFolder) =>
      audit({
        ...wanted,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(head === undefined ? {} : { head }),
        nowMs: surroundings.now(),
        expireAfterDays,
        readsCostly: readInfrequentAccess === true,
        workFolder,
        progress,
      }),
    );
  } finally {
    progress.stop();
  }
  try {
    for (const path of await writeReports(report, options.report)) surroundings.err(`Wrote ${path}.`);
  } catch (error) {
    return failed(`The report can't be written: ${error instanceof Error ? error.message : error}`, report);
  }
  const text = reportText(report, { width: surroundings.width });
  if (report.isProven) return { kind: "done", text, json: report };
  if (!json) surroundings.out(text);
  return failed(json ? verdictText(report) : "The archive isn't proven: see above.", report);
}

function trustIn(file: string): { readonly kind: "trust"; readonly trust: Trust } | Usage {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "ENOENT") {
      return usage(`The file of trusted keys ${file} can't be read: ${problemText(error)}.`);
    }
    return usage(`There is no file ${file}. Write it with: npm run cli -- archive trust --out ${file}`);
  }
  const result = parseTrust(text);
  return result.kind === "trust"
    ? result
    : usage(`The file of trusted keys ${file} ${result.problem}. Get it from whoever exported it.`);
}

/** As the environment's settings say; of one that isn't known here, as those of most. */
function expireAfterDays(environment: string | undefined): number {
  try {
    const [settings = environments.dev] = selectEnvironments(environment);
    return settings.archive.expireAfterDays;
  } catch {
    return environments.dev.archive.expireAfterDays;
  }
}

function headArgument(value: string): ChainHead {
  const head = parseHead(value);
  if (head === undefined) throw new InvalidArgumentError("Give it as a report prints it: 42:<64 hexadecimal digits>.");
  return head;
}

function reportArgument(value: string, before: readonly string[]): readonly string[] {
  if (!reportForms.includes(extname(value))) {
    throw new InvalidArgumentError(`Give a file that ends in ${reportForms.join(", ")}.`);
  }
  return [...before, value];
}

function details(): string {
  const codes = (words: Readonly<Record<string, string>>) =>
    listLines(Object.entries(words))
      .map((line) => `  ${line}`)
      .join("\n");
  return `
Every manifest's place in the chain and signature is checked, whatever the days; of the days, every object's SHA-256 and
size, and by its rows: counts, sums, hours, bodies, and that each event is there once. With an environment, the tables
processed-webhooks and transactions are compared as well, as far as they reach back. With --dir, --env says which
environment the archive has to be of. Objects in colder storage are proven by the SHA-256 that S3 keeps for them.
Nothing is written but the reports; objects pass through a temporary folder (TMPDIR), one at a time.

Exit codes: 0 proven, 1 something is off, 2 wrong use.

What can be off:
${codes(findingCodes)}

What is only told:
${codes(warningCodes)}`;
}
