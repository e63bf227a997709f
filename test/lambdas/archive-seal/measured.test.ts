import type { Manifest } from "../../../config/archive.ts";
import { measured, measuredMoney, noonMs } from "../../../lambdas/archive-seal/measured.ts";

function aManifest(change: Partial<Manifest> = {}): Manifest {
  return {
    version: 1,
    kind: "day",
    day: "2026-11-18",
    sequence: 1,
    sealedAt: "2026-11-20T03:30:00.000Z",
    environment: "test",
    signingKey: { arn: "arn:aws:kms:us-east-1:000000000000:key/one", publicKeySha256: "00" },
    objects: [],
    facts: 3,
    lateDecisions: 0,
    sums: [
      { currency: "EUR", type: "payment.succeeded", provider: "stripe", rows: 2, amountMinor: "1500" },
      { currency: "EUR", type: "payment.succeeded", provider: "adyen", rows: 1, amountMinor: "500" },
    ],
    undecided: 0,
    missingBodies: 0,
    exceptions: [],
    waiting: [],
    abandoned: [],
    ...change,
  };
}

describe("a sealed day's metrics", () => {
  it("say that it is sealed, and how long after its end", () => {
    expect(measured(aManifest())).toEqual([
      { name: "sealedDays", value: 1 },
      { name: "sealedLagHours", value: 27.5 },
    ]);
  });

  it("of an addendum say no lag", () => {
    expect(measured(aManifest({ kind: "addendum" }))).toEqual([{ name: "sealedDays", value: 1 }]);
  });

  it("say its money at its noon", () => {
    const by = { type: "payment.succeeded", currency: "EUR" };
    expect(measuredMoney(aManifest())).toEqual([
      { name: "sealedMinor", value: 1_500, by },
      { name: "sealedMinor", value: 500, by },
    ]);
    expect(new Date(noonMs("2026-11-18")).toISOString()).toBe("2026-11-18T12:00:00.000Z");
  });

  it("say no money of a day that CloudWatch wouldn't take any more", () => {
    expect(measuredMoney(aManifest({ sealedAt: "2026-12-02T10:00:00.000Z" }))).toHaveLength(2);
    expect(measuredMoney(aManifest({ sealedAt: "2026-12-02T11:30:00.000Z" }))).toEqual([]);
  });
});
