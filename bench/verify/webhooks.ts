/** A signed webhook of every provider and of any size, made as `cli send` makes it, with a secret made up for it. */
import type { ProviderName } from "../../config/providers.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import type { OpenedProvider, Outside, WebhookRequest } from "../../lambdas/shared/providers/types.ts";
import { freshSecret } from "../../local/fresh-secrets.ts";
import { webhookBuilders } from "../../tools/commands/webhooks/index.ts";
import { signWebhook } from "../../tools/commands/webhooks/sign-webhook.ts";
import type { WebhookToSend } from "../../tools/commands/webhooks/types.ts";

export interface BenchWebhook {
  readonly provider: ProviderName;
  /** The value of its secret. */
  readonly secretValue: { readonly secrets: readonly string[]; readonly [setting: string]: unknown };
  readonly opened: OpenedProvider;
  /** As it comes in. */
  readonly sent: WebhookRequest;
  /** With what `prepare` adds without asking anybody. */
  readonly request: WebhookRequest;
  readonly nowMs: number;
}

/**
 * Where a provider has room for free text, as a path into its body. Others are given a field of that name at the top,
 * which every one of them passes over; and so is the root of a body in XML.
 */
const freeText: Readonly<Record<string, readonly (string | number)[]>> = {
  stripe: ["data", "object", "metadata", "note"],
  github: ["repository", "description"],
  shopify: ["note"],
  "standard-webhooks": ["data", "description"],
  hmac: ["metadata", "note"],
  paypal: ["summary"],
  adyen: ["notificationItems", 0, "NotificationRequestItem", "additionalData", "metadata.note"],
  square: ["data", "object", "payment", "note"],
  paddle: ["data", "custom_data", "note"],
  razorpay: ["payload", "payment", "entity", "notes", "note"],
  gocardless: ["events", 0, "metadata", "note"],
  mollie: ["_embedded", "entity", "description"],
};

const words = "A customer asked for delivery after six, by the side door, and for a receipt by e-mail. ";
/** A benchmark asks nobody. What a provider has to be asked is then missing, and translation goes on without it. */
const refuse = () => Promise.reject(new Error("A benchmark asks nobody."));
const nobody: Outside = { text: refuse, ask: refuse, now: Date.now };

/** @throws Error when it can't be made, or isn't accepted */
export async function createWebhook(provider: ProviderName, bytes: number, nowMs: number): Promise<BenchWebhook> {
  const secretValue = freshSecret(provider) as BenchWebhook["secretValue"];
  const type = webhookBuilders[provider].types[0] ?? "other";
  const token = "0123456789abcdef01234567";
  const money = { amountMinor: "125000", currency: "USD" };
  const webhook = webhookBuilders[provider].build({ type, token, money, occurredAtMs: nowMs }, secretValue);
  if (webhook.kind === "usage") throw new Error(`${provider}: ${webhook.message}`);
  const sentWith = (text: string) => signWebhook(provider, withText(provider, webhook, text), { secretValue, nowMs });
  const { headers, body } = sentWith(textFor(bytes, (text) => sentWith(text).body.length));

  const read = providers[provider].open(secretValue);
  if (read.kind === "misconfigured") throw new Error(`${provider}: ${read.detail}`);
  const sent: WebhookRequest = { body, headers: new Map(Object.entries(headers)) };
  const prepared = await read.provider.prepare(sent, nobody, nowMs).catch(() => undefined);
  if (prepared !== undefined && prepared.kind !== "prepared") throw new Error(`${provider}: ${prepared.detail}`);
  return { provider, secretValue, opened: read.provider, sent, request: prepared?.request ?? sent, nowMs };
}

/** The text that makes a body so long. In some schemes, the body grows by more than the text has. */
function textFor(bytes: number, lengthWith: (text: string) => number): string {
  const [shortest, longer] = [lengthWith(""), lengthWith(words)];
  const length = Math.max(0, Math.round(((bytes - shortest) * words.length) / (longer - shortest)));
  return words.repeat(Math.ceil(length / words.length)).slice(0, length);
}

function withText(provider: ProviderName, webhook: WebhookToSend, text: string): WebhookToSend {
  if (webhook.body instanceof Uint8Array) {
    const xml = Buffer.from(webhook.body).toString();
    return { ...webhook, body: Buffer.from(xml.replace(/(?=<\/[\w-]+>\s*$)/, `<note>${text}</note>`)) };
  }
  return { ...webhook, body: put(webhook.body, freeText[provider] ?? ["note"], text) as WebhookToSend["body"] };
}

/** The value with a text at the end of a path, of which what isn't there yet is made. */
function put(value: unknown, [name, ...rest]: readonly (string | number)[], text: string): unknown {
  if (name === undefined) return text;
  if (typeof name === "number") {
    return Array.isArray(value) ? value.with(name, put(value[name], rest, text)) : [put(undefined, rest, text)];
  }
  const object = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...object, [name]: put(object[name], rest, text) };
}
