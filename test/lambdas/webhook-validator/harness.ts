import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import * as v from "valibot";
import { type WebhookMessage, webhookMessageSchema } from "../../../config/events.ts";
import type { ProviderName } from "../../../config/providers.ts";
import type { PayloadStore, SecretLookup, WebhookQueue } from "../../../lambdas/shared/domain/webhook-ports.ts";
import type { Outside, WebhookRequest } from "../../../lambdas/shared/providers/types.ts";
import { httpHandler } from "../../../lambdas/shared/runtime/http.ts";
import type { LogFields } from "../../../lambdas/shared/runtime/log.ts";
import { createAnswerWebhook } from "../../../lambdas/webhook-validator/answer-webhook.ts";
import { createProviderSchemes } from "../../../lambdas/webhook-validator/provider-schemes.ts";
import { createReceiveWebhook } from "../../../lambdas/webhook-validator/receive-webhook.ts";
import { nobody } from "../../support/outside.ts";
import { routingThresholdsUsd } from "../../support/routing.ts";
import { nowMs, samples } from "../shared/providers/samples.ts";

export interface Fakes {
  readonly queue?: WebhookQueue;
  readonly payloads?: PayloadStore;
  readonly outside?: Outside;
  readonly fetchSecret?: (provider: ProviderName) => Promise<SecretLookup>;
}

/** The function as handler.ts wires it, over fakes: `calls` counts what would be AWS calls. */
export function validator(fakes: Fakes = {}) {
  const sent: string[] = [];
  const stored = new Map<string, Uint8Array>();
  const lines: LogFields[] = [];
  const calls = { secrets: 0, queue: 0, payloads: 0 };
  const queue: WebhookQueue = fakes.queue ?? { send: async (messages) => void sent.push(...messages) };
  const payloads: PayloadStore = fakes.payloads ?? {
    async put(key, bytes) {
      stored.set(key, bytes);
      return { bucket: "payloads", key };
    },
  };
  const fetchSecret = fakes.fetchSecret ?? (async (name) => ({ kind: "found", value: samples[name].secretValue }));
  const write = (_message: string, fields: LogFields) => void lines.push(fields);
  const receive = createReceiveWebhook({
    schemes: createProviderSchemes({
      store: {
        fetch(provider) {
          calls.secrets += 1;
          return fetchSecret(provider);
        },
      },
      now: () => nowMs,
      log: { error: write },
    }),
    queue: {
      send(messages) {
        calls.queue += 1;
        return queue.send(messages);
      },
    },
    payloads: {
      put(key, bytes) {
        calls.payloads += 1;
        return payloads.put(key, bytes);
      },
    },
    outside: fakes.outside ?? nobody,
    now: () => nowMs,
    routingThresholdsUsd,
  });
  const handler = httpHandler({
    answer: createAnswerWebhook(receive),
    log: { info: write, warn: write, error: write },
    now: () => nowMs,
    newId: () => "fresh-id",
  });
  const messages = (): WebhookMessage[] => sent.map((text) => v.parse(webhookMessageSchema, JSON.parse(text)));
  return { handler, sent, stored, lines, calls, messages };
}

/** The request as API Gateway hands it on: bytes as base64, since every media type is binary to it. */
export function gatewayEvent(
  provider: string,
  request: WebhookRequest,
  changes: Partial<APIGatewayProxyEvent> = {},
): APIGatewayProxyEvent {
  const event = {
    httpMethod: "POST",
    path: `/webhooks/${provider}`,
    resource: "/webhooks/{provider}",
    pathParameters: { provider },
    headers: Object.fromEntries(request.headers),
    multiValueHeaders: Object.fromEntries([...request.headers].map(([name, value]) => [name.toUpperCase(), [value]])),
    body: Buffer.from(request.body).toString("base64"),
    isBase64Encoded: true,
    requestContext: { requestId: "gateway-id" },
    ...changes,
  };
  return event as APIGatewayProxyEvent;
}

/** Status and parsed body of an answer. */
export function read(result: APIGatewayProxyResult): {
  readonly status: number;
  readonly body: Record<string, unknown>;
} {
  return { status: result.statusCode, body: JSON.parse(result.body) as Record<string, unknown> };
}
