/** What a dead letter is about, whatever put it where it is. */
import * as v from "valibot";
import {
  type AmountProblem,
  type PaymentEvent,
  paymentEventSchema,
  type WebhookMessage,
  webhookMessageSchema,
} from "../../config/events.ts";
import type { Letter } from "../../lambdas/shared/domain/dead-letters.ts";

/** Why and about what, as far as the letter says. */
export interface LetterSummary {
  readonly eventId?: string;
  /** One word: a function's, or EventBridge's error code. */
  readonly reason?: string;
  /** The same in words. */
  readonly detail?: string;
}

const amountDetails: Readonly<Record<AmountProblem, string>> = {
  currency_unknown: "Its currency is none that ISO 4217 knows",
  amount_missing: "It is about money and has no amount",
  amount_malformed: "Its amount isn't a number as its provider writes them",
  amount_inexact: "Its amount has digits below its currency's minor unit",
  amount_too_large: "Its amount has more than 30 digits",
  amount_negative: "Its amount is below zero, and it is a payment",
  rate_unknown: "config/fx.ts has no rate for its currency",
  status_contradicts: "The state of what it is about contradicts its type",
  object_unexpected: "What it is about isn't of the kind that its type says",
};

/**
 * A function's rejection says `reason` and `detail`; EventBridge and Scheduler say ERROR_CODE and ERROR_MESSAGE. An event
 * that a rule sent there as it is says what is wrong with its amount, if that is why.
 */
export function summaryOf({ body, attributes }: Pick<Letter, "body" | "attributes">): LetterSummary {
  const event = eventIn(body);
  const eventId = messageIn(body)?.event.eventId ?? event?.eventId;
  const reason = attributes.reason?.value ?? attributes.ERROR_CODE?.value ?? event?.amountProblem;
  const told = attributes.detail?.value ?? attributes.ERROR_MESSAGE?.value ?? workflowError(body);
  const problem = event?.amountProblem;
  const detail = told ?? (problem !== undefined && reason === problem ? amountDetails[problem] : undefined);
  return {
    ...(eventId !== undefined && { eventId }),
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { detail }),
  };
}

/** The queue message in a body of `webhook-events`. */
export function messageIn(body: string): WebhookMessage | undefined {
  const parsed = v.safeParse(webhookMessageSchema, parsedJson(body));
  return parsed.success ? parsed.output : undefined;
}

const withDetail = v.object({ detail: paymentEventSchema });
const withEvent = v.object({ event: paymentEventSchema });

/**
 * The payment event in a body: EventBridge's envelope has it as `detail`, `workflow-failed` as `event`, and a queue that
 * a rule sends to is the event itself.
 */
export function eventIn(body: string): PaymentEvent | undefined {
  const json = parsedJson(body);
  const enveloped = v.safeParse(withDetail, json);
  if (enveloped.success) return enveloped.output.detail;
  const failed = v.safeParse(withEvent, json);
  if (failed.success) return failed.output.event;
  const plain = v.safeParse(paymentEventSchema, json);
  return plain.success ? plain.output : undefined;
}

const notification = v.object({
  Type: v.literal("Notification"),
  Message: v.string(),
  Subject: v.optional(v.string()),
});

/** What SNS could not deliver: its own envelope, or the message alone. */
export function notificationIn(body: string): { readonly message: string; readonly subject?: string } {
  const parsed = v.safeParse(notification, parsedJson(body));
  if (!parsed.success) return { message: body };
  const { Message: message, Subject: subject } = parsed.output;
  return { message, ...(subject !== undefined && { subject }) };
}

/** Undefined for what is no JSON: no schema takes it. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function workflowError(body: string): string | undefined {
  const parsed = v.safeParse(v.object({ error: v.object({ Error: v.string() }) }), parsedJson(body));
  return parsed.success ? parsed.output.error.Error : undefined;
}
