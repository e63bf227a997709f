import { opened } from "../samples.ts";

/** Codes computed with Python's hmac and with openssl. */
const body = Buffer.from('{"transaction_id":"txn_123456","amount":15000,"currency":"USD"}');
const ofTimestampAndBody = "4a2ec3d891797bf6b61b06a267873595824c5fb2689b81354445a0c2aa765f25";
const ofIdAndBody = "L5LdHCe380OeqCqvCljaq6ZSrq1E5P+Xz1/Xddej6ZY8WmN4Qylo/K8vyk4iRNR22jhXlGi+NANjU8GU9b9PqQ==";

function verify(headers: Record<string, string>, settings: object = {}) {
  const provider = opened("hmac", { secrets: ["shared-secret"], ...settings });
  const result = provider.verify({ body, headers: new Map(Object.entries(headers)) }, 1_795_248_000_000);
  return result.kind === "valid" ? "valid" : result.code;
}

describe("verifyHmac", () => {
  it("rule 1: accepts a known-good signature of the default scheme", () => {
    const headers = { "x-webhook-timestamp": "1795248000", "x-webhook-signature": `sha256=${ofTimestampAndBody}` };
    expect(verify(headers)).toBe("valid");
    expect(verify({ ...headers, "x-webhook-id": "any" })).toBe("valid");
    expect(verify({ ...headers, "x-webhook-signature": `sha256=00,sha256=${ofTimestampAndBody}` })).toBe("valid");
  });

  it("rule 1: accepts a known-good signature of a scheme of the settings", () => {
    const settings = {
      header: "X-Acme-Mac",
      prefix: "",
      algorithm: "sha512",
      encoding: "base64",
      payload: "{id}|{body}",
      idHeader: "X-Acme-Id",
    };
    expect(verify({ "x-acme-mac": ofIdAndBody, "x-acme-id": "n-1" }, settings)).toBe("valid");
    expect(verify({ "x-acme-mac": ofIdAndBody, "x-acme-id": "n-2" }, settings)).toBe("signature_mismatch");
    expect(opened("hmac", { secrets: ["s"], ...settings }).isTimestamped).toBe(false);
  });

  it("rule 4: says precisely why it refuses", () => {
    const time = { "x-webhook-timestamp": "1795248000" };
    expect(verify({})).toBe("signature_missing");
    expect(verify({ "x-webhook-signature": ofTimestampAndBody, ...time })).toBe("signature_malformed");
    expect(verify({ "x-webhook-signature": `sha256=${ofTimestampAndBody}` })).toBe("timestamp_missing");
    expect(verify({ "x-webhook-signature": `sha256=${ofTimestampAndBody.toUpperCase()}`, ...time })).toBe(
      "signature_mismatch",
    );
  });

  it("refuses settings that can't be meant", () => {
    for (const settings of [
      { payload: "{timestamp}." },
      { payload: "{body}{body}" },
      { algorithm: "md5" },
      { encoding: "utf8" },
      { header: "not a header" },
    ]) {
      expect(() => opened("hmac", { secrets: ["s"], ...settings })).toThrow(Object.keys(settings)[0]);
    }
  });
});
