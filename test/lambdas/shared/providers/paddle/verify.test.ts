import { verifyPaddle } from "../../../../../lambdas/shared/providers/paddle/verify.ts";

/** Codes computed with Python's hmac over `1795248000:<body>`. */
const body = Buffer.from(
  '{"event_id":"evt_1","event_type":"transaction.paid","data":{"id":"txn_1","note":"Zürich ☃"}}',
);
const code = "5e139fd701541d9da9c93dd300d225948f3787509e5afc5bb1fdd25bf9d567b4";
const codeOfOld = "717e7d4eb9235d7a7ab1a23d1f1a3ef3494f47a02f53786daa7b12696d636f11";

const verify = (header: string, secrets = ["pdl_ntfset_key"]) => {
  const headers = new Map([["paddle-signature", header]]);
  const result = verifyPaddle({ body, headers }, { secrets }, 1_795_248_010_000);
  return result.kind === "valid" ? "valid" : result.code;
};

describe("verifyPaddle", () => {
  it("rule 1: accepts a known-good signature over the exact bytes", () => {
    expect(verify(`ts=1795248000;h1=${code}`)).toBe("valid");
  });

  it("rule 3: accepts one good signature among several, in any order, and ignores other elements", () => {
    expect(verify(`ts=1795248000;h1=${"0".repeat(64)};h1=${code};h2=${"1".repeat(64)}`)).toBe("valid");
    expect(verify(`h1=${code};h1=${"0".repeat(64)};ts=1795248000`)).toBe("valid");
    expect(verify(`ts=1795248000;h1=${codeOfOld}`, ["pdl_ntfset_key", "pdl_ntfset_old"])).toBe("valid");
    expect(verify(`ts=1795248000;h2=${code}`)).toBe("signature_missing");
  });

  it.each([
    [`ts=1795248000;h1=${code.toUpperCase()}`, "signature_mismatch"],
    [`ts=1795248000;h1=${code.slice(1)}`, "signature_mismatch"],
    [`ts=1795248000;h1=${code}=x`, "signature_mismatch"],
    [`ts=1795248001;h1=${code}`, "signature_mismatch"],
    [`ts=01795248000;h1=${code}`, "signature_mismatch"],
    [`h1=${code}`, "timestamp_missing"],
    [`ts=;h1=${code}`, "timestamp_missing"],
    [`ts=1795248000,h1=${code}`, "timestamp_malformed"],
    [`ts=soon;h1=${code}`, "timestamp_malformed"],
    [`ts=1795248000;ts=1795248000;h1=${code}`, "signature_malformed"],
    [`ts=1795248000;h1=${code},ts=1795248000`, "signature_mismatch"],
    ["ts=1795248000", "signature_missing"],
    ["ts=1795247709;h1=0", "timestamp_stale"],
    ["ts=1795248311;h1=0", "timestamp_future"],
    ["garbage", "timestamp_missing"],
    ["", "signature_missing"],
  ])("rule 4: says precisely why it refuses %p", (header, reason) => {
    expect(verify(header)).toBe(reason);
  });
});
