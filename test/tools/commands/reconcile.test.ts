import type { ReconciliationReport } from "../../../config/reconciliation.ts";
import { hintFor } from "../../../tools/commands/hint.ts";
import { differenceText, wholeText } from "../../../tools/commands/reconcile/discrepancy-text.ts";
import { type FailOn, objectionTo } from "../../../tools/commands/reconcile/fail-on.ts";
import { listed } from "../../../tools/commands/reconcile/list.ts";
import { reportText } from "../../../tools/commands/reconcile/report-text.ts";
import { stopped, untilEnd } from "../../../tools/commands/reconcile/wait-for-end.ts";
import { htmlKeyOf, keyOfRun } from "../../../tools/reconciliation/reports.ts";
import type { RunEnd } from "../../../tools/reconciliation/runs.ts";
import { aDiscrepancy, aReport } from "../../support/reconciliation-report.ts";

const sides = {
  ours: { amountMinor: "2000", currency: "EUR" },
  theirs: { amountMinor: "2100", currency: "EUR" },
} as const;

const page = { isAll: false, nowMs: Date.UTC(2026, 10, 21, 2, 0, 5), hint: hintFor({ local: true }) };

const none = { discrepancies: [], unreadable: [] };

describe("the list of discrepancies", () => {
  it("says so when there is none", () => {
    expect(listed(none, page)).toEqual({ kind: "done", json: [], text: "No discrepancy is open." });
    expect(listed(none, { ...page, isAll: true })).toMatchObject({ text: "No discrepancy was ever found." });
  });

  it("shows what differs, since when, and how to see it", () => {
    const { text, json } = listed({ ...none, discrepancies: [aDiscrepancy(sides)] }, page) as {
      text: string;
      json: unknown;
    };
    expect(text.split("\n")).toEqual([
      "ID                SEVERITY  KIND             WHAT          DIFFERENCE                       SINCE",
      "0123456789abcdef  CRITICAL  amount-mismatch  stripe:evt_1  20.00 EUR here, 21.00 EUR there  1 d 0 h",
      "",
      "1 is open. See the first with:",
      "  npm run cli -- reconcile show 0123456789abcdef --local",
    ]);
    expect(json).toEqual([aDiscrepancy(sides)]);
  });

  it("names those that can't be read, and doesn't say that there are none", () => {
    const unreadable = [{ id: "c".repeat(16), provider: "stripe", places: ["transactionId"] }] as const;
    const { text, json } = listed({ discrepancies: [], unreadable }, page) as { text: string; json: unknown };
    expect(text).toMatch(/^c{16} can't be read: .*\(transactionId\)\.$/);
    expect(json).toEqual(unreadable);
  });

  it("says of all whether they are closed", () => {
    const closed = aDiscrepancy({ status: "RESOLVED" });
    const { text } = listed({ ...none, discrepancies: [closed] }, { ...page, isAll: true }) as { text: string };
    expect(text).toMatch(/STATUS\n.*RESOLVED\n\n0 are open\.$/);
  });
});

describe("a discrepancy", () => {
  it("tells what it means, both sides, and who closed it and why", () => {
    const closing = {
      status: "RESOLVED",
      closedAt: "2026-11-21T08:00:00.000Z",
      closedBy: "ada",
      why: "a fee",
    } as const;
    const text = wholeText(aDiscrepancy({ account: "acct_1", ...sides, ...closing }));
    for (const words of [
      "amount-mismatch, CRITICAL",
      "The amounts differ.",
      "stripe, account acct_1",
      "20.00 EUR here, 21.00 EUR there",
      "2026-11-21 08:00:00 UTC by ada",
      "a fee",
    ]) {
      expect(text).toContain(words);
    }
  });

  it.each([
    [{ theirs: { amountMinor: "5", currency: "JPY" } }, "5 JPY there"],
    [
      { ours: { status: "payment.failed" }, theirs: { status: "payment.succeeded" } },
      /^payment\.failed here, payment\.s/,
    ],
    [{ ours: {} }, "nothing here"],
    [{}, ""],
  ])("of %j differs in words", (sides, words) => {
    if (typeof words === "string") expect(differenceText(sides)).toBe(words);
    else expect(differenceText(sides)).toMatch(words);
  });

  it("shows nothing of outside origin that a terminal would obey", () => {
    expect(wholeText(aDiscrepancy({ providerType: "\u001b[31mred" }))).toContain("?[31mred");
  });
});

describe("a report", () => {
  it("says what was compared, with exact sums, and that it agrees only when all was checked", () => {
    const sums = { theirPayments: "1234567", ourPayments: "1234467", theirRefunds: "0", ourRefunds: "0" };
    const totals = [{ provider: "stripe" as const, currency: "JPY", ...sums }];
    const text = reportText(aReport({ totalEventsChecked: 412, missedEvents: 3, failedEvents: 1, totals }));
    expect(text).toContain("412 checked, 3 missed, 1 failed");
    expect(text).toMatch(/stripe +1,234,567 JPY +1,234,467 JPY +0 JPY +0 JPY/);
    expect(text).toMatch(/\nHERE is as it was when compared: /);
    expect(text).toContain("0 open, 0 repaired, 0 parts not checked: all that was compared agrees");
  });

  it("never takes the unchecked for fine", () => {
    const left = {
      provider: "stripe",
      part: "events",
      code: "no-api-key",
      detail: "The secret has no value.",
    } as const;
    const text = reportText(aReport({ unchecked: [left] }));
    expect(text).toMatch(/stripe +events +no-api-key +The secret has no value\./);
    expect(text).toContain("1 part not checked");
    expect(text).not.toContain("agrees");
  });

  it("lists what is open and what was repaired, the carried by themselves, and says when there is more", () => {
    const repaired = aDiscrepancy({ id: "1".repeat(16), kind: "missed-event", status: "REPAIRED" });
    const carried = Array.from({ length: 25 }, (_, at) => aDiscrepancy({ id: String(at).padStart(16, "0") }));
    const open = { found: 1, foundCritical: 1, carried: 25, carriedCritical: 25 };
    const text = reportText(aReport({ discrepancies: [aDiscrepancy(), repaired], carried, open }));
    expect(text).toContain("26 open, 1 repaired");
    expect(text).toMatch(/Found by this run:\n.*\n0123456789abcdef {2}OPEN.*\n1{16} {2}REPAIRED/);
    expect(text).toMatch(/Open since an earlier run:\n(.*\n){21}… and 5 more: --json or --html have them\.$/);
  });

  it("counts what its lists have no room for, and says so", () => {
    const open = { found: 1_000, foundCritical: 0, carried: 20, carriedCritical: 0 };
    const leftOut = { discrepancies: 999, carried: 19, unchecked: 0 };
    const text = reportText(aReport({ discrepancies: [aDiscrepancy()], carried: [aDiscrepancy()], open, leftOut }));
    expect(text).toContain("1020 open, 0 repaired, 0 parts not checked");
    expect(text).toContain("… and 999 more, which the report has no room for.\n\nOpen since");
    expect(text).toMatch(/… and 19 more, which the report has no room for\.$/);
    const unchecked = reportText(aReport({ leftOut: { discrepancies: 0, carried: 0, unchecked: 7 } }));
    expect(unchecked).toContain("7 parts not checked");
    expect(unchecked).not.toContain("agrees");
  });
});

describe("a run's outcome", () => {
  const left = { provider: "stripe", part: "money", code: "unavailable", detail: "Stripe is down." } as const;
  const critical = { open: { found: 2, foundCritical: 1, carried: 1, carriedCritical: 1 } };
  const high = aReport({
    discrepancies: [aDiscrepancy({ kind: "failed-for-good", severity: "HIGH" })],
    carried: [aDiscrepancy({ severity: "HIGH", status: "REPAIRED" })],
    open: { found: 1, foundCritical: 0, carried: 0, carriedCritical: 0 },
  });
  const mild = aReport({ open: { found: 0, foundCritical: 0, carried: 1, carriedCritical: 0 } });

  it.each<[FailOn, ReconciliationReport, string | undefined]>([
    ["critical", aReport(), undefined],
    ["any", aReport(), undefined],
    ["critical", aReport(critical), "2 critical discrepancies open"],
    ["critical", high, undefined],
    ["high", high, "1 critical or high discrepancy open"],
    ["high", mild, undefined],
    ["any", mild, "1 discrepancy open"],
    ["any", aReport({ ...critical, unchecked: [left] }), "3 discrepancies open, 1 part not checked"],
    ["never", aReport({ ...critical, unchecked: [left] }), undefined],
  ])("with --fail-on %s", (failOn, report, reason) => {
    const objection = reason && { text: `The books don't agree: ${reason}.`, see: "list" };
    expect(objectionTo(report, failOn)).toEqual(objection);
  });

  it.each<[FailOn, ReconciliationReport, string]>([
    ["critical", aReport({ unchecked: [left] }), "1 part not checked"],
    ["any", aReport({ leftOut: { discrepancies: 0, carried: 0, unchecked: 7 } }), "7 parts not checked"],
  ])(
    "with --fail-on %s is unknown where only unchecked parts object: the report names them",
    (failOn, report, what) => {
      const text = `Whether the books agree is unknown: ${what}.`;
      expect(objectionTo(report, failOn)).toEqual({ text, see: "report" });
    },
  );
});

describe("waiting for a run's end", () => {
  /** Asks of a run that ends after so many questions, or never. */
  async function wait(isStopped: () => boolean, endsAfter = Number.POSITIVE_INFINITY) {
    let [nowMs, asked] = [0, 0];
    const ask = async (): Promise<RunEnd> => {
      asked += 1;
      return asked > endsAfter ? { kind: "succeeded", runId: "20261120T020000Z" } : { kind: "running" };
    };
    const sleep = async (milliseconds: number) => {
      nowMs += milliseconds;
    };
    const end = await untilEnd({ now: () => nowMs, sleep }, ask, { limitSeconds: 60, isLocal: true, isStopped });
    return { end, asked };
  }

  it("ends with it, or with the time that there is", async () => {
    expect(await wait(() => false, 3)).toMatchObject({ end: { kind: "succeeded" }, asked: 4 });
    expect(await wait(() => false)).toMatchObject({ end: { kind: "running" } });
  });

  it("ends at once when somebody wants to wait no longer, unless the run has ended by then", async () => {
    expect(await wait(() => true)).toEqual({ end: "stopped", asked: 1 });
    expect(await wait(() => true, 0)).toMatchObject({ end: { kind: "succeeded" } });
    const result = stopped({ executionArn: "arn:run", hint: hintFor({ env: "prod" }) });
    expect(result).toEqual({
      kind: "interrupted",
      message:
        "Stopped waiting. The run goes on: arn:run\nIts report comes with: npm run cli -- reconcile report --env prod",
      json: { isStopped: true, executionArn: "arn:run" },
    });
  });
});

describe("keys of reports", () => {
  it("come of the run's id", () => {
    const key = keyOfRun("20261120T020000Z");
    expect(key).toBe("reconciliation/dt=2026-11-20/run=20261120T020000Z/report.json");
    expect(htmlKeyOf(key ?? "")).toBe("reconciliation/dt=2026-11-20/run=20261120T020000Z/report.html");
  });

  it.each(["", "latest", "../20261120T020000Z", "2026-11-20T02:00:00Z"])("don't come of %j", (id) => {
    expect(keyOfRun(id)).toBeUndefined();
  });
});
