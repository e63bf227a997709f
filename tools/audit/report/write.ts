/** Writes the reports that were asked for, each in the form that its name ends with. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import type { AuditReport } from "../report.ts";
import { findingsCsv, sumsCsv } from "./csv.ts";
import { htmlReport } from "./html.ts";

interface NamedText {
  readonly path: string;
  readonly text: string;
}

type Form = (report: AuditReport, path: string) => readonly NamedText[];

const forms: Readonly<Record<string, Form>> = {
  ".html": (report, path) => [{ path, text: htmlReport(report) }],
  ".json": (report, path) => [{ path, text: `${JSON.stringify(report, null, 2)}\n` }],
  ".csv": (report, path) => [
    { path, text: sumsCsv(report) },
    { path: path.replace(/\.csv$/, ".findings.csv"), text: findingsCsv(report) },
  ],
};

/** Endings of files that a report can be written to. */
export const reportForms: readonly string[] = Object.keys(forms);

/** @returns paths of what was written; a CSV has its findings in a second file */
export async function writeReports(report: AuditReport, paths: readonly string[]): Promise<readonly string[]> {
  const texts = paths.flatMap((path) => forms[extname(path)]?.(report, path) ?? []);
  for (const { path, text } of texts) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return texts.map(({ path }) => path);
}
