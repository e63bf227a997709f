/**
 * The file that auditors keep: public halves of the keys that manifests are signed with, gathered from KMS and never
 * from the archive. Keys are added to it and none is ever changed.
 */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { GetPublicKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import { problemText } from "../audit/problem-text.ts";
import { parseTrustFile, type TrustFileKey } from "../audit/trust.ts";
import { ArchiveError } from "./archive-error.ts";

/**
 * @param keyId ARN or alias
 * @throws ArchiveError "no-key" when there is no such key, or it isn't one that signs manifests
 */
export async function exportKey(kms: Pick<KMSClient, "send">, keyId: string, nowMs: number): Promise<TrustFileKey> {
  const { PublicKey: bytes, KeyId: arn, KeySpec: spec, KeyUsage: use } = await publicKeyOf(kms, keyId);
  const key = bytes === undefined ? undefined : readKey(bytes);
  // The key itself says what it is; not everything that stands in for KMS repeats it.
  if (key?.asymmetricKeyDetails?.namedCurve !== "prime256v1" || arn === undefined || use !== "SIGN_VERIFY") {
    const found = `${spec ?? key?.asymmetricKeyType ?? "no key pair"}, for ${use ?? "nothing"}`;
    throw new ArchiveError("no-key", `${keyId} signs no manifests: it is ${found}.`);
  }
  return {
    publicKeySha256: createHash("sha256")
      .update(key.export({ format: "der", type: "spki" }))
      .digest("hex"),
    pem: key.export({ format: "pem", type: "spki" }).toString(),
    arn,
    exportedAt: new Date(nowMs).toISOString(),
  };
}

/** Undefined for what is no public key. */
function readKey(der: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
  } catch {
    return undefined;
  }
}

async function publicKeyOf(kms: Pick<KMSClient, "send">, keyId: string) {
  try {
    return await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "NotFoundException") throw error;
    throw new ArchiveError("no-key", `There is no key ${keyId} there. Is the archive deployed? Else say --key.`);
  }
}

/**
 * Adds a key, and leaves the file as it is when it has it.
 *
 * @returns whether it was added
 * @throws ArchiveError "file" when the file is something else, or has another key under the same ARN
 */
export function addToTrustFile(file: string, key: TrustFileKey): boolean {
  const keys = existsSync(file) ? readTrustFile(file) : [];
  if (keys.some(({ publicKeySha256, arn }) => publicKeySha256 === key.publicKeySha256 && arn === key.arn)) return false;
  const changed = keys.find(({ arn }) => arn === key.arn);
  if (changed !== undefined) {
    throw new ArchiveError(
      "file",
      `${file} has another public key of ${key.arn} (${changed.publicKeySha256}), and a key in KMS never changes. One of the two isn't genuine: nothing was written.`,
    );
  }
  const part = `${file}.${process.pid}.part`;
  try {
    writeFileSync(part, `${JSON.stringify({ keys: [...keys, key] }, null, 2)}\n`);
    renameSync(part, file);
  } catch (error) {
    throw new ArchiveError("file", `${file} can't be written: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  return true;
}

function readTrustFile(file: string): readonly TrustFileKey[] {
  const result = parseTrustFile(textOf(file));
  if (result.kind === "problem") {
    const message = `${file} is there, and no file of trusted keys: it ${result.problem}. Choose another --out.`;
    throw new ArchiveError("file", message);
  }
  return result.keys.map(({ publicKeySha256, pem, arn, exportedAt }) => ({ publicKeySha256, pem, arn, exportedAt }));
}

/** @throws ArchiveError "file" for what can't be read, such as a folder */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ArchiveError("file", `${file} can't be read: ${problemText(error)}. Choose another --out.`);
  }
}

/** A fingerprint that people can read to each other: groups of four. */
export function fingerprintText(sha256: string): string {
  return (sha256.match(/.{4}/g) ?? []).join(" ");
}
