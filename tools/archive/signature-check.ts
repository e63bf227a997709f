/** Whether a provider's signature still holds: checked as it was at the receipt, with the clock of that moment. */
import { isProviderName } from "../../config/providers.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import type { ArchivedRaw } from "./archived-event.ts";

/** A value that the provider's secret had or has. */
export interface SecretVersion {
  /** What it is called in messages: AWSCURRENT, AWSPREVIOUS, --secret. */
  readonly label: string;
  /** As in the secret store: `{ secrets: [...], ...settings }`. */
  readonly value: unknown;
  /** When it was put there; ISO 8601. Unknown for one that somebody gives. */
  readonly createdAt?: string;
}

export type SignatureCheck =
  | { readonly kind: "valid"; readonly secret: string }
  /** `code` is the verifier's own word for it. */
  | { readonly kind: "not-valid"; readonly code: string; readonly why: string }
  /** It can't be told, for want of the secret of that time. */
  | { readonly kind: "secret-missing"; readonly why: string }
  /** No provider signed it: it came in by a reconciliation or a replay. */
  | { readonly kind: "unsigned"; readonly why: string };

/**
 * Checks the signature under each version of the secret; each version lists all the secrets that were live with it.
 *
 * A secret that was put in place after the receipt and doesn't fit says nothing about the bytes. One that was there
 * before does, since versions follow one another and the one of that time is then among them.
 */
export function checkSignature(
  { receivedAt, headers, body }: Pick<ArchivedRaw, "receivedAt" | "headers" | "body">,
  { provider, source }: { readonly provider: string; readonly source: string },
  versions: readonly SecretVersion[],
): SignatureCheck {
  if (!isProviderName(provider)) return missing(`This version knows no provider ${provider}.`);
  const opened = versions.flatMap(({ value, ...version }) => {
    const result = providers[provider].open(value);
    return result.kind === "opened" ? [{ ...version, ...result }] : [];
  });
  if (opened.length === 0) return missing(noSecret(provider, versions));
  const request = { headers: new Map(Object.entries(headers)), body };
  const verdicts = opened.map(({ provider: scheme, label, createdAt }) => ({
    label,
    createdAt,
    verification: scheme.verify(request, Date.parse(receivedAt)),
  }));
  const [first] = verdicts;
  for (const { verification, label } of verdicts)
    if (verification.kind === "valid") return { kind: "valid", secret: label };
  if (first === undefined || first.verification.kind === "valid") return missing(noSecret(provider, versions));
  const { code, detail } = first.verification;
  if (code === "signature_missing" && source !== "webhook") {
    return { kind: "unsigned", why: `It came in by ${source}, which its provider doesn't sign.` };
  }
  if (code !== "signature_mismatch") return { kind: "not-valid", code, why: detail };
  if (verdicts.every(({ createdAt }) => createdAt !== undefined && createdAt > receivedAt)) {
    const tried = verdicts.map(({ label, createdAt }) => `${label} (since ${createdAt})`).join(" and ");
    return missing(`The secret of ${receivedAt} is needed (--secret), and only ${tried} can be had.`);
  }
  return { kind: "not-valid", code, why: `${detail} Tried: ${verdicts.map(({ label }) => label).join(", ")}.` };
}

function noSecret(provider: string, versions: readonly SecretVersion[]): string {
  return versions.length === 0
    ? `No secret of ${provider} can be had here. Give one with --secret, or say where to ask for it (--env).`
    : `What ${versions.map(({ label }) => label).join(" and ")} say isn't in the form of a secret of ${provider}.`;
}

function missing(why: string): SignatureCheck {
  return { kind: "secret-missing", why };
}

/** A secret as an option gives it: the bare secret, or the JSON of the whole value with the scheme's settings. */
export function givenSecret(text: string): SecretVersion {
  return { label: "--secret", value: jsonObject(text) ?? { secrets: [text] } };
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
