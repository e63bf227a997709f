import { type Command, InvalidArgumentError, Option } from "commander";
import { amountText } from "../../../lambdas/shared/report/amount.ts";
import { openDatabase } from "../../archive/database.ts";
import { amountOf, type ExportTarget, writeExport } from "../../archive/export-files.ts";
import { checkAgainstManifests, exportRows, type Total, totalsOf } from "../../archive/month-export.ts";
import { type SealedManifest, sealedDays } from "../../archive/sealed-days.ts";
import type { Surroundings } from "../context.ts";
import type { CommandResult } from "../result.ts";
import { tableLines } from "../text/table.ts";
import { bringFiles } from "./bring-files.ts";
import { type ArchiveOptions, onArchive, withArchiveOptions } from "./on-archive.ts";

interface ExportOptions extends ArchiveOptions {
  readonly month: string;
  readonly format: ExportTarget["format"];
  readonly out: string;
  readonly bom?: boolean;
  readonly force?: boolean;
}

const details = `
A month is its days by first receipt, UTC; a row is a fact with the decision that holds in the end, ordered by receipt and id.
Rows and sums are held against the manifests first: where they differ nothing is written. csv writes the totals to a file
beside it (october.totals.csv); xlsx has them on a sheet. Amounts are exact: in xlsx those of more than 15 digits, which
Excel would round, are text. A text that a spreadsheet would take for a formula gets an apostrophe in csv.`;

/** `cli archive export`: a month for finance's own tools. */
export const archiveExportCommand = {
  describe: (command: Command): Command =>
    withArchiveOptions(
      command
        .description("Write a month's transactions to a file, with totals per currency and type.")
        .requiredOption("--month <month>", "YYYY-MM", monthArgument)
        .addOption(new Option("--format <kind>", "kind of file").choices(["csv", "xlsx"]).default("csv"))
        .requiredOption("--out <file>", "file to write")
        .option("--bom", "begin csv with a byte order mark, by which Excel knows UTF-8")
        .option("--force", "write over a file that is there"),
    ).addHelpText("after", details),
  examples: [
    "archive export --month 2026-10 --format xlsx --out october.xlsx --env prod",
    "archive export --month 2026-10 --out october.csv --bom --dir ./download",
  ],
  run: (surroundings: Surroundings, options: ExportOptions): Promise<CommandResult> =>
    onArchive(surroundings, options, async ({ source }) => {
      const { month, format, out } = options;
      const days = daysOf(month);
      const manifests = await sealedDays(source, { from: days[0], to: days.at(-1) });
      const files = await bringFiles(surroundings, options, { source, manifests, withRaw: false });
      using database = await openDatabase(files);
      await checkAgainstManifests(database, manifests);
      const totals = await totalsOf(database);
      const written = await writeExport(
        { rows: () => exportRows(database), totals },
        { format, out, hasBom: options.bom === true, mayOverwrite: options.force === true },
      );
      const sealed = new Set(manifests.map(({ manifest }) => manifest.day));
      return done({ month, written, totals, manifests, unsealed: days.filter((day) => !sealed.has(day)) });
    }),
};

interface Exported {
  readonly month: string;
  readonly written: readonly string[];
  readonly totals: readonly Total[];
  readonly manifests: readonly SealedManifest[];
  readonly unsealed: readonly string[];
}

function done({ month, written, totals, manifests, unsealed }: Exported): CommandResult {
  const facts = manifests.reduce((sum, { manifest }) => sum + manifest.facts, 0);
  const rows = totals.map(({ currency, type, rows: count, amountMinor }) => [
    currency ?? "",
    type,
    count,
    amountMinor === null ? "" : amountText(amountMinor, currency ?? undefined),
  ]);
  const columns = [
    { title: "currency" },
    { title: "type" },
    { title: "rows", align: "right" as const },
    { title: "amount", align: "right" as const },
  ];
  const counted = rows.reduce((sum, [, , count]) => sum + Number(count), 0);
  const text = [
    ...tableLines(columns, rows),
    "",
    `${month}: ${facts} facts in ${written.join(" and ")}; rows and sums are those of the manifests.`,
    ...(facts > counted ? [`${facts - counted} of them repeat another under a second id and are in no total.`] : []),
    ...(unsealed.length > 0 ? [`Not sealed, and so not in it: ${runsOf(unsealed).join(", ")}.`] : []),
  ].join("\n");
  const json = {
    month,
    files: written,
    facts,
    totals: totals.map((total) => ({ ...total, amount: amountOf(total) ?? null })),
    daysNotSealed: unsealed,
  };
  return { kind: "done", text, json };
}

/** Days of one month as runs: "2026-10-01 to 2026-10-04". */
function runsOf(days: readonly string[]): readonly string[] {
  const runs: { from: string; to: string }[] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last !== undefined && Number(day.slice(-2)) === Number(last.to.slice(-2)) + 1) last.to = day;
    else runs.push({ from: day, to: day });
  }
  return runs.map(({ from, to }) => (from === to ? from : `${from} to ${to}`));
}

function monthArgument(value: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(value)) throw new InvalidArgumentError("Give a month, YYYY-MM.");
  return value;
}

/** The days of a month, YYYY-MM-DD. */
function daysOf(month: string): readonly string[] {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, at) => `${month}-${String(at + 1).padStart(2, "0")}`);
}
