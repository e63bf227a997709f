/** An audit for the terminal: the verdict, what is off, the days and the sums. */

import { amountText } from "../../../lambdas/shared/report/amount.ts";
import { countText, groupedText } from "../../../lambdas/shared/report/counts.ts";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import { sizeText } from "../../commands/text/size.ts";
import { listLines, tableLines, wrapped } from "../../commands/text/table.ts";
import { headText } from "../head.ts";
import type { AuditReport, DayReport } from "../report.ts";
import { totalsOf } from "./totals.ts";
import { chainText, exceptionsText, verdictText } from "./words.ts";

/** More days than this, and only those are listed with which something is. */
const listedDays = 31;

export function reportText(report: AuditReport, { width }: { readonly width: number }): string {
  const { place, range, findings, warnings, totals, tables } = report;
  const facts = listLines([
    ["Audited", place],
    ["Environment", report.environments.join(", ") || "none"],
    ["Days", range === undefined ? "none" : `${range.from} to ${range.to}, ${countText(totals.days, "sealed day")}`],
    ["Chain", chainText(report)],
    ["Head", report.chain.head && `${headText(report.chain.head)}; keep it for the --head of later audits`],
    ["Objects", objectsText(report)],
    ["Events", `${countText(totals.facts, "event")}, ${countText(totals.lateDecisions, "late decision")}`],
    ["Exceptions", exceptionsText(report)],
    ["Tables", tables === undefined ? "not compared" : tablesText(tables)],
  ]);
  const problems = (title: string, list: readonly { readonly code: string; readonly message: string }[]) =>
    list.length === 0
      ? []
      : [[title, ...list.flatMap(({ code, message }) => wrapped(`${message} (${code})`, { indent: "  ", width }))]];
  return [
    facts,
    ...daysTable(report.days),
    ...sumsTable(report),
    ...problems("To know:", warnings),
    ...problems("What is off:", findings),
    [verdictText(report)],
  ]
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function objectsText({ totals }: AuditReport): string {
  const { objects, bytes, read, byChecksum, expired, unproven } = totals;
  const parts = [
    `${countText(objects, "object")}, ${sizeText(bytes)}: ${read} read`,
    ...(byChecksum > 0 ? [`${byChecksum} by S3's checksum`] : []),
    ...(expired > 0 ? [`${expired} expired`] : []),
    ...(unproven > 0 ? [`${unproven} not proven`] : []),
  ];
  return parts.join(", ");
}

function tablesText({ processedWebhooks, transactions }: NonNullable<AuditReport["tables"]>): string {
  const since = (text: string | undefined) =>
    text === undefined ? "it is empty" : `reaches back to ${timeText(text)}`;
  return [
    `processed-webhooks: ${processedWebhooks.compared} records of these days compared; ${since(processedWebhooks.since)}`,
    `transactions: ${transactions.compared} facts; ${since(transactions.since)}`,
  ].join(". ");
}

function daysTable(days: readonly DayReport[]): readonly (readonly string[])[] {
  const shown = days.length > listedDays ? days.filter(({ findings }) => findings > 0) : days;
  if (shown.length === 0) return [];
  const lines = tableLines(
    [
      { title: "DAY" },
      { title: "SEALED" },
      { title: "ADDENDA", align: "right" },
      { title: "OBJECTS", align: "right" },
      { title: "EVENTS", align: "right" },
      { title: "EXCEPTIONS", align: "right" },
      { title: "RESULT" },
    ],
    shown.map((day) => [
      day.day,
      day.sealedAt === undefined ? "no" : timeText(day.sealedAt),
      String(day.addenda),
      String(day.objects),
      groupedText(day.facts),
      String(day.exceptions),
      dayResult(day),
    ]),
  );
  const rest = days.length - shown.length;
  return [rest === 0 ? lines : [...lines, `and ${countText(rest, "day")} with nothing off`]];
}

function dayResult({ findings, byChecksum, expired }: DayReport): string {
  if (findings > 0) return countText(findings, "finding");
  if (byChecksum + expired > 0) return expired > 0 ? "expired" : "by checksum";
  return "proven";
}

function sumsTable(report: AuditReport): readonly (readonly string[])[] {
  const totals = totalsOf(report);
  if (totals.length === 0) return [];
  return [
    tableLines(
      [
        { title: "CURRENCY" },
        { title: "TYPE" },
        { title: "PROVIDER" },
        { title: "EVENTS", align: "right" },
        { title: "SUM", align: "right" },
        { title: "AGREES" },
      ],
      totals.map(({ currency, type, provider = "", rows, amountMinor, agrees }) => [
        currency,
        type,
        provider,
        groupedText(rows),
        amountText(amountMinor, currency),
        agrees,
      ]),
    ),
  ];
}
