import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { numberOf, signDigest, verifiesDigest } from "../../../../local/services/kms/ecdsa.ts";
import type { KmsKeyConfig } from "../../../../local/services/kms/keys.ts";
import { createKmsService } from "../../../../local/services/kms/service.ts";

const arnOf = (id: string) => `arn:aws:kms:us-east-1:000000000000:key/${id}`;

const signing: KmsKeyConfig = {
  arn: arnOf("signing"),
  keyId: "signing",
  description: "Signs.",
  usage: "SIGN_VERIFY",
  spec: "ECC_NIST_P256",
  aliases: ["alias/signing-dev"],
};
const encrypting: KmsKeyConfig = {
  arn: arnOf("encrypting"),
  keyId: "encrypting",
  description: "Encrypts.",
  usage: "ENCRYPT_DECRYPT",
  spec: "SYMMETRIC_DEFAULT",
  aliases: [],
};

const message = Buffer.from("a manifest");
const digest = createHash("sha256").update(message).digest();

function aService(keys: readonly KmsKeyConfig[] = [signing, encrypting]) {
  const kept = new Map<string, string>();
  const start = () =>
    createKmsService({ keys, kept, persist: (arn, pem) => void kept.set(arn, pem), now: () => 1_000 });
  const { operations } = start();
  const call = (operation: string, input: Record<string, unknown>, on = operations) =>
    on[operation]?.({ kind: "operator" }, { KeyId: signing.arn, ...input }) as Promise<Record<string, string>>;
  return { kept, start, call };
}

const common = { SigningAlgorithm: "ECDSA_SHA_256" };
const asDigest = { ...common, MessageType: "DIGEST", Message: digest.toString("base64") };

async function publicKeyOf(call: ReturnType<typeof aService>["call"]) {
  const { PublicKey = "" } = await call("GetPublicKey", {});
  return createPublicKey({ key: Buffer.from(PublicKey, "base64"), format: "der", type: "spki" });
}

describe("KMS", () => {
  it("signs digests, as anybody can verify with the public half", async () => {
    const { call } = aService();
    const { Signature = "", KeyId } = await call("Sign", asDigest);
    expect(KeyId).toBe(signing.arn);
    expect(verify("sha256", message, await publicKeyOf(call), Buffer.from(Signature, "base64"))).toBe(true);
    expect(verify("sha256", Buffer.from("other"), await publicKeyOf(call), Buffer.from(Signature, "base64"))).toBe(
      false,
    );
  });

  it("hashes messages itself", async () => {
    const { call } = aService();
    const { Signature = "" } = await call("Sign", { ...common, Message: message.toString("base64") });
    expect(verify("sha256", message, await publicKeyOf(call), Buffer.from(Signature, "base64"))).toBe(true);
  });

  it("verifies its own signatures, and no others", async () => {
    const { call } = aService();
    const { Signature } = await call("Sign", asDigest);
    expect(await call("Verify", { ...asDigest, Signature })).toMatchObject({ SignatureValid: true });
    const other = createHash("sha256").update("other").digest("base64");
    await expect(call("Verify", { ...asDigest, Message: other, Signature })).rejects.toMatchObject({
      code: "KMSInvalidSignatureException",
    });
  });

  it("keeps its keys from start to start", async () => {
    const { call, start, kept } = aService();
    const before = await call("GetPublicKey", {});
    expect(await call("GetPublicKey", {}, start().operations)).toEqual(before);
    expect([...kept.keys()]).toEqual([signing.arn]);
    expect(before).toMatchObject({ KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" });
  });

  it.each(["signing", "alias/signing-dev", `arn:aws:kms:us-east-1:000000000000:alias/signing-dev`])(
    "knows a key as %s",
    async (KeyId) => expect(await aService().call("GetPublicKey", { KeyId })).toMatchObject({ KeyId: signing.arn }),
  );

  it("describes keys, those that encrypt too", async () => {
    const { call } = aService();
    expect(await call("DescribeKey", {})).toMatchObject({
      KeyMetadata: { Arn: signing.arn, KeyState: "Enabled", KeyUsage: "SIGN_VERIFY", CreationDate: new Date(1_000) },
    });
    expect(await call("DescribeKey", { KeyId: "encrypting" })).toMatchObject({
      KeyMetadata: { KeyUsage: "ENCRYPT_DECRYPT", KeySpec: "SYMMETRIC_DEFAULT", Description: "Encrypts." },
    });
  });

  it.each([
    ["Sign", { ...asDigest, KeyId: "nobody" }, "NotFoundException"],
    ["Sign", { ...asDigest, KeyId: encrypting.arn }, "InvalidKeyUsageException"],
    ["GetPublicKey", { KeyId: encrypting.arn }, "InvalidKeyUsageException"],
    ["Sign", { ...asDigest, Message: "AAAA" }, "ValidationException"],
    ["Sign", { ...common, Message: "" }, "ValidationException"],
    ["Sign", { ...asDigest, SigningAlgorithm: "RSASSA_PSS_SHA_256" }, "ValidationException"],
    ["Verify", { ...asDigest, Signature: "AAAA" }, "KMSInvalidSignatureException"],
  ])("refuses %s of %j: %s", async (operation, input, code) => {
    await expect(aService().call(operation, input)).rejects.toMatchObject({ code });
  });

  it("plays no other kinds of keys", () => {
    expect(() => aService([{ ...signing, spec: "RSA_2048" }])).toThrow(/key\/signing is for SIGN_VERIFY on RSA_2048/);
  });
});

describe("ECDSA over a digest", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const scalar = numberOf(Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url"));

  it("is what OpenSSL verifies, whatever the numbers' lengths", () => {
    const signatures = Array.from({ length: 200 }, () => signDigest(digest, scalar));
    expect(signatures.filter((each) => !verify("sha256", message, publicKey, each))).toEqual([]);
    expect(new Set(signatures.map((each) => each.length)).size).toBeGreaterThan(1);
  });

  it("verifies what OpenSSL signs, and nothing that was changed", () => {
    const signature = sign("sha256", message, privateKey);
    expect(verifiesDigest(digest, signature, scalar)).toBe(true);
    for (let at = 0; at < signature.length; at++) {
      const changed = Buffer.from(signature);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([at, verifiesDigest(digest, changed, scalar)]).toEqual([at, false]);
    }
  });
});
