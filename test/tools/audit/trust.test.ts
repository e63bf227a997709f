import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { parseTrust } from "../../../tools/audit/trust.ts";
import { createSigner, trustFileOf } from "../../support/archive-fixture.ts";

function problemOf(text: string): string {
  const result = parseTrust(text);
  return result.kind === "problem" ? result.problem : "none";
}

function trustOf(pem: string, publicKeySha256 = "0".repeat(64)): string {
  return JSON.stringify({ keys: [{ publicKeySha256, pem, arn: "arn:one", exportedAt: "2026-11-01T00:00:00.000Z" }] });
}

describe("a trust file", () => {
  it("gives its keys by their SHA-256", () => {
    const [one, two] = [createSigner("one"), createSigner("two")];
    const result = parseTrust(trustFileOf(one, two));
    const trust = result.kind === "trust" ? result.trust : new Map();
    expect([...trust.keys()]).toEqual([one.publicKeySha256, two.publicKeySha256]);
    expect(trust.get(two.publicKeySha256)).toMatchObject({ arn: two.arn });
  });

  it.each([
    ["hello", "isn't JSON"],
    ["{}", "is none: keys"],
    ['{"keys":[]}', "is none: keys: no key"],
    [trustOf("hello"), "has no P-256 public key in PEM for arn:one"],
  ])("is refused when it is none: %s", (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it("is refused with a key of another curve, with a private key, and with a SHA-256 that isn't the key's", () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
    expect(problemOf(trustOf(other.export({ type: "spki", format: "pem" }).toString()))).toContain(
      "no P-256 public key",
    );
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    expect(problemOf(trustOf(privateKey.export({ type: "pkcs8", format: "pem" }).toString()))).toContain(
      "no P-256 public key",
    );
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    const sha256 = createHash("sha256")
      .update(createPublicKey(pem).export({ type: "spki", format: "der" }))
      .digest("hex");
    expect(problemOf(trustOf(pem))).toContain(`but it is ${sha256}`);
    expect(problemOf(trustOf(pem, sha256))).toBe("none");
  });
});
