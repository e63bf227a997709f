import { ageing } from "../../../../lambdas/webhook-reconciliation/report/ageing.ts";
import { htmlReport } from "../../../../lambdas/webhook-reconciliation/report/html.ts";
import { aDiscrepancy, aReport } from "../../../support/reconciliation-report.ts";

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'\u202e\u0007&`;

describe("the page of a run", () => {
  it("says in one sentence how it stands", () => {
    expect(htmlReport(aReport())).toContain(
      '<p class="verdict good">AGREES: nothing is open, and all was checked.</p>',
    );
    const empty = htmlReport(aReport({ windows: [] }));
    expect(empty).toContain('<p class="verdict warn">NOTHING WAS COMPARED');
    const open = { found: 1, foundCritical: 0, carried: 1, carriedCritical: 0 };
    expect(htmlReport(aReport({ open }))).toContain(
      '<p class="verdict warn">OPEN: 2 open discrepancies, 0 of them critical.',
    );
    const unchecked = [
      { provider: "stripe", part: "accounts", code: "unavailable", detail: "Stripe is down." },
    ] as const;
    const blind = htmlReport(aReport({ unchecked: [...unchecked] }));
    expect(blind).toContain('<p class="verdict bad">LOOK AT THIS: 1 part could not be checked.');
    expect(blind).toContain("Stripe is down.");
  });

  it("has exact sums per currency, and how they differ", () => {
    const totals = [
      { provider: "stripe", currency: "USD", theirPayments: "9007199254740993", ourPayments: "9007199254740992" },
      { provider: "stripe", currency: "JPY", theirPayments: "5000", ourPayments: "5000" },
    ].map((total) => ({ ...total, provider: "stripe" as const, theirRefunds: "0", ourRefunds: "0" }));
    const page = htmlReport(aReport({ totals }));
    expect(page).toContain("90,071,992,547,409.93 USD");
    expect(page).toContain('<td data-title="Difference" class="n bad">0.01 USD</td>');
    expect(page).toContain("5,000 JPY");
  });

  it("says of each discrepancy what both sides have, and what was done", () => {
    const page = htmlReport(
      aReport({
        discrepancies: [
          aDiscrepancy(),
          aDiscrepancy({ id: "1".repeat(16), kind: "missed-event", action: "re-entered", status: "REPAIRED" }),
        ],
        carried: [aDiscrepancy({ status: "RESOLVED", closedBy: "Ada", why: "refunded by hand" })],
      }),
    );
    expect(page).toContain("The amounts differ");
    expect(page).toContain("1,234.56 USD");
    expect(page).toContain("1,234.00 USD");
    expect(page).toContain("a person has to look");
    expect(page).toContain("sent through again, and recorded");
    expect(page).toContain("resolved by Ada: refunded by hand");
  });

  it("keeps hostile text what it is: text", () => {
    const about = { eventId: hostile, transactionId: hostile, providerType: hostile, account: hostile };
    const side = { amountMinor: "1", currency: hostile, status: hostile };
    const closed = { status: "RESOLVED", closedBy: hostile, why: hostile } as const;
    const page = htmlReport(
      aReport({
        environment: hostile,
        runId: hostile,
        totals: [
          {
            provider: "stripe",
            currency: hostile,
            theirPayments: "1",
            ourPayments: "0",
            theirRefunds: "0",
            ourRefunds: "0",
          },
        ],
        windows: [{ provider: "stripe", account: hostile, from: "2026-11-19T00:00:00.000Z", to: hostile }],
        unchecked: [
          { provider: "stripe", part: "event", eventId: hostile, account: hostile, code: hostile, detail: hostile },
        ],
        discrepancies: [aDiscrepancy({ ...about, ours: side, theirs: side })],
        carried: [aDiscrepancy({ ...about, ...closed, ours: side })],
      }),
    );
    expect(page).not.toMatch(/<script|<img/);
    for (const invisible of ["\u202e", "\u0007"]) expect(page).not.toContain(invisible);
    expect(page).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    // Whatever a browser makes of it, nothing runs and nothing is fetched.
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'");
    const attributes = page.match(/ on[a-z]+=|javascript:|href=|src=/g) ?? [];
    expect(attributes.filter((text) => text !== " onerror=" && text !== "src=")).toEqual([]);
  });

  it("says what it has no room for", () => {
    const leftOut = { discrepancies: 1_234, carried: 0, unchecked: 0 };
    const page = htmlReport(aReport({ discrepancies: [aDiscrepancy()], leftOut }));
    expect(page).toContain("And 1,234 more");
  });
});

describe("the age of what is open", () => {
  it("is counted from when it was first seen, by severity", () => {
    const at = "2026-11-20T00:00:00.000Z";
    const since = (firstSeenAt: string) => aDiscrepancy({ firstSeenAt });
    const rows = ageing(
      [
        since("2026-11-19T00:00:00.001Z"),
        since("2026-11-19T00:00:00.000Z"),
        since("2026-11-13T00:00:00.000Z"),
        since("2026-10-01T00:00:00.000Z"),
        aDiscrepancy({ status: "REPAIRED" }),
        aDiscrepancy({ severity: "MEDIUM", firstSeenAt: "2026-11-20T00:00:01.000Z" }),
      ],
      at,
    );
    expect(rows).toEqual([
      { severity: "CRITICAL", counts: [1, 1, 0, 2] },
      { severity: "HIGH", counts: [0, 0, 0, 0] },
      { severity: "MEDIUM", counts: [1, 0, 0, 0] },
    ]);
  });
});
