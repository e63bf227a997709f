/** Every form of the report, of one audit. */

import { findingsCsv, sumsCsv } from "../../../tools/audit/report/csv.ts";
import { htmlReport } from "../../../tools/audit/report/html.ts";
import { reportText } from "../../../tools/audit/report/text.ts";
import type { AuditReport } from "../../../tools/audit/report.ts";

const counts = {
  objects: 2,
  bytes: 12_345,
  read: 2,
  byChecksum: 0,
  expired: 0,
  unproven: 0,
  facts: 1_234_567,
  lateDecisions: 0,
  exceptions: 1,
};

function aDay(day: string): AuditReport["days"][number] {
  return { day, addenda: 0, sealedAt: "2026-11-04T03:00:00.000Z", findings: 0, ...counts };
}

function aReport(traits: Partial<AuditReport> = {}): AuditReport {
  return {
    version: 1,
    auditedAt: "2026-11-05T12:00:00.000Z",
    place: "the folder ./download",
    environments: ["prod"],
    isProven: true,
    range: { from: "2026-11-01", to: "2026-11-02" },
    chain: {
      manifests: 2,
      addenda: 0,
      lastSealedDay: "2026-11-02",
      head: {
        key: "manifests/dt=2026-11-02.json",
        sequence: 2,
        sha256: "a".repeat(64),
        sealedAt: "2026-11-04T03:00:00.000Z",
      },
    },
    keys: [{ publicKeySha256: "b".repeat(64), arn: "arn:one", manifests: 2 }],
    totals: { days: 2, ...counts },
    days: ["2026-11-01", "2026-11-02"].map(aDay),
    sums: [
      aSum({ amountMinor: "123456789012345678901234567890" }),
      aSum({ day: "2026-11-02", amountMinor: "-1", agrees: "unread" }),
      aSum({ currency: "KWD", amountMinor: "1234567" }),
      aSum({ currency: "JPY", amountMinor: "1234567", agrees: "no" }),
    ],
    findings: [],
    warnings: [],
    outcomes: { unknown: 1 },
    exceptions: [
      {
        day: "2026-11-01",
        eventId: "stripe:<img src=x onerror=alert(1)>",
        receivedAt: "2026-11-01T10:00:00.000Z",
        statusThen: "FAILED",
        outcome: "unknown",
      },
    ],
    ...traits,
  };
}

function aSum(traits: Partial<AuditReport["sums"][number]>): AuditReport["sums"][number] {
  return {
    day: "2026-11-01",
    currency: "EUR",
    type: "payment.succeeded",
    provider: "stripe",
    rows: 3,
    amountMinor: "1",
    agrees: "yes",
    ...traits,
  };
}

const finding = {
  code: "object-hash",
  day: "2026-11-01",
  object: "transactions/dt=2026-11-01/hour=10/part-000.parquet",
  row: 7,
  message: '=HYPERLINK("http://x"), "quoted" <b>\u202e',
} as const;

describe("the text", () => {
  it("begins with what was audited, has the sums exactly, and ends with the verdict", () => {
    const lines = reportText(aReport(), { width: 80 }).split("\n");
    expect(lines[0]).toBe("Audited      the folder ./download");
    expect(lines).toContain(
      "EUR       payment.succeeded  stripe         6  1,234,567,890,123,456,789,012,345,678.89 EUR  unread",
    );
    expect(lines).toContainEqual(expect.stringMatching(/^KWD +payment\.succeeded +stripe +3 +1,234\.567 KWD {2}yes$/));
    expect(lines.at(-1)).toBe("PROVEN: complete and unchanged since it was sealed, and the sums agree.");
  });

  it("spells out what is off, with nothing in it that a terminal obeys", () => {
    const text = reportText(aReport({ isProven: false, findings: [finding] }), { width: 80 });
    expect(text).toContain("What is off:\n  =HYPERLINK");
    expect(text).not.toContain("\u202e");
    expect(text.split("\n").at(-1)).toBe("NOT PROVEN: 1 finding.");
  });

  it("lists of many days only those with findings", () => {
    const days = Array.from({ length: 40 }, (_, at) => ({
      day: `2026-11-${String(at).padStart(2, "0")}`,
      addenda: 0,
      findings: at === 7 ? 2 : 0,
      ...counts,
    }));
    const text = reportText(aReport({ days }), { width: 80 });
    expect(text).toMatch(/^2026-11-07 .* 2 findings$/m);
    expect(text).toContain("and 39 days with nothing off");
    expect(text).not.toContain("2026-11-08");
  });
});

