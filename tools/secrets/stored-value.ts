/** The value of a provider's secret as it lies in the secret store, taken apart to be changed and put together again. */
import * as v from "valibot";
import { isJsonObject } from "../../lambdas/shared/providers/fields.ts";
import {
  plainSettings,
  readSettings,
  type SecretEntry,
  secretEntries,
} from "../../lambdas/shared/providers/secret-value.ts";

/** A value that can be changed; without entries where the secret has no value yet. */
export interface StoredValue {
  /** Newest first. */
  readonly entries: readonly SecretEntry[];
  /** The scheme's settings beside them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export const emptyValue: StoredValue = { entries: [], settings: {} };

/** Undefined for a text that isn't the value of a provider's secret, whichever provider's. */
export function readStoredValue(text: string): StoredValue | undefined {
  const value = parsed(text);
  if (!isJsonObject(value)) return undefined;
  const { secrets, ...settings } = value;
  const entries = v.safeParse(secretEntries, secrets);
  return entries.success ? { entries: entries.output, settings } : undefined;
}

/** What is wrong with a text that isn't such a value; nothing of it is quoted. */
export function problemOfStored(text: string): string {
  const read = readSettings(plainSettings, parsed(text));
  return read.kind === "misconfigured" ? read.detail : "It isn't in the form of a provider's secrets.";
}

/** The value as providers read it: an entry that is nothing but a secret is a plain text. */
export function writtenValue({ entries, settings }: StoredValue): Readonly<Record<string, unknown>> {
  const secrets = entries.map((entry) => (Object.keys(entry).length === 1 ? entry.secret : entry));
  return { secrets, ...settings };
}

/** Undefined for what is no JSON; the parser's own message would quote the secret. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
