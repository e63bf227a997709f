import { plainWebhookProvider } from "../../config/providers.ts";
import type { HttpAnswer, HttpRequest } from "../shared/runtime/http.ts";
import type { LogFields } from "../shared/runtime/log.ts";
import type { IncomingWebhook, Receipt } from "./receive-webhook.ts";

/**
 * The HTTP side of taking webhooks in: `POST /webhooks/{provider}`, and `POST /webhook` for the plain notification.
 * Accepted is `{ eventId, status: "accepted" }`; a batch also lists `eventIds`, and `rejected` items by their place.
 */
export function createAnswerWebhook(
  receive: (webhook: IncomingWebhook) => Promise<Receipt>,
): (request: HttpRequest) => Promise<HttpAnswer> {
  return async ({ method, path, provider, headers, body, correlationId }) => {
    if (method !== "POST") {
      return { kind: "method-not-allowed", code: "method_not_allowed", message: "Webhooks are sent by POST." };
    }
    const providerName = provider ?? (path.endsWith("/webhook") ? plainWebhookProvider : undefined);
    if (providerName === undefined) {
      return { kind: "not-found", code: "unknown_path", message: "Send webhooks to /webhooks/{provider} or /webhook." };
    }
    return answerOf(await receive({ providerName, headers, body, correlationId }), providerName);
  };
}

function answerOf(receipt: Receipt, providerName: string): HttpAnswer {
  if (receipt.kind !== "accepted") {
    const { kind, code, message, status, error } = receipt;
    // A name from the path that no provider has is the sender's text and stays out of the log.
    const provider = kind === "not-found" ? {} : { provider: providerName };
    return { kind, code, message, ...(status && { status }), log: { ...provider, ...(error && { error }) } };
  }
  const { events, rejected } = receipt;
  const eventIds = events.map((event) => event.eventId);
  const isBatch = events.length + rejected.length > 1;
  return {
    kind: "ok",
    body: {
      eventId: eventIds[0],
      status: "accepted",
      ...(isBatch ? { eventIds } : {}),
      ...(rejected.length > 0 ? { rejected } : {}),
    },
    log: logOf(receipt),
  };
}

function logOf({ events, rejected }: Extract<Receipt, { readonly kind: "accepted" }>): LogFields {
  const [first] = events;
  return {
    ...(first && {
      eventId: first.eventId,
      transactionId: first.transactionId,
      provider: first.provider,
      type: first.type,
    }),
    count: events.length,
    ...(rejected.length > 0 ? { failedCount: rejected.length, code: rejected[0]?.code ?? "" } : {}),
  };
}
