import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addToTrustFile, exportKey, fingerprintText } from "../../../tools/archive/trust-file.ts";
import type { TrustFileKey } from "../../../tools/audit/trust.ts";
import { awsError, fakeClient } from "./fake-client.ts";

const nowMs = Date.parse("2026-11-20T08:00:00.000Z");
const arn = "arn:aws:kms:us-east-1:111122223333:key/1";

const publicKey = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "der", type: "spki" });

function exported(der: Buffer, keyArn = arn): Promise<TrustFileKey> {
  const answer = { PublicKey: new Uint8Array(der), KeyId: keyArn, KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY" };
  return exportKey(fakeClient(() => answer).client, "alias/archive-signing-dev", nowMs);
}

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "archive-trust-")), "trust.json");
});
afterEach(() => rmSync(join(file, ".."), { recursive: true, force: true }));

const keysIn = () => (JSON.parse(readFileSync(file, "utf8")) as { keys: TrustFileKey[] }).keys;

describe("exportKey", () => {
  it("gives the public half with the fingerprint of its DER", async () => {
    const der = publicKey();
    const key = await exported(der);
    expect(key).toMatchObject({ arn, exportedAt: "2026-11-20T08:00:00.000Z" });
    expect(key.publicKeySha256).toBe(createHash("sha256").update(der).digest("hex"));
    expect(createPublicKey(key.pem).export({ format: "der", type: "spki" }).equals(der)).toBe(true);
  });

  it("refuses a key that is for something else, or isn't there", async () => {
    const rsa = { PublicKey: new Uint8Array(1), KeyId: arn, KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" };
    await expect(exportKey(fakeClient(() => rsa).client, arn, nowMs)).rejects.toMatchObject({
      code: "no-key",
      message: expect.stringContaining("RSA_2048, for ENCRYPT_DECRYPT"),
    });
    const none = fakeClient(() => {
      throw awsError("NotFoundException");
    });
    await expect(exportKey(none.client, arn, nowMs)).rejects.toMatchObject({ code: "no-key" });
  });
});

describe("addToTrustFile", () => {
  it("adds keys, keeps those that are there, and changes nothing the second time", async () => {
    const first = await exported(publicKey());
    const second = await exported(publicKey(), `${arn}2`);
    expect(addToTrustFile(file, first)).toBe(true);
    expect(addToTrustFile(file, second)).toBe(true);
    const before = readFileSync(file, "utf8");
    expect(addToTrustFile(file, { ...first, exportedAt: "2027-01-01T00:00:00.000Z" })).toBe(false);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(keysIn()).toEqual([first, second]);
  });

  it("refuses another key under an ARN that it knows", async () => {
    addToTrustFile(file, await exported(publicKey()));
    const before = readFileSync(file, "utf8");
    const other = await exported(publicKey());
    expect(() => addToTrustFile(file, other)).toThrow(/One of the two isn't genuine/);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it.each(["", "{}", '{"keys":[{"pem":"x"}]}'])("writes over no other file, such as one with %s", async (content) => {
    writeFileSync(file, content);
    const key = await exported(publicKey());
    expect(() => addToTrustFile(file, key)).toThrow(expect.objectContaining({ code: "file" }));
    expect(readFileSync(file, "utf8")).toBe(content);
  });

  it("says that it can't be written", async () => {
    const key = await exported(publicKey());
    const nowhere = join(file, "no/trust.json");
    expect(() => addToTrustFile(nowhere, key)).toThrow(expect.objectContaining({ code: "file" }));
    expect(existsSync(nowhere)).toBe(false);
  });
});

it("shows a fingerprint in groups that can be read aloud", () => {
  expect(fingerprintText("0123456789ab")).toBe("0123 4567 89ab");
});
