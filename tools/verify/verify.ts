/** Whether a captured webhook would be accepted, by which secret and as what; or exactly why not. */
import type { PaymentEvent, RoutingThresholds, Tier } from "../../config/events.ts";
import { limits } from "../../config/limits.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import { createTierOf } from "../../lambdas/shared/domain/routing.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import { isLive } from "../../lambdas/shared/providers/secret-value.ts";
import { type Outside, signedItemsHeader } from "../../lambdas/shared/providers/types.ts";
import { type Attempt, attempt, type Captured } from "./attempt.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import { secretsOf, withSecret } from "./secrets.ts";

/** What one secret says of it. Its text is nowhere. */
export interface SecretVerdict {
  /** From 1, as in the value's list. */
  readonly place: number;
  readonly id?: string;
  readonly outcome: "matches" | "no match" | "not live";
}

/** One item of the body, in its order. */
export type ItemVerdict =
  | { readonly kind: "event"; readonly event: PaymentEvent; readonly tier: Tier }
  | { readonly kind: "invalid"; readonly code: string; readonly message: string };

export type Verdict =
  | {
      readonly kind: "valid";
      readonly secrets: readonly SecretVerdict[];
      /** At least one event. */
      readonly items: readonly ItemVerdict[];
      /** See `Attempt`. */
      readonly unasked?: string;
    }
  | {
      readonly kind: "refused";
      /** What a sender is answered. */
      readonly status: number;
      readonly code: string;
      readonly detail: string;
      readonly secrets: readonly SecretVerdict[];
      /** Headers that the scheme reads, and whether they came. */
      readonly headers: readonly { readonly name: string; readonly isThere: boolean }[];
      /** Names of all headers that came. */
      readonly came: readonly string[];
      readonly diagnosis: Diagnosis;
    }
  /** Something has to be fetched first. */
  | { readonly kind: "undecided"; readonly why: string };

/** Asks nothing of anybody but what `outside` gives. */
export async function verifyCaptured(
  captured: Captured,
  { outside, thresholds }: { readonly outside: Outside; readonly thresholds: RoutingThresholds },
): Promise<Verdict> {
  const { body } = captured;
  if (body.length > limits.webhookBodyBytes) {
    const detail = `The body has ${body.length} bytes; ${limits.webhookBodyBytes} are taken.`;
    return refusal(captured, { status: 413, code: "body_too_large", detail, secrets: [], diagnosis: { causes: [] } });
  }
  const tried = await attempt(captured, outside);
  if (tried.kind === "undecided") return tried;
  if (tried.kind === "refused") {
    const diagnosis = await diagnose(captured, tried, outside);
    const secrets = await secretVerdicts(captured, diagnosis.inTimeAtMs ?? captured.atMs, outside);
    const { code, detail } = tried;
    return refusal(captured, { status: statusOf(captured, tried), code, detail, secrets, diagnosis });
  }
  const secrets = await secretVerdicts(captured, captured.atMs, outside);
  const items = itemsOf(captured, tried, thresholds);
  const [first] = items;
  const { unasked } = tried;
  if (items.some(({ kind }) => kind === "event")) {
    return { kind: "valid", secrets, items, ...(unasked === undefined ? {} : { unasked }) };
  }
  const { code, message } =
    first?.kind === "invalid" ? first : { code: "no_events", message: "The body has no items." };
  const detail = `The signature is valid, and yet: ${message}`;
  return refusal(captured, { status: 400, code, detail, secrets, diagnosis: { causes: [] } });
}

/** Each secret tried alone, at a time at which the webhook is in time. */
async function secretVerdicts(
  captured: Captured,
  inTimeAtMs: number,
  outside: Outside,
): Promise<readonly SecretVerdict[]> {
  const verdicts: SecretVerdict[] = [];
  for (const [index, entry] of secretsOf(captured.secretValue).entries()) {
    const named = { place: index + 1, ...(entry.id === undefined ? {} : { id: entry.id }) };
    const alone = await attempt({ ...withSecret(captured, entry.secret), atMs: inTimeAtMs }, outside);
    const outcome = !isLive(entry, captured.atMs) ? "not live" : alone.kind === "valid" ? "matches" : "no match";
    verdicts.push({ ...named, outcome });
  }
  return verdicts;
}

function itemsOf(
  { provider, atMs }: Captured,
  { scheme, request: { body, headers }, items }: Extract<Attempt, { readonly kind: "valid" }>,
  routingThresholdsUsd: RoutingThresholds,
): readonly ItemVerdict[] {
  const parsed = scheme.parse(body);
  if (parsed.kind === "invalid") return [parsed];
  const context = {
    provider,
    receivedAt: new Date(atMs).toISOString(),
    correlationId: "verify",
    bodySha256: sha256Hex(body),
    routingThresholdsUsd,
  };
  const seen = items === undefined ? headers : new Map([...headers, [signedItemsHeader, items.join(",")]]);
  const tierOf = createTierOf(routingThresholdsUsd);
  return scheme
    .translate({ body: parsed.value, headers: seen }, context)
    .map((item) => (item.kind === "event" ? { ...item, tier: tierOf(item.event) } : item));
}

function statusOf(
  { provider, secretValue }: Captured,
  { code }: Extract<Attempt, { readonly kind: "refused" }>,
): number {
  if (code === "secret_misconfigured" || code === "secret_not_live") return 503;
  const opened = providers[provider].open(secretValue);
  return (opened.kind === "opened" ? opened.provider.refusalStatus : undefined) ?? 401;
}

type Refused = Extract<Verdict, { readonly kind: "refused" }>;

function refusal(
  { provider, secretValue, headers }: Captured,
  what: Omit<Refused, "kind" | "headers" | "came">,
): Refused {
  const opened = providers[provider].open(secretValue);
  const read = opened.kind === "opened" ? opened.provider.archivedHeaders : [];
  // What no request can bring has a blank in its name.
  const names = read.filter((name) => !name.includes(" "));
  const came = [...headers.keys()];
  return { kind: "refused", ...what, headers: names.map((name) => ({ name, isThere: headers.has(name) })), came };
}
