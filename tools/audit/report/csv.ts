/** An audit as two CSV files (RFC 4180): the daily sums, and what is off. */
import { majorUnits } from "../../../lambdas/shared/report/amount.ts";
import { csvRow, csvValue } from "../../commands/text/csv.ts";
import { printable } from "../../commands/text/table.ts";
import type { AuditReport } from "../report.ts";

/** A row per day, currency, type and provider. `amount` is in major units; amounts are exact, without grouping. */
export function sumsCsv({ sums }: AuditReport): string {
  return csv(
    ["day", "currency", "type", "provider", "events", "amount_minor", "amount", "agrees"],
    sums.map(({ day, currency, type, provider, rows, amountMinor, agrees }) => [
      text(day),
      text(currency),
      text(type),
      text(provider),
      String(rows),
      amountMinor,
      majorUnits(amountMinor, currency) ?? "",
      agrees,
    ]),
  );
}

/** A row per finding and warning; exceptions that aren't finished are among the warnings. */
export function findingsCsv({ findings, warnings }: AuditReport): string {
  const all = [
    ...findings.map((finding) => ({ ...finding, severity: "off" })),
    ...warnings.map((warning) => ({ ...warning, severity: "to know" })),
  ];
  return csv(
    ["severity", "code", "day", "object", "row", "message"],
    all.map(({ severity, code, day = "", object = "", row, message }) => [
      severity,
      code,
      text(day),
      text(object),
      row === undefined ? "" : String(row),
      text(message),
    ]),
  );
}

/** On one line: keys of objects may have line ends in them, and nobody means anything by those. */
function text(value: string): string {
  return csvValue(printable(value), false);
}

function csv(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[titles, ...rows].map(csvRow).join("\r\n")}\r\n`;
}
