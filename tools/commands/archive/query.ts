import { type Command, Option } from "commander";
import { openDatabase, type QueryResult } from "../../archive/database.ts";
import { type DayRange, sealedDays } from "../../archive/sealed-days.ts";
import type { Surroundings } from "../context.ts";
import type { CommandResult } from "../result.ts";
import { csvRow, csvValue } from "../text/csv.ts";
import { tableLines } from "../text/table.ts";
import { dayArgument } from "../times.ts";
import { bringFiles } from "./bring-files.ts";
import { type ArchiveOptions, onArchive, withArchiveOptions } from "./on-archive.ts";

interface QueryOptions extends ArchiveOptions, DayRange {
  readonly format: "table" | "csv" | "json";
}

/** More lines than anybody reads at a terminal. */
const tableRows = 1000;

const details = `
Views (columns: "describe transactions"; times are UTC):
  transactions  one row per fact, with the decision that holds in the end
  rows          every archived row; decisions that came after their day's seal are rows of their own (entry = 'decision')
  raw           headers and bodies as they came; downloaded only where the statement names it
Each has dt, hour, addendum and object (its key). amount_minor counts minor units, exactly: 1234 USD is 12.34.
amount is in major units, exact too. Facts with same_fact_as repeat another and are in no total.
The statement may read nothing else, and change nothing. Downloads are checked against the SHA-256 of their manifests;
that the manifests are genuine is for "npm run cli -- audit" to say.`;

/** `cli archive query`: SQL over sealed days. */
export const archiveQueryCommand = {
  describe: (command: Command): Command =>
    withArchiveOptions(
      command
        .description("Ask the archive in SQL (DuckDB), from the bucket or from a download of it.")
        .argument(
          "<sql>",
          'one SELECT, such as "select currency, sum(amount_minor) from transactions group by currency"',
        )
        .option("--from <day>", "first day, YYYY-MM-DD (default: the first that is sealed)", dayArgument)
        .option("--to <day>", "last day (default: the last that is sealed)", dayArgument)
        .addOption(
          new Option("--format <kind>", "table shows the first 1,000 rows; csv and json (as --json) have all")
            .choices(["table", "csv", "json"])
            .default("table"),
        ),
    ).addHelpText("after", details),
  examples: [
    'archive query "select currency, sum(amount_minor), sum(amount) from transactions group by currency" --local',
    'archive query "select dt, count(*) from transactions group by dt" --env prod --from 2026-10-01 --to 2026-10-31',
    "archive query \"from transactions where decision = 'BLOCK'\" --dir ./download --format csv > blocked.csv",
  ],
  run: (surroundings: Surroundings, options: QueryOptions, [sql = ""]: readonly string[]): Promise<CommandResult> =>
    onArchive(surroundings, options, async ({ source }) => {
      const manifests = await sealedDays(source, options);
      const files = await bringFiles(surroundings, options, { source, manifests, withRaw: /\braw\b/i.test(sql) });
      using database = await openDatabase(files);
      const result = await database.query(sql);
      if (options.json === true || options.format === "json") return asJson(result);
      return options.format === "csv" ? asCsv(result, surroundings) : asTable(result);
    }),
};

/** Both the text and the data: the format is only another way of asking for the data. */
async function asJson(result: QueryResult): Promise<CommandResult> {
  const rows: Record<string, unknown>[] = [];
  for await (const chunk of result.rows()) {
    for (const row of chunk) rows.push(Object.fromEntries(result.columns.map(({ name }, at) => [name, row[at]])));
  }
  return { kind: "done", text: JSON.stringify(rows, null, 2), json: rows };
}

/** Prints as the rows come, so that they needn't all fit into memory. */
async function asCsv({ columns, rows }: QueryResult, { out }: Surroundings): Promise<CommandResult> {
  let lines = [csvRow(columns.map(({ name }) => name))];
  for await (const chunk of rows()) {
    out(lines.join("\n"));
    lines = chunk.map((row) =>
      csvRow(row.map((cell, at) => csvValue(textOf(cell), isNumber(columns[at]?.type ?? "")))),
    );
  }
  return { kind: "done", text: lines.join("\n"), json: undefined };
}

async function asTable({ columns, rows }: QueryResult): Promise<CommandResult> {
  const shown: string[][] = [];
  let isMore = false;
  for await (const chunk of rows()) {
    const room = tableRows - shown.length;
    for (const row of chunk.slice(0, room)) shown.push(row.map(textOf));
    isMore = chunk.length > room;
    // Nobody waits for rows that aren't shown, of which there may be any number.
    if (isMore) break;
  }
  const table = tableLines(
    columns.map(({ name, type }) => (isNumber(type) ? { title: name, align: "right" } : { title: name })),
    shown,
  );
  const count = `${shown.length} ${shown.length === 1 ? "row" : "rows"}`;
  const said = isMore ? `The first ${count}; --format csv has all.` : `${count}.`;
  const text = [...table, "", said].join("\n");
  return { kind: "done", text, json: undefined };
}

/** Null is empty, and what is made of several values is JSON. */
function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

function isNumber(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|DOUBLE|FLOAT)(\(|$)/.test(type);
}
