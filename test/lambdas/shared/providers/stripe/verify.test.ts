import { verifyStripe } from "../../../../../lambdas/shared/providers/stripe/verify.ts";

/** Codes computed with Python's hmac over `1795248000.<body>`. */
const body = Buffer.from(
  '{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","object":"payment_intent","amount":1099,"currency":"eur","description":"Zürich ☃"}}}',
);
const code = "e8ac7aeb705108309c4360875845a5eba2b3ada22a9cc86a265cf319cdc20533";
const codeOfOld = "e6b1926c894c5b581d654b8169cb5a6b7867b2b2b7caf7d14c974e7ec899ffd4";

const verify = (header: string, secrets = ["whsec_test_secret"]) => {
  const headers = new Map([["stripe-signature", header]]);
  const result = verifyStripe({ body, headers }, { secrets }, 1_795_248_010_000);
  return result.kind === "valid" ? "valid" : result.code;
};

describe("verifyStripe", () => {
  it("rule 1: accepts a known-good signature over the exact bytes", () => {
    expect(verify(`t=1795248000,v1=${code}`)).toBe("valid");
  });

  it("rule 3: accepts one good signature among several, and ignores v0", () => {
    expect(verify(`t=1795248000,v1=${"0".repeat(64)},v1=${code},v0=${"1".repeat(64)}`)).toBe("valid");
    expect(verify(`t=1795248000,v1=${codeOfOld}`, ["whsec_test_secret", "whsec_old_secret"])).toBe("valid");
    expect(verify(`t=1795248000,v0=${code}`)).toBe("signature_missing");
  });

  it.each([
    [`t=1795248000,v1=${code.toUpperCase()}`, "signature_mismatch"],
    [`t=1795248000,v1=${code.slice(1)}`, "signature_mismatch"],
    [`t=1795248001,v1=${code}`, "signature_mismatch"],
    [`v1=${code}`, "timestamp_missing"],
    [`t=,v1=${code}`, "timestamp_missing"],
    [`t=soon,v1=${code}`, "timestamp_malformed"],
    [`t=1795248000,t=1795248000,v1=${code}`, "signature_malformed"],
    ["t=1795248000", "signature_missing"],
    ["garbage", "timestamp_missing"],
    ["", "signature_missing"],
  ])("rule 4: says precisely why it refuses %p", (header, reason) => {
    expect(verify(header)).toBe(reason);
  });
});
