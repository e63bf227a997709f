/**
 * The value of the secret `webhook-secrets/<provider>`: its signing secrets, each for good or from a time to a time, and
 * the scheme's settings beside them.
 */
import * as v from "valibot";
import { msOfIso } from "./fields.ts";

/** A provider has so many at the most, live or not. */
export const mostSecrets = 10;

const secretText = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

/** The secrets of a provider as its scheme reads them, newest first. */
export const liveSecrets = v.pipe(v.array(secretText), v.maxLength(mostSecrets));

/**
 * What becomes of events of a provider's test mode that come where live ones do: `record` (the default) keeps them without
 * money, `route` treats them as live, for environments that belong to a test account.
 */
export const testEvents = v.optional(v.picklist(["record", "route"]), "record");

/** The secret's value where the scheme has no settings. */
export const plainSettings = v.object({ secrets: liveSecrets });
export type PlainSettings = v.InferOutput<typeof plainSettings>;

/** What every scheme's settings have: its secrets, one for each that the secret's value lists, in the same order. */
export interface SchemeSettings {
  readonly secrets: readonly string[];
}

const time = v.pipe(
  v.string(),
  v.check((text) => msOfIso(text) !== undefined, "not an ISO 8601 time with an offset"),
);

/**
 * One entry of `secrets`; a plain text is live until it is removed. A name that isn't known is refused: were a mistyped
 * `until` passed over, the secret would be live for good.
 */
const timedSecret = v.strictObject({
  secret: secretText,
  /** By which people tell it from the others. */
  id: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))),
  /** Live from then on; before, nobody is believed by it. */
  from: v.optional(time),
  /** No longer live then; after `from`, or it would never be live. */
  until: v.optional(time),
  /** Why it was ended though no other was live; nothing goes by it. */
  why: v.optional(v.string()),
});
export type SecretEntry = Readonly<v.InferOutput<typeof timedSecret>>;
const plainSecret = v.pipe(
  secretText,
  v.transform((secret): SecretEntry => ({ secret })),
);
const secretInTime = v.pipe(
  timedSecret,
  v.forward(v.partialCheck([["from"], ["until"]], isEverLive, "not after `from`"), ["until"]),
);
/** By the kind of the input, and not a union of both, whose issues don't say at which name of an entry they are. */
const secretEntry = v.lazy((input) => (typeof input === "string" ? plainSecret : secretInTime));

/** `secrets` of a provider's secret, whatever stands beside it. */
export const secretEntries = v.pipe(v.array(secretEntry), v.minLength(1), v.maxLength(mostSecrets));

/** A secret's value, whichever provider's: its entries, and whatever stands beside them. */
export const secretWithSettings = v.looseObject({ secrets: secretEntries });

/** When an entry begins to be live, in epoch milliseconds. */
export function startOf({ from }: Pick<SecretEntry, "from">): number {
  return msOfIso(from) ?? Number.NEGATIVE_INFINITY;
}

/** When it is no longer live, in epoch milliseconds. */
export function endOf({ until }: Pick<SecretEntry, "until">): number {
  return msOfIso(until) ?? Number.POSITIVE_INFINITY;
}

function isEverLive(entry: Pick<SecretEntry, "from" | "until">): boolean {
  return startOf(entry) < endOf(entry);
}

/** Whether an entry is live then, in epoch milliseconds. */
export function isLive(entry: Omit<SecretEntry, "secret">, nowMs: number): boolean {
  return startOf(entry) <= nowMs && nowMs < endOf(entry);
}

export type SettingsRead<TSettings> =
  | {
      readonly kind: "read";
      /** With every secret, live or not: for what doesn't depend on them. */
      readonly all: TSettings;
      /** With the secrets that are live then. */
      at(nowMs: number): TSettings;
    }
  | { readonly kind: "misconfigured"; readonly detail: string };

/** Reads the value of a provider's secret; what is wrong with it is said without quoting it. */
export function readSettings<TSettings extends SchemeSettings>(
  schema: v.GenericSchema<unknown, TSettings>,
  secretValue: unknown,
): SettingsRead<TSettings> {
  const listed = v.safeParse(secretWithSettings, secretValue);
  if (!listed.success) return misconfigured(listed.issues);
  const { secrets: entries, ...settings } = listed.output;
  const parsed = v.safeParse(schema, { ...settings, secrets: entries.map(({ secret }) => secret) });
  if (!parsed.success) return misconfigured(parsed.issues);
  const all = parsed.output;
  const isForGood = entries.every(({ from, until }) => from === undefined && until === undefined);
  return {
    kind: "read",
    all,
    at: (nowMs) =>
      isForGood ? all : { ...all, secrets: all.secrets.filter((_, place) => isLive(entries[place] ?? {}, nowMs)) },
  };
}

function misconfigured(
  issues: readonly v.BaseIssue<unknown>[],
): Extract<SettingsRead<never>, { kind: "misconfigured" }> {
  return {
    kind: "misconfigured",
    detail: `The secret's value is wrong at: ${[...new Set(issues.map(placeOf))].join(", ")}.`,
  };
}

/** A name that isn't known isn't quoted: it may be a secret that stands in the wrong place. */
function placeOf(issue: v.BaseIssue<unknown>): string {
  const isUnknownName = issue.type === "strict_object" && issue.expected === "never";
  const path = (isUnknownName ? issue.path?.slice(0, -1) : issue.path) ?? [];
  const place = path.map(({ key }) => String(key)).join(".") || "(whole value)";
  if (!isUnknownName) return place;
  return `${place} (it has a name that isn't one of ${Object.keys(timedSecret.entries).join(", ")})`;
}
