/**
 * The keys that an audit trusts: a file that came to the auditors by another way than the archive did. Whoever could
 * change the archive could also have put a key of their own into it.
 */
import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import * as v from "valibot";

const trustSchema = v.object({
  keys: v.pipe(
    v.array(
      v.object({
        /** Of the public key in DER (SubjectPublicKeyInfo); lower-case hex, as manifests name it. */
        publicKeySha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "not a SHA-256 in lower-case hex")),
        pem: v.string(),
        /** ARN of the key in KMS. */
        arn: v.string(),
        /** ISO 8601, UTC. */
        exportedAt: v.string(),
      }),
    ),
    v.minLength(1, "no key"),
  ),
});

/** A key as the file has it. */
export type TrustFileKey = v.InferOutput<typeof trustSchema>["keys"][number];

export interface TrustedKey extends TrustFileKey {
  readonly key: KeyObject;
}

/** By the SHA-256 of the public half (DER). */
export type Trust = ReadonlyMap<string, TrustedKey>;

type Problem = { readonly kind: "problem"; readonly problem: string };
export type TrustResult = { readonly kind: "trust"; readonly trust: Trust } | Problem;

/** Reads what `archive trust` wrote. `problem` is the end of a sentence about the file. */
export function parseTrust(text: string): TrustResult {
  const result = parseTrustFile(text);
  if (result.kind === "problem") return result;
  return { kind: "trust", trust: new Map(result.keys.map((key) => [key.publicKeySha256, key])) };
}

/** The keys in the file's order, each of which is what it says. */
export function parseTrustFile(
  text: string,
): { readonly kind: "keys"; readonly keys: readonly TrustedKey[] } | Problem {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "problem", problem: "isn't JSON" };
  }
  const parsed = v.safeParse(trustSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { kind: "problem", problem: `is none: ${v.getDotPath(issue) ?? "its content"}: ${issue.message}` };
  }
  const keys: TrustedKey[] = [];
  for (const one of parsed.output.keys) {
    const { publicKeySha256, pem, arn } = one;
    const key = publicKeyIn(pem);
    if (key === undefined) return { kind: "problem", problem: `has no P-256 public key in PEM for ${arn}` };
    const sha256 = createHash("sha256")
      .update(key.export({ type: "spki", format: "der" }))
      .digest("hex");
    if (sha256 !== publicKeySha256) {
      return {
        kind: "problem",
        problem: `gives the key of ${arn} the SHA-256 ${publicKeySha256}, but it is ${sha256}`,
      };
    }
    keys.push({ ...one, key });
  }
  return { kind: "keys", keys };
}

function publicKeyIn(pem: string): KeyObject | undefined {
  // A private key's public half would pass too, and nobody should have that file.
  if (!pem.includes("-----BEGIN PUBLIC KEY-----")) return undefined;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a signature (DER) is the key's, over exactly these bytes. */
export function isSignedBy({ key }: TrustedKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify("sha256", bytes, { key, dsaEncoding: "der" }, signature);
  } catch {
    return false;
  }
}
