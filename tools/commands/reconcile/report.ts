import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { createReports, htmlKeyOf, keyOfRun, type Reports } from "../../reconciliation/reports.ts";
import { bucketOf, inWords, s3Of } from "../archive/on-archive.ts";
import { type CommonOptions, onTarget, type Surroundings } from "../context.ts";
import { hintFor } from "../hint.ts";
import { type CommandResult, failed, usage } from "../result.ts";
import { printable } from "../text/table.ts";
import { dayArgument } from "../times.ts";
import { reportText } from "./report-text.ts";

interface ReportOptions extends CommonOptions {
  readonly day?: string;
  readonly run?: string;
  readonly html?: string;
  readonly bucket?: string;
}

/** `cli reconcile report`: what a run did, and what it could not check. */
export const reconcileReportCommand = {
  describe: (command: Command): Command =>
    command
      .description("Show what a run found and did, and what it could not check: the last run, unless told otherwise.")
      .option("--day <day>", "last run of a day, YYYY-MM-DD", dayArgument)
      .option("--run <id>", "a run by its id, such as 20261120T020000Z")
      .option("--html <file>", "write the report for people there")
      .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)"),
  examples: ["reconcile report --local", "reconcile report --day 2026-11-20 --html report.html --env prod"],
  async run(surroundings: Surroundings, options: ReportOptions): Promise<CommandResult> {
    const { day, run, html } = options;
    if (day !== undefined && run !== undefined) return usage("Give --day or --run, not both.");
    const told = run === undefined ? undefined : keyOfRun(run);
    if (run !== undefined && told === undefined) return usage("--run takes an id such as 20261120T020000Z.");
    return onTarget(surroundings, options, ({ target }) =>
      inWords(async () => {
        const reports = createReports(s3Of(target), await bucketOf(target, options.bucket));
        const key = told ?? (await reports.last(day));
        const report = key === undefined ? undefined : await reports.read(key);
        if (key === undefined || report === undefined) {
          const hint = hintFor(options);
          return failed(`There is no such report. Begin a run with: ${hint("reconcile", "run", "--wait")}`);
        }
        const unwritten = html === undefined ? undefined : await writeHtml(reports, htmlKeyOf(key), html);
        if (unwritten !== undefined) return unwritten;
        const where = html === undefined ? "" : `\n\nWritten for people: ${printable(html)}`;
        return { kind: "done", json: report, text: `${reportText(report)}${where}` };
      }),
    );
  },
};

async function writeHtml(reports: Reports, key: string, file: string): Promise<CommandResult | undefined> {
  const bytes = await reports.bytes(key);
  if (bytes === undefined) return failed(`The bucket has no ${key}.`);
  try {
    writeFileSync(file, bytes);
    return undefined;
  } catch (error) {
    return failed(`${printable(file)} can't be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
