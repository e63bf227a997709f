import { signatureIn } from "../../../lambdas/webhook-dedup/signature.ts";

describe("the signature among the archived headers", () => {
  it.each([
    "stripe-signature",
    "x-hub-signature-256",
    "x-shopify-hmac-sha256",
    "webhook-signature",
    "svix-signature",
    "paypal-transmission-sig",
    "hmacsignature",
    "x-square-hmacsha256-signature",
    "paddle-signature",
    "x-razorpay-signature",
    "x-mollie-signature",
    "mollie-signature (of what was fetched)",
  ])("is found in %s", (name) => {
    expect(signatureIn({ "x-github-delivery": "1", [name]: "the signature" })).toBe("the signature");
  });

  it("is missing where no header says so", () => {
    expect(signatureIn({ "x-github-delivery": "1" })).toBeUndefined();
  });
});
