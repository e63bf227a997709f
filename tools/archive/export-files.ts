/** A month's files: CSV with its totals beside it, or one workbook with both. Written whole or not at all. */
import { existsSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { isoExponent, knownCurrency } from "../../lambdas/shared/domain/money.ts";
import { majorUnits } from "../../lambdas/shared/report/amount.ts";
import { csvRow, csvValue } from "../commands/text/csv.ts";
import { ArchiveError } from "./archive-error.ts";
import { type ExportColumn, type ExportRow, exportColumns, type Total } from "./month-export.ts";
import { type Cell, type Sheet, writeWorkbook } from "./xlsx.ts";
import type { Write } from "./zip.ts";

export interface MonthContent {
  rows(): AsyncIterable<ExportRow>;
  readonly totals: readonly Total[];
}

export interface ExportTarget {
  readonly format: "csv" | "xlsx";
  readonly out: string;
  /** A byte order mark, by which Excel knows that a CSV file is UTF-8. */
  readonly hasBom: boolean;
  readonly mayOverwrite: boolean;
}

const bom = "\ufeff";
/** A write call for about this much, and not for each row. */
const chunkLength = 64 * 1024;

/** @returns the files that are written. @throws ArchiveError "file" */
export async function writeExport(content: MonthContent, target: ExportTarget): Promise<readonly string[]> {
  const { format, out } = target;
  const files = format === "xlsx" ? [out] : [out, totalsFileOf(out)];
  const taken = files.find((file) => existsSync(file));
  if (taken !== undefined && !target.mayOverwrite) {
    throw new ArchiveError("file", `${taken} is there already: choose another --out, or add --force.`);
  }
  if (format === "xlsx") {
    await writeWhole(out, (write) => writeWorkbook([transactionsSheet(content), totalsSheet(content)], write));
  } else {
    await writeWhole(out, (write) => writeLines(write, transactionLines(content), target));
    await writeWhole(totalsFileOf(out), (write) => writeLines(write, totalLines(content), target));
  }
  return files;
}

/** Where a CSV file's totals are: october.csv has them in october.totals.csv. */
function totalsFileOf(out: string): string {
  return `${out.replace(/\.csv$/i, "")}.totals.csv`;
}

/** Under another name until it is whole. */
async function writeWhole(out: string, fill: (write: Write) => Promise<void>): Promise<void> {
  const part = `${out}.${process.pid}.part`;
  let file: FileHandle | undefined;
  try {
    file = await open(part, "w");
    const opened = file;
    await fill(async (bytes) => void (await opened.writeFile(bytes)));
    await file.close();
    await rename(part, out);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await rm(part, { force: true });
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError("file", `${out} can't be written: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

async function writeLines(write: Write, lines: AsyncIterable<string>, { hasBom }: ExportTarget): Promise<void> {
  let text = hasBom ? bom : "";
  for await (const line of lines) {
    text += `${line}\r\n`;
    if (text.length < chunkLength) continue;
    await write(Buffer.from(text));
    text = "";
  }
  await write(Buffer.from(text));
}

async function* transactionLines({ rows }: MonthContent): AsyncGenerator<string> {
  yield csvRow(exportColumns.map(({ title }) => title));
  for await (const { values } of rows()) {
    yield csvRow(values.map((value, at) => csvValue(value ?? "", exportColumns[at]?.kind !== "text")));
  }
}

const totalTitles = ["currency", "type", "rows", "amount", "amount_minor"] as const;

async function* totalLines({ totals }: MonthContent): AsyncGenerator<string> {
  yield csvRow(totalTitles);
  for (const total of totals) {
    yield csvRow([total.currency ?? "", total.type, total.rows, amountOf(total) ?? "", total.amountMinor ?? ""]);
  }
}

/** In major units; undefined without an amount, or in a currency that nobody knows. */
export function amountOf({ currency, amountMinor }: Total): string | undefined {
  return currency === null || amountMinor === null ? undefined : majorUnits(amountMinor, currency);
}

function transactionsSheet({ rows }: MonthContent): Sheet {
  return {
    name: "Transactions",
    columns: exportColumns,
    async *rows() {
      for await (const row of rows())
        yield row.values.map((value, at) => cellOf(value, exportColumns[at], row.currency));
    },
  };
}

function cellOf(value: string | null, column: ExportColumn | undefined, currency: string | null): Cell {
  if (value === null || column === undefined || column.kind === "text") return { kind: "text", text: value ?? "" };
  if (column.kind === "time") return { kind: "time", iso: value };
  return numberCell(value, column.kind === "amount" ? decimalsOf(currency) : 0, column.title);
}

/** Scores are plain decimals: their own digits are shown. */
function numberCell(text: string, decimals: number, title: string): Cell {
  const own = title === "score" ? (text.split(".")[1]?.length ?? 0) : decimals;
  return /^-?\d+(\.\d+)?$/.test(text) ? { kind: "number", text, decimals: own } : { kind: "text", text };
}

function decimalsOf(currency: string | null): number {
  const code = currency === null ? undefined : knownCurrency(currency);
  return code === undefined ? 0 : isoExponent(code);
}

function totalsSheet({ totals }: MonthContent): Sheet {
  return {
    name: "Totals",
    columns: totalTitles.map((title) => ({ title, width: 20 })),
    async *rows() {
      for (const total of totals) {
        const { currency, type, rows, amountMinor } = total;
        const amount = amountOf(total);
        yield [
          { kind: "text", text: currency ?? "" },
          { kind: "text", text: type },
          { kind: "number", text: rows, decimals: 0 },
          amount === undefined
            ? { kind: "text", text: "" }
            : { kind: "number", text: amount, decimals: decimalsOf(currency) },
          amountMinor === null ? { kind: "text", text: "" } : { kind: "number", text: amountMinor, decimals: 0 },
        ];
      }
    },
  };
}
