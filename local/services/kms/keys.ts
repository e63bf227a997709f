/** Keys: all can be described, those on P-256 sign. Private halves live here and in the state, never in an answer. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { numberOf } from "./ecdsa.ts";

export interface KmsKeyConfig {
  readonly arn: string;
  readonly keyId: string;
  readonly description: string;
  readonly usage: "ENCRYPT_DECRYPT" | "SIGN_VERIFY";
  /** `SYMMETRIC_DEFAULT` or `ECC_NIST_P256`. */
  readonly spec: string;
  /** With the prefix `alias/`. */
  readonly aliases: readonly string[];
}

/** Both halves of a key that signs. */
export interface KeyPair {
  /** The public half in DER (SPKI), as GetPublicKey answers it. */
  readonly publicDer: Buffer;
  readonly privateScalar: bigint;
}

export interface KmsDeps {
  readonly keys: readonly KmsKeyConfig[];
  /** By the key's ARN. */
  readonly pairs: ReadonlyMap<string, KeyPair>;
  readonly createdAt: number;
}

const symmetric = { usage: "ENCRYPT_DECRYPT", spec: "SYMMETRIC_DEFAULT" };
const signing = { usage: "SIGN_VERIFY", spec: "ECC_NIST_P256" };

/** @throws Error that names the key, when it is of a kind that isn't played */
export function checkKeys(keys: readonly KmsKeyConfig[]): void {
  for (const { arn, usage, spec } of keys) {
    const isPlayed = [symmetric, signing].some((known) => known.usage === usage && known.spec === spec);
    if (!isPlayed) throw new Error(`The key ${arn} is for ${usage} on ${spec}, which isn't covered locally.`);
  }
}

export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return privateKey.export({ format: "pem", type: "pkcs8" }) as string;
}

export function pairOf(privatePem: string): KeyPair {
  const privateKey: KeyObject = createPrivateKey(privatePem);
  const { d = "" } = privateKey.export({ format: "jwk" });
  return {
    publicDer: createPublicKey(privateKey).export({ format: "der", type: "spki" }),
    privateScalar: numberOf(Buffer.from(d, "base64url")),
  };
}

/** By ARN, id or alias. @throws AwsError NotFoundException */
export function findKey({ keys }: KmsDeps, keyId: string): KmsKeyConfig {
  const alias = /(?:^|:)(alias\/.+)$/.exec(keyId)?.[1];
  const key = keys.find(({ arn, keyId: id, aliases }) => {
    return arn === keyId || id === keyId || (alias !== undefined && aliases.includes(alias));
  });
  if (key !== undefined) return key;
  throw new AwsError("NotFoundException", `Key '${keyId}' does not exist`);
}

/** @throws AwsError NotFoundException, InvalidKeyUsageException for a key that doesn't sign */
export function findPair(deps: KmsDeps, keyId: string): { readonly key: KmsKeyConfig; readonly pair: KeyPair } {
  const key = findKey(deps, keyId);
  const pair = deps.pairs.get(key.arn);
  if (pair !== undefined) return { key, pair };
  throw new AwsError(
    "InvalidKeyUsageException",
    `${key.arn} key usage is ${key.usage} which is not valid for signing.`,
  );
}

/** Blobs are base64 on the wire, and bytes where the call is made in process. */
export const blob = v.pipe(
  v.union([v.string(), v.instance(Uint8Array)]),
  v.transform((value) => (typeof value === "string" ? Buffer.from(value, "base64") : Buffer.from(value))),
);

/** What Sign and Verify have in common. */
export const signedMessage = {
  KeyId: v.pipe(v.string(), v.minLength(1)),
  Message: blob,
  MessageType: v.optional(v.picklist(["RAW", "DIGEST"]), "RAW"),
  SigningAlgorithm: v.picklist(["ECDSA_SHA_256"]),
};

/** @throws AwsError ValidationException, for a message that is too long or a digest that is none */
export function digestOf(message: Buffer, type: "RAW" | "DIGEST"): Buffer {
  const isWrong = type === "DIGEST" ? message.length !== 32 : message.length === 0 || message.length > 4_096;
  if (isWrong) {
    const wanted = type === "DIGEST" ? "Digest is invalid length for algorithm ECDSA_SHA_256." : "1 to 4096 bytes.";
    throw new AwsError("ValidationException", `Message has ${message.length} bytes: ${wanted}`);
  }
  return type === "DIGEST" ? message : createHash("sha256").update(message).digest();
}
