/** The event of a webhook's bytes as it is translated today, held against what was recorded of it. */
import type { PaymentEvent, RoutingThresholds } from "../../config/events.ts";
import { isProviderName } from "../../config/providers.ts";
import { ownIdSuffix } from "../../lambdas/shared/domain/own-id.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import type { RawDelivery, RecordedEvent } from "./recorded.ts";

export type Translated =
  | { readonly kind: "event"; readonly event: PaymentEvent }
  /** It can't be replayed, in words for people. */
  | { readonly kind: "problem"; readonly why: string };

/**
 * @param secretValue the provider's secret, whose settings say how it is read
 */
export function translateAgain(
  recorded: RecordedEvent,
  { body, headers, sha256 }: RawDelivery,
  { secretValue, thresholds }: { readonly secretValue: unknown; readonly thresholds: RoutingThresholds },
): Translated {
  const { provider, receivedAt, correlationId, occurredAt, eventId } = recorded;
  if (!isProviderName(provider)) return problem(`There is no provider ${provider} any more.`);
  const opened = providers[provider].open(secretValue);
  if (opened.kind !== "opened") return problem(`The secret of ${provider} can't be used: ${opened.detail}`);
  const parsed = opened.provider.parse(body);
  if (parsed.kind === "invalid") return problem(`Its body can't be read any more: ${parsed.message}`);
  const context = { provider, receivedAt, correlationId, bodySha256: sha256, routingThresholdsUsd: thresholds };
  const translations = opened.provider.translate(
    { body: parsed.value, headers: new Map(Object.entries(headers)) },
    context,
  );
  const events = translations.flatMap((one) => (one.kind === "event" ? [one.event] : []));
  const event = events.find((one) => one.eventId === eventId || `${one.eventId}${ownIdSuffix(sha256)}` === eventId);
  if (event === undefined) return problem("Its bytes are translated to another event today.");
  const changed = (["transactionId", "providerType", "amountMinor", "currency"] as const).find((name) => {
    // What wasn't known then may be known now; what was known must be the same.
    return recorded[name] !== undefined && recorded[name] !== event[name];
  });
  if (changed !== undefined)
    return problem(`Its ${changed} is translated to something else today: it would be another fact.`);
  // Under the first delivery's times: a decision under others would be a second one.
  return { kind: "event", event: { ...event, eventId, occurredAt, receivedAt } };
}

function problem(why: string): Translated {
  return { kind: "problem", why };
}
