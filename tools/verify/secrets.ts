/** The secrets of a value, one by one, and what may have happened to a secret on its way into the store. */
import * as v from "valibot";
import { type SecretEntry, secretWithSettings } from "../../lambdas/shared/providers/secret-value.ts";
import type { Captured } from "./attempt.ts";
import type { Change } from "./bodies.ts";

/** The secrets in their order; none where the value isn't in its form. */
export function secretsOf(secretValue: unknown): readonly SecretEntry[] {
  const parsed = v.safeParse(secretWithSettings, secretValue);
  return parsed.success ? parsed.output.secrets : [];
}

/** The same webhook with this secret alone, live whenever it is. */
export function withSecret(captured: Captured, secret: string): Captured {
  return { ...captured, secretValue: { ...(captured.secretValue as object), secrets: [secret] } };
}

/** What a secret may have been before it was copied, each with what it says of it. Never the same text, and none twice. */
export function secretChanges(secret: string): readonly Change<string>[] {
  const bytes = decoded(secret.replace(/^whsec_/, ""));
  const text = (from: Buffer | undefined) => (from === undefined ? undefined : textOf(from));
  const all: readonly Change<string | undefined>[] = [
    { cause: "secret-blanks", says: "the secret had no blanks around it", value: secret.trim() },
    {
      cause: "secret-quotes",
      says: "the secret had no quotes around it",
      value: secret.trim().replace(/^(["'])(.*)\1$/s, "$2"),
    },
    { cause: "secret-line-end", says: "the secret ended with a line end, as echo adds one", value: `${secret}\n` },
    { cause: "secret-prefix-lost", says: "the secret had its prefix whsec_", value: `whsec_${secret}` },
    { cause: "secret-prefix", says: "the secret had no prefix whsec_", value: secret.replace(/^whsec_/, "") },
    { cause: "secret-lower-case", says: "the secret were in lower case", value: secret.toLowerCase() },
    { cause: "secret-upper-case", says: "the secret were in upper case", value: secret.toUpperCase() },
    {
      cause: "secret-base64",
      says: "the secret were written in base64 and not in hex",
      value: bytes.hex?.toString("base64"),
    },
    {
      cause: "secret-base64-prefix",
      says: "the secret were written in base64 with the prefix whsec_, and not in hex",
      value: bytes.hex === undefined ? undefined : `whsec_${bytes.hex.toString("base64")}`,
    },
    {
      cause: "secret-hex",
      says: "the secret were written in hex and not in base64",
      value: bytes.base64?.toString("hex"),
    },
    { cause: "secret-of-base64", says: "the secret were the text that it is the base64 of", value: text(bytes.base64) },
    { cause: "secret-of-hex", says: "the secret were the text that it is the hex of", value: text(bytes.hex) },
    {
      cause: "secret-encoded",
      says: "the secret were the base64 of what it is",
      value: Buffer.from(secret).toString("base64"),
    },
  ];
  const seen = new Set([secret, ""]);
  return all.flatMap(({ cause, says, value }) => {
    if (value === undefined || seen.has(value)) return [];
    seen.add(value);
    return [{ cause, says, value }];
  });
}

function decoded(text: string): { readonly hex?: Buffer; readonly base64?: Buffer } {
  const plain = text.trim();
  const isHex = plain.length > 0 && plain.length % 2 === 0 && /^[\da-f]+$/i.test(plain);
  const isBase64 = plain.length > 3 && /^[A-Za-z0-9+/]+={0,2}$/.test(plain);
  return {
    ...(isHex ? { hex: Buffer.from(plain, "hex") } : {}),
    ...(isBase64 ? { base64: Buffer.from(plain, "base64") } : {}),
  };
}

function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