describe("CSV", () => {
  it("has a row per day, currency, type and provider, exact in minor and major units", () => {
    expect(sumsCsv(aReport()).split("\r\n")).toEqual([
      "day,currency,type,provider,events,amount_minor,amount,agrees",
      "2026-11-01,EUR,payment.succeeded,stripe,3,123456789012345678901234567890,1234567890123456789012345678.90,yes",
      "2026-11-02,EUR,payment.succeeded,stripe,3,-1,-0.01,unread",
      "2026-11-01,KWD,payment.succeeded,stripe,3,1234567,1234.567,yes",
      "2026-11-01,JPY,payment.succeeded,stripe,3,1234567,1234567,no",
      "",
    ]);
  });

  it("has the findings in a file of their own, where no text is a formula", () => {
    const [, row] = findingsCsv(aReport({ findings: [finding] })).split("\r\n");
    expect(row).toBe(`off,object-hash,2026-11-01,${finding.object},7,"'=HYPERLINK(""http://x""), ""quoted"" <b>?"`);
  });

  it("keeps a finding on its line, without what a terminal would obey", () => {
    const finding = { code: "object-extra", message: "a\u001b[2Jb\nc", object: "raw/\u001b]0;x\u0007\r\n=1" } as const;
    const lines = findingsCsv(aReport({ findings: [finding], warnings: [] })).split("\r\n");
    expect(lines.slice(1)).toEqual(["off,object-extra,,raw/?]0;x???=1,,a?[2Jb?c", ""]);
  });
});

describe("HTML", () => {
  it("needs nothing from elsewhere and runs nothing", () => {
    const page = htmlReport(aReport({ findings: [finding], isProven: false }));
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|src=["']?http|url\(/i);
  });

  it("escapes what comes from outside", () => {
    const page = htmlReport(aReport({ findings: [finding], isProven: false }));
    expect(page).toContain("stripe:&lt;img src=x onerror=alert(1)&gt;");
    expect(page).toContain("=HYPERLINK(&quot;http://x&quot;), &quot;quoted&quot; &lt;b&gt;?");
  });

  it("has findings first, a chart per currency, and beside it the same as a table", () => {
    const page = htmlReport(aReport({ findings: [finding], isProven: false }));
    expect(page.indexOf("What is off")).toBeLessThan(page.indexOf("What was audited"));
    expect(page.match(/<svg /g)).toHaveLength(3);
    expect(page.match(/<rect /g)).toHaveLength(4);
    expect(page).toContain('role="img" aria-label="Daily sums in EUR from 2026-11-01 to 2026-11-02');
    expect(page).toContain("1,234,567,890,123,456,789,012,345,678.90 EUR</td>");
  });

  it("draws lines for more days than bars have room for", () => {
    const days = ["2026-09-01", "2026-11-02"].map(aDay);
    expect(htmlReport(aReport({ days })).match(/<polyline /g)).toHaveLength(3);
  });

  it("draws the days that are sealed, however many were asked for", () => {
    const range = { from: "0001-01-01", to: "9999-12-31" };
    expect(htmlReport(aReport({ range }))).toContain("Daily sums in EUR from 2026-11-01 to 2026-11-02");
  });

  it("counts the exceptions that it has no room for", () => {
    const many = aReport({ outcomes: { open: 1_200, unknown: 35 } });
    expect(htmlReport(many)).toContain("Beside these, there are 1,234 more");
    expect(htmlReport(aReport())).not.toContain("Beside these");
    const words = "1235 at a seal: 1200 still not finished, 35 unknown without the tables";
    expect(reportText(many, { width: 80 })).toContain(words);
  });

  it("says so when there are no days and no sums", () => {
    const { range: _, ...none } = aReport({ days: [], sums: [], exceptions: [], outcomes: {} });
    expect(htmlReport(none)).toContain("No event of these days has an amount.");
  });
});
