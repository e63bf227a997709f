import { business, searchBusiness } from "../../dashboards/business-metrics.ts";

const scope = { environment: "test" };
const daily = { stat: "Sum", periodSeconds: 86_400 } as const;

describe("a business metric", () => {
  it("is of the function that tells it, and of its environment", () =>
    expect(business(scope, "accepted")).toEqual({
      namespace: "ECOSYSTEMAWS/Webhooks",
      metricName: "accepted",
      dimensions: { service: "webhook-validator", environment: "test" },
    }));

  it("is of one value of a further dimension", () =>
    expect(business(scope, "routed", { tier: "high" }).dimensions).toEqual({
      service: "webhook-dedup",
      environment: "test",
      tier: "high",
    }));

  it("isn't asked for by a set of dimensions that nobody tells it by", () =>
    expect(() => business(scope, "refused", { provider: "stripe", reason: "signature_mismatch" })).toThrow(
      "refused isn't told by provider,reason: add the set to config/metrics.ts, or take another",
    ));

  it("doesn't compile with a dimension that it has never", () => {
    // @ts-expect-error accepted webhooks have no reason
    expect(() => business(scope, "accepted", { reason: "x" })).toThrow("accepted isn't told by reason");
  });
});

describe("a search for business metrics", () => {
  it("finds the metrics with exactly these dimensions, of the environment", () =>
    expect(searchBusiness(scope, "refused", ["reason"], { stat: "Sum", periodSeconds: 300 })).toBe(
      `SEARCH('{"ECOSYSTEMAWS/Webhooks",environment,reason,service} MetricName="refused" environment="test" service="webhook-validator"', 'Sum', 300)`,
    ));

  it("takes further terms", () =>
    expect(
      searchBusiness(scope, "sealedMinor", ["type", "currency"], { ...daily, among: ['type="payout.paid"'] }),
    ).toContain(`service="archive-seal" type="payout.paid"', 'Sum', 86400)`));

  it("refuses a set of dimensions that nobody tells", () =>
    expect(() => searchBusiness(scope, "sealedMinor", ["currency"], daily)).toThrow("isn't told by currency"));

  it("refuses more characters than CloudWatch takes", () =>
    expect(() => searchBusiness(scope, "refused", ["reason"], { ...daily, among: ["x".repeat(1_000)] })).toThrow(
      "characters is too long",
    ));
});
