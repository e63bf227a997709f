/** What is said of the API's answer to a webhook. */
import * as v from "valibot";
import type { Hint } from "./hint.ts";
import { type CommandResult, failed } from "./result.ts";
import { printable } from "./text/table.ts";
import type { WebhookOrder } from "./webhooks/types.ts";

/** The API's answer as it came. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

const accepted = v.object({ eventId: v.string(), status: v.literal("accepted") });
const refused = v.object({ error: v.object({ code: v.string(), message: v.string() }) });

/** Where to follow what was sent, and what sends the same again. */
export interface SentOrder {
  readonly hint: Hint;
  readonly order: Pick<WebhookOrder, "token" | "occurredAtMs">;
}

export function answerResult({ status, text }: ApiAnswer, { hint, order }: SentOrder): CommandResult {
  const body = parsed(text);
  if (status === 200 && v.is(accepted, body)) {
    return {
      kind: "done",
      text: `Accepted: ${printable(body.eventId)}\nFollow it with: ${hint("show", body.eventId)}`,
      json: {
        ...{ accepted: true, status, eventId: body.eventId },
        ...{ seed: order.token, at: new Date(order.occurredAtMs).toISOString() },
      },
    };
  }
  if (v.is(refused, body)) {
    return failed(`Refused with ${status} ${printable(body.error.code)}: ${printable(body.error.message)}`);
  }
  const start = printable(text.slice(0, 200));
  return failed(`Not accepted: the answer is ${status}${start === "" ? "" : ` "${start}"`}. Is --to the webhook API?`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
