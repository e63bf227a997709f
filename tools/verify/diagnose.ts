/** Why a webhook is refused that its sender calls right: the usual causes, each proven by undoing it. */
import { type ProviderName, providerNames } from "../../config/providers.ts";
import { field } from "../../lambdas/shared/domain/exact-json.ts";
import { elementsOf, msOfIso } from "../../lambdas/shared/providers/fields.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import type { Outside } from "../../lambdas/shared/providers/types.ts";
import { type Attempt, attempt, type Captured } from "./attempt.ts";
import { bodyChanges, type Change } from "./bodies.ts";
import { secretChanges, secretsOf, withSecret } from "./secrets.ts";

/** What would make it valid; `says` completes "it would match if …". */
interface Cause {
  readonly cause: string;
  readonly says: string;
}

export interface Diagnosis {
  /** When it would have been in time, in epoch milliseconds; absent where time isn't what is wrong. */
  readonly inTimeAtMs?: number;
  /** What is wrong with it besides its time. */
  readonly besides?: Extract<Attempt, { readonly kind: "refused" }>;
  readonly causes: readonly Cause[];
}

/** Tries the usual causes of a refusal, one at a time, then two. Changes nothing of its time unless that is refused. */
export async function diagnose(
  captured: Captured,
  refused: Extract<Attempt, { readonly kind: "refused" }>,
  outside: Outside,
): Promise<Diagnosis> {
  if (refused.code !== "timestamp_stale" && refused.code !== "timestamp_future") {
    return { causes: await causesOf(captured, outside) };
  }
  for (const atMs of signedTimes(captured)) {
    const then = await attempt({ ...captured, atMs }, outside);
    if (then.kind === "valid") return { inTimeAtMs: atMs, causes: [] };
    if (then.kind === "refused" && !then.code.startsWith("timestamp_")) {
      return { inTimeAtMs: atMs, besides: then, causes: await causesOf({ ...captured, atMs }, outside) };
    }
  }
  return { causes: [] };
}

async function causesOf(captured: Captured, outside: Outside): Promise<readonly Cause[]> {
  const bodies = bodyChanges(captured.body).map(({ value: body, ...cause }) => ({
    ...cause,
    value: { ...captured, body },
  }));
  const secrets = secretVariants(captured);
  const alone = await holding([...bodies, ...secrets, ...urlVariants(captured), ...otherSchemes(captured)], outside);
  if (alone.length > 0) return alone;
  const both = secrets.flatMap((secret) =>
    bodyChanges(captured.body).map((body) => ({
      cause: `${secret.cause}+${body.cause}`,
      says: `${secret.says}, and ${body.says}`,
      value: { ...secret.value, body: body.value },
    })),
  );
  return holding(both, outside);
}

async function holding(changes: readonly Change<Captured>[], outside: Outside): Promise<readonly Cause[]> {
  const found: Cause[] = [];
  for (const { cause, says, value } of changes) {
    const tried = await attempt(value, outside);
    if (tried.kind === "valid") found.push({ cause, says });
  }
  return found;
}

function secretVariants(captured: Captured): readonly Change<Captured>[] {
  const entries = secretsOf(captured.secretValue);
  return entries.flatMap(({ secret, from, until }, place) => {
    const which = entries.length === 1 ? "the secret" : `secret ${place + 1}`;
    const changes = secretChanges(secret).map(({ cause, says, value }) => ({
      cause,
      says: says.replace("the secret", which),
      value: withSecret(captured, value),
    }));
    if (from === undefined && until === undefined) return changes;
    return [
      { cause: "secret-not-live", says: `${which} were live at that time`, value: withSecret(captured, secret) },
      ...changes,
    ];
  });
}

/** Where the URL is signed, too: ends and schemes of it are what proxies change. */
function urlVariants(captured: Captured): readonly Change<Captured>[] {
  const value = captured.secretValue;
  const urls = elementsOf(field(value, "notificationUrls")).filter((url) => typeof url === "string");
  const others = urls.flatMap((url) => [
    { says: "the URL had no slash at its end", url: url.replace(/\/$/, "") },
    { says: "the URL had a slash at its end", url: url.replace(/\/?$/, "/") },
    { says: "the URL began with https", url: url.replace(/^http:/, "https:") },
    { says: "the URL began with http", url: url.replace(/^https:/, "http:") },
  ]);
  return others
    .filter(({ url }) => !urls.includes(url))
    .map(({ says, url }) => ({
      cause: "url",
      says,
      value: { ...captured, secretValue: { ...(value as object), notificationUrls: [url] } },
    }));
}

/** The same secrets under every other provider's scheme, without this one's settings. */
function otherSchemes(captured: Captured): readonly Change<Captured>[] {
  const secrets = secretsOf(captured.secretValue).map(({ secret }) => secret);
  return providerNames
    .filter((provider) => provider !== captured.provider)
    .map((provider: ProviderName) => ({
      cause: "provider",
      says: `it were ${provider}'s (--provider ${provider})`,
      value: { ...captured, provider, secretValue: { secrets } },
    }));
}

/** Times that the webhook states, of which one may be signed: in the headers of its scheme, else in its events. */
function signedTimes({ provider, secretValue, headers, body, atMs }: Captured): readonly number[] {
  const opened = providers[provider].open(secretValue);
  if (opened.kind === "misconfigured") return [];
  const scheme = opened.provider;
  const texts = scheme.archivedHeaders.map((name) => headers.get(name) ?? "");
  const inHeaders = texts.flatMap((text) => [
    ...[...text.matchAll(/(?<!\d)\d{10}(?!\d)/g)].map(([seconds]) => Number(seconds) * 1000),
    ...[...text.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)/g)].map(([time]) => msOfIso(time)),
  ]);
  const parsed = scheme.parse(body);
  const context = {
    provider,
    receivedAt: new Date(atMs).toISOString(),
    correlationId: "verify",
    bodySha256: "0".repeat(64),
    routingThresholdsUsd: { mediumFrom: 0, highAbove: 0 },
  };
  const events = parsed.kind === "invalid" ? [] : scheme.translate({ body: parsed.value, headers }, context);
  const inEvents = events.map((item) => (item.kind === "event" ? msOfIso(item.event.occurredAt) : undefined));
  return [...new Set([...inHeaders, ...inEvents])].filter((time) => time !== undefined);
}
