/**
 * Plays the providers: signs each webhook as its provider does, posts it, and sends it again when the answer says that
 * it may (5xx, or no answer at all), as providers do.
 */
import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { limits } from "../../config/limits.ts";
import { type ProviderName, plainWebhookProvider } from "../../config/providers.ts";
import { sha256Hex } from "../../lambdas/shared/domain/raw-webhook.ts";
import { webhookBuilders } from "../commands/webhooks/index.ts";
import { signWebhook } from "../commands/webhooks/sign-webhook.ts";
import { chargeRefunded } from "./charge-refunded.ts";
import type { PlannedWebhook, Step } from "./plan.ts";

export interface SentWebhook {
  readonly planned: PlannedWebhook;
  /** Last status; 0 when nobody ever answered. */
  readonly status: number;
  /** As the answer has it. */
  readonly eventId?: string;
  /** Headers of the last post, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The provider's own id of the event. */
  readonly deliveryId: string;
  /** Of the body that was posted. */
  readonly sha256: string;
  readonly bodyBytes: number;
  /** Posts until there was an answer to keep. */
  readonly attempts: number;
  /** Milliseconds of the last attempt. */
  readonly ms: number;
}

export interface SendOptions {
  readonly apiUrl: string;
  readonly secrets: Readonly<Record<ProviderName, unknown>>;
  /** Steps under way at once. */
  readonly concurrency: number;
  readonly onSent: () => void;
}

const maxAttempts = 40;
const resendAfterMs = 150;
/** Beyond the tolerance, and a little, since time passes on the way. */
const outOfTimeMs = (limits.signatureToleranceSeconds + 30) * 1_000;

export async function sendAll(steps: readonly Step[], options: SendOptions): Promise<SentWebhook[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const sent: SentWebhook[] = [];
  let next = 0;
  const lane = async () => {
    for (let step = steps[next++]; step !== undefined; step = steps[next++]) {
      const answers = await Promise.all(step.map((planned) => sendOne(planned, options, agent)));
      sent.push(...answers);
      for (const _ of answers) options.onSent();
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, lane));
  agent.destroy();
  return sent;
}

async function sendOne(planned: PlannedWebhook, options: SendOptions, agent: Agent): Promise<SentWebhook> {
  for (let attempts = 1; ; attempts++) {
    // Signed anew each time: a resend minutes later would be stale.
    const { path, method, headers, body, deliveryId } = signed(planned, options.secrets);
    const began = performance.now();
    const answer = await post(agent, new URL(path, options.apiUrl), method, headers, body);
    const ms = performance.now() - began;
    const mayResend = answer.status === 0 || answer.status >= 500;
    if (mayResend && attempts < maxAttempts) {
      await wait(resendAfterMs);
      continue;
    }
    const eventId = eventIdIn(answer.text);
    return {
      planned,
      status: answer.status,
      ...(eventId === undefined ? {} : { eventId }),
      headers,
      deliveryId,
      sha256: sha256Hex(body),
      bodyBytes: body.length,
      attempts,
      ms,
    };
  }
}

interface HttpPost {
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
  readonly deliveryId: string;
}

/** A webhook as its provider would post it now, unless the plan spoils it. */
export function signed(planned: PlannedWebhook, secrets: SendOptions["secrets"]): HttpPost {
  const { provider, order, spoiling, paddingBytes, refundedBeforeMinor } = planned;
  const secretValue = secrets[provider];
  const built =
    refundedBeforeMinor === undefined
      ? webhookBuilders[provider].build(order, secretValue)
      : chargeRefunded(order, refundedBeforeMinor);
  if (built.kind !== "webhook") throw new Error(`The demo planned what ${provider} can't say: ${built.message}`);
  const padding = spoiling === "oversized" ? limits.webhookBodyBytes : (paddingBytes ?? 0);
  const content = padding === 0 ? built.body : { ...built.body, padding: incompressible(padding, order.token) };
  const broken = Buffer.from(`{"id": "${order.token}", `);
  const skewMs = spoiling === "stale" ? -outOfTimeMs : spoiling === "future" ? outOfTimeMs : 0;
  const nowMs = Date.now() + skewMs;
  const webhook = { ...built, body: spoiling === "malformed" ? broken : content };
  const { headers, body } = signWebhook(provider, webhook, { secretValue, nowMs });
  return {
    path: spoiling === "unknown-provider" ? "/webhooks/acme-pay" : pathOf(provider),
    method: spoiling === "wrong-method" ? "PUT" : "POST",
    headers: { "content-type": "application/json", ...(spoiling === "unsigned" ? {} : headers) },
    body: spoiling === "tampered" ? withFlippedBit(body) : body,
    deliveryId: built.deliveryId,
  };
}

/** The plain notification has a path of its own. */
function pathOf(provider: ProviderName): string {
  return provider === plainWebhookProvider ? "/webhook" : `/webhooks/${provider}`;
}

/** Text that no compression makes small, so that the claim check is really taken. */
function incompressible(bytes: number, token: string): string {
  let text = "";
  for (let block = 0; text.length < bytes; block++) text += sha256Hex(`${token} ${block}`);
  return text.slice(0, bytes);
}

function withFlippedBit(body: Uint8Array): Uint8Array {
  const flipped = Buffer.from(body);
  const middle = Math.floor(body.length / 2);
  flipped.writeUInt8(flipped.readUInt8(middle) ^ 1, middle);
  return flipped;
}

function post(
  agent: Agent,
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: Uint8Array,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      { agent, method, headers: { ...headers, "content-length": body.length } },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.once("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
        incoming.once("error", () => resolve({ status: 0, text: "" }));
      },
    );
    // A broken connection tells the sender nothing: it may or may not have been taken, so it is sent again.
    outgoing.once("error", () => resolve({ status: 0, text: "" }));
    outgoing.end(body);
  });
}

function eventIdIn(text: string): string | undefined {
  try {
    const { eventId } = JSON.parse(text) as { eventId?: unknown };
    return typeof eventId === "string" ? eventId : undefined;
  } catch {
    // Not every answer is ours.
    return undefined;
  }
}
