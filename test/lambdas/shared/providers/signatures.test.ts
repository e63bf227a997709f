import { createHmac } from "node:crypto";
import { macOf, rememberedKeys } from "../../../../lambdas/shared/providers/signatures.ts";

describe("rememberedKeys", () => {
  it("looks at a secret once, and has as many as are asked for", () => {
    const asked: string[] = [];
    const keyOf = rememberedKeys((secret) => {
      asked.push(secret);
      return Buffer.from(secret, "base64");
    });
    const secrets = Array.from({ length: 100 }, (_, index) => Buffer.from(`key ${index}`).toString("base64"));
    for (const secret of secrets) {
      const expected = createHmac("sha256", Buffer.from(secret, "base64")).update("body").digest("hex");
      for (let times = 0; times < 2; times++) {
        expect(macOf({ algorithm: "sha256", encoding: "hex" }, keyOf(secret), ["body"])).toBe(expected);
      }
    }
    expect(asked).toEqual(secrets);
  });
});
