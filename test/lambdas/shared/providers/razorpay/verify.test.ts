import { verifyRazorpay } from "../../../../../lambdas/shared/providers/razorpay/verify.ts";

/** Codes computed with Python's hmac over the body. */
const body = Buffer.from(
  '{"event":"payment.captured","payload":{"payment":{"entity":{"id":"pay_1","notes":"Zürich ☃"}}}}',
);
const code = "414a8b21263253bea91f79e7624a9e5381bd90ddac38315752da8ea2a2cc54b6";
const codeOfOld = "7ae0bed34ad4c8b9a6051fecf31853118e2d9815a4d67718550fc75277d06e65";

const verify = (header: string, secrets = ["rzp_secret"]) => {
  const headers = new Map([["x-razorpay-signature", header]]);
  const result = verifyRazorpay({ body, headers }, { secrets });
  return result.kind === "valid" ? "valid" : result.code;
};

describe("verifyRazorpay", () => {
  it("rule 1: accepts a known-good signature over the exact bytes", () => {
    expect(verify(code)).toBe("valid");
  });

  it("rule 3: accepts what the previous secret signed, as Razorpay signs with it what it sends again", () => {
    expect(verify(codeOfOld, ["rzp_secret", "rzp_old"])).toBe("valid");
    expect(verify(codeOfOld)).toBe("signature_mismatch");
  });

  it.each([
    ["", "signature_missing"],
    [code.toUpperCase(), "signature_mismatch"],
    [code.slice(1), "signature_mismatch"],
    [`${code},${code}`, "signature_mismatch"],
    [`sha256=${code}`, "signature_mismatch"],
    [Buffer.from(code, "hex").toString("base64"), "signature_mismatch"],
  ])("rule 4: says precisely why it refuses %p", (header, reason) => {
    expect(verify(header)).toBe(reason);
  });
});
