import { limits } from "../../../../config/limits.ts";
import { field } from "../../domain/exact-json.ts";
import {
  type EventContext,
  type EventDraft,
  invalidItem,
  plainText,
  type Translation,
  toPaymentEvent,
} from "../../domain/payment-event.ts";
import { contextOfItem, digestOf, idText, isJsonObject, msOfIso } from "../fields.ts";
import type { VerifiedWebhook } from "../types.ts";
import type { AdyenSettings } from "./capabilities.ts";
import { factOf, type ReadingOptions } from "./facts.ts";
import { itemsOf, signedValues, textOf } from "./items.ts";
import { translatePlatform } from "./platform.ts";

/**
 * Adyen's webhooks: standard ones with their items (`{ live, notificationItems }`; one item in JSON today, a batch all
 * the same), and those of platforms. Events about one payment share its PSP reference, which modifications and disputes
 * name as `originalReference`. Source: https://docs.adyen.com/development-resources/webhooks/webhook-types
 */
export function translateAdyen(
  { body }: VerifiedWebhook,
  context: EventContext,
  { capture, testEvents, credentials }: AdyenSettings,
): readonly Translation[] {
  const isOfTest = textOf(field(body, "live")) === "false" || field(body, "environment") === "test";
  const isRecordedOnly = isOfTest && testEvents === "record";
  const items = itemsOf(body);
  if (items === undefined) return [translatePlatform(body, isRecordedOnly, context)];
  if (items.length > limits.webhookItems) {
    return [invalidItem("batch_too_large", `The body has more than ${limits.webhookItems} items.`)];
  }
  const reading: Reading = { capture, isVouchedFor: credentials !== undefined, isRecordedOnly };
  return items.map((item) => translateItem(item, reading, context));
}

interface Reading extends ReadingOptions {
  /** An event of the test environment, kept without its money. */
  readonly isRecordedOnly: boolean;
}

function translateItem(item: unknown, reading: Reading, context: EventContext): Translation {
  const code = field(item, "eventCode");
  if (!isJsonObject(item) || typeof code !== "string") {
    return invalidItem("not_an_adyen_item", "The item is not a NotificationRequestItem: it has no eventCode.");
  }
  const { type, money } = reading.isRecordedOnly ? { type: "other" as const } : factOf(code, item, reading);
  const { additionalData } = item;
  const eventId = eventIdOf(item, code);
  return toPaymentEvent(
    {
      providerEventId: eventId,
      // Unless a setting of the webhook asks for more, disputes that go on have the payment's reference as their own.
      objectId: plainText(item.originalReference, 200) ?? item.pspReference,
      type,
      providerType: code,
      // Adyen calls it the same event whatever else of it differs, its time included. What else differs may change the
      // type, though, and nobody signs it: of two that differ so, the second is no duplicate, and a person looks at it.
      contentDigest: digestOf(signedValues(item), type),
      ...(money === undefined ? {} : { money }),
      signals: signalsOf(additionalData),
      customerId: field(additionalData, "shopperReference") ?? field(additionalData, "recurring.shopperReference"),
      occurredAtMs: msOfIso(item.eventDate),
    },
    contextOfItem(context, eventId, item),
  );
}

/**
 * Two deliveries of one event have the same code and PSP reference; `success` is added, so that nothing is lost if an
 * outcome changes. A report's reference is the name of its file, which two merchant accounts may both have.
 * Source: https://docs.adyen.com/development-resources/webhooks/handle-webhook-events
 */
function eventIdOf(item: Readonly<Record<string, unknown>>, code: string): string | undefined {
  const reference = plainText(item.pspReference, 100);
  if (reference === undefined) return undefined;
  const id = `${code}:${reference}:${textOf(item.success) ?? ""}`;
  return code === "REPORT_AVAILABLE" ? `${id}:${idText(item.merchantAccountCode) ?? ""}` : id;
}

/** What the webhook's "Additional settings" add. Source: https://docs.adyen.com/development-resources/webhooks/webhook-types/additional-settings */
function signalsOf(additionalData: unknown): NonNullable<EventDraft["signals"]> {
  const score = field(additionalData, "totalFraudScore");
  return {
    cardFingerprint: field(additionalData, "alias"),
    cardCountry: field(additionalData, "issuerCountry") ?? field(additionalData, "cardIssuingCountry"),
    customerCountry: field(additionalData, "shopperCountry"),
    providerRiskScore: typeof score === "string" && /^\d{1,3}$/.test(score) ? Number(score) : score,
  };
}
