import { verifyShopify } from "../../../../../lambdas/shared/providers/shopify/verify.ts";

/** Code computed with Python's hmac. */
const body = Buffer.from('{"id":820982911946154508,"total_price":"403.00","currency":"USD"}');
const code = "1ZDKZwAdfM9noJW+WFAIRYVA6U2i5DmOBDIZZixly/Q=";

const verify = (signature: string) =>
  verifyShopify({ body, headers: new Map([["x-shopify-hmac-sha256", signature]]) }, { secrets: ["hush"] });

describe("verifyShopify", () => {
  it("rule 1: accepts a known-good signature", () => {
    expect(verify(code)).toEqual({ kind: "valid" });
  });

  it("rule 1: refuses base64 that only decodes to the same bytes", () => {
    // "Q=" and "R=" differ in bits that decoders ignore.
    for (const lax of [code.replace("Q=", "R="), code.replace("=", ""), code.replace("+", "-")]) {
      expect(verify(lax)).toMatchObject({ code: "signature_mismatch" });
    }
  });
});
