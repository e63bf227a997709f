import type { SecretLookup } from "../../../lambdas/shared/domain/webhook-ports.ts";
import { createOpenLedger } from "../../../lambdas/webhook-reconciliation/open-ledger.ts";

function opened(lookup: SecretLookup) {
  return createOpenLedger({ secrets: { fetch: async () => lookup }, apiUrls: {}, now: () => 0 })("stripe");
}

describe("a provider's books", () => {
  it("stay closed until somebody has put a key into the secret", async () => {
    expect(await opened({ kind: "no-value" })).toMatchObject({ kind: "closed", code: "no-api-key" });
  });

  it("stay closed by a key that can't be read, of which nothing is quoted", async () => {
    const answer = await opened({ kind: "found", value: { apiKey: ["sk_live_secret"] } });
    expect(answer).toMatchObject({ kind: "closed", code: "api-key-misconfigured" });
    expect(JSON.stringify(answer)).not.toContain("sk_live_secret");
    expect(await opened({ kind: "found", value: undefined })).toMatchObject({ kind: "closed" });
  });
});
