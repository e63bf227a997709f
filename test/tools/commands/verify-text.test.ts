import { verdictResult } from "../../../tools/commands/verify-text.ts";
import type { Captured } from "../../../tools/verify/attempt.ts";
import type { Verdict } from "../../../tools/verify/verify.ts";

const captured: Captured = {
  provider: "stripe",
  secretValue: { secrets: ["s"] },
  headers: new Map(),
  body: Buffer.from("{}"),
  atMs: Date.parse("2026-11-21T08:00:00Z"),
};
const closing = "is it another secret, or another body?";

function refusedText(changes: Partial<Extract<Verdict, { readonly kind: "refused" }>>): string {
  const secrets = [{ place: 1, outcome: "no match" }] as const;
  const common = { kind: "refused", status: 401, detail: "So it is.", headers: [], came: [] } as const;
  const verdict = { ...common, code: "signature_mismatch", secrets, diagnosis: { causes: [] }, ...changes };
  const result = verdictResult(verdict, captured, { width: 100, isAsked: false });
  return result.kind === "failed" ? result.message : "";
}

describe("a webhook of which nothing can be told", () => {
  const undecided = { kind: "undecided", why: "The provider's host gives no answer." } as const;
  const told = (provider: Captured["provider"], isAsked: boolean) =>
    verdictResult(undecided, { ...captured, provider }, { width: 100, isAsked });

  it("has --fetch added where nobody was asked, and the certificate's file named for PayPal alone", () => {
    expect(told("mollie", false)).toEqual({
      kind: "usage",
      message: "Whether it is valid can't be told without asking mollie: add --fetch.",
    });
    expect(told("paypal", false)).toMatchObject({ message: expect.stringContaining("--fetch, or --certificate with") });
  });

  it("fails where the provider was asked, and doesn't have --fetch added again", () => {
    expect(told("paypal", true)).toEqual({
      kind: "failed",
      message: "It can't be told now whether it is valid: The provider's host gives no answer.",
      json: { valid: false, provider: "paypal", at: "2026-11-21T08:00:00.000Z", why: undecided.why },
    });
  });
});

describe("the end of a refusal", () => {
  it("asks after secret and body where the signature is of neither, also at a time at which it was in time", () => {
    expect(refusedText({})).toContain(closing);
    const besides = { kind: "refused", code: "signature_mismatch", detail: "No." } as const;
    expect(refusedText({ code: "timestamp_stale", diagnosis: { inTimeAtMs: 0, besides, causes: [] } })).toContain(
      closing,
    );
  });

  it.each([
    "secret_misconfigured",
    "secret_not_live",
    "signature_missing",
    "object_unknown",
    "json_malformed",
    "body_too_large",
  ])("says nothing more where %s says what is wrong", (code) => {
    expect(refusedText({ code })).not.toContain(closing);
  });

  it("names the causes that were found, and asks nothing then", () => {
    const text = refusedText({ diagnosis: { causes: [{ cause: "body-lines", says: "the lines ended otherwise" }] } });
    expect(text).toContain("It would match if the lines ended otherwise.");
    expect(text).not.toContain(closing);
  });
});
