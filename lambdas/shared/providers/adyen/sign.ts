import { field } from "../../domain/exact-json.ts";
import { isJsonObject } from "../fields.ts";
import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import { type AdyenSettings, keyOf } from "./capabilities.ts";
import { itemsOf, signedText } from "./items.ts";
import { adyenScheme, basicAuthorization } from "./verify.ts";

/**
 * Signs with the newest key: each item of a standard webhook inside the body, any other body as a whole in a header. Sends
 * the newest credentials, where the settings have some.
 */
export const signAdyen: Sign<AdyenSettings> = ({ body, settings }) => {
  const key = keyOf(settings.secrets[0] ?? "");
  const [credentials] = settings.credentials ?? [];
  const authorization = credentials === undefined ? {} : { authorization: basicAuthorization(credentials) };
  const webhook = standardWebhookIn(body);
  if (webhook === undefined) {
    return { body, headers: { hmacsignature: macOf(adyenScheme, key, [body]), ...authorization } };
  }
  const notificationItems = (itemsOf(webhook) ?? []).map((item) => ({
    NotificationRequestItem: signedItem(item, key),
  }));
  return { body: Buffer.from(JSON.stringify({ ...webhook, notificationItems })), headers: authorization };
};

function standardWebhookIn(body: Uint8Array): object | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body).toString());
    return isJsonObject(parsed) && Array.isArray(parsed.notificationItems) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function signedItem(item: unknown, key: Uint8Array): unknown {
  const text = signedText(item);
  if (!isJsonObject(item) || text === undefined) return item;
  const additionalData = field(item, "additionalData");
  const hmacSignature = macOf(adyenScheme, key, [text]);
  return { ...item, additionalData: { ...(isJsonObject(additionalData) ? additionalData : {}), hmacSignature } };
}
