import type { PaymentEvent, RoutingThresholds } from "../../config/events.ts";
import type { LedgerProvider } from "../../config/reconciliation.ts";
import { parseExactJson } from "../shared/domain/exact-json.ts";
import { sha256Hex } from "../shared/domain/raw-webhook.ts";
import type { LedgerEvent } from "../shared/domain/reconciliation/provider-ledger.ts";
import { ledgers } from "../shared/providers/ledgers.ts";

/** What a listed event says, translated as its webhook would have been; or why it can't be. */
export type ReadEvent =
  | { readonly kind: "event"; readonly event: PaymentEvent; readonly body: Uint8Array; readonly bodySha256: string }
  | { readonly kind: "unreadable"; readonly code: string; readonly detail: string };

export interface ReadingContext {
  readonly provider: LedgerProvider;
  readonly runId: string;
  readonly nowMs: number;
  readonly routingThresholdsUsd: RoutingThresholds;
}

export function readEvent({ body }: LedgerEvent, context: ReadingContext): ReadEvent {
  const { provider, runId, nowMs, routingThresholdsUsd } = context;
  const parsed = parseExactJson(body);
  if (parsed.kind === "invalid") return { kind: "unreadable", code: parsed.code, detail: parsed.message };
  const bodySha256 = sha256Hex(body);
  const [translation, ...others] = ledgers[provider].translate(
    { body: parsed.value, headers: new Map() },
    {
      provider,
      receivedAt: new Date(nowMs).toISOString(),
      correlationId: `reconciliation-${runId}`,
      bodySha256,
      routingThresholdsUsd,
    },
  );
  if (translation === undefined || others.length > 0) {
    return { kind: "unreadable", code: "not_one_event", detail: "What the provider lists as one event is not one." };
  }
  if (translation.kind === "invalid") {
    return { kind: "unreadable", code: translation.code, detail: translation.message };
  }
  return { kind: "event", event: translation.event, body, bodySha256 };
}
