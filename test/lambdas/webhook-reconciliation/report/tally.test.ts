import { reportedDiscrepancies } from "../../../../config/reconciliation.ts";
import { createReportTally } from "../../../../lambdas/webhook-reconciliation/report/tally.ts";
import { aDiscrepancy } from "../../../support/reconciliation-report.ts";

it("a report lists the worst, and counts them all", () => {
  const tally = createReportTally("20261120T020000Z");
  for (let at = 0; at < reportedDiscrepancies; at += 1) tally.addFound(aDiscrepancy({ severity: "MEDIUM" }));
  for (let at = 0; at < 3; at += 1) tally.addFound(aDiscrepancy());
  const { discrepancies, leftOut, open } = tally.result();
  expect(discrepancies).toHaveLength(reportedDiscrepancies);
  expect(discrepancies.slice(0, 4).map(({ severity }) => severity)).toEqual([
    "CRITICAL",
    "CRITICAL",
    "CRITICAL",
    "MEDIUM",
  ]);
  expect(leftOut).toEqual({ discrepancies: 3, carried: 0 });
  expect(open).toEqual({ found: reportedDiscrepancies + 3, foundCritical: 3, carried: 0, carriedCritical: 0 });
});
