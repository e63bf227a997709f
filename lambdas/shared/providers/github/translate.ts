import { field, fieldAt } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { idInHeader } from "../fields.ts";
import type { VerifiedWebhook } from "../types.ts";

/**
 * GitHub's events carry no money in our sense: all of them, `ping` too, are recorded as `other`. The prices in
 * `sponsorship` and `marketplace_purchase` are those of a tier or a plan, which GitHub bills when it is due. The event's name and
 * the delivery's id travel in unsigned headers; a replay under another id has the same object version (WEBHOOK_RULES 5).
 * The bytes are all that tells two events apart, and a redelivery repeats them.
 */
export function translateGithub({ body, headers }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const name = headers.get("x-github-event");
  if (name === undefined || name === "") {
    return [invalidItem("event_type_missing", "The header X-GitHub-Event is missing.")];
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return [invalidItem("body_not_object", "The body is not a JSON object.")];
  }
  const action = field(body, "action");
  const event = toPaymentEvent(
    {
      providerEventId: idInHeader(headers, "x-github-delivery"),
      objectId: objectOf(body),
      type: "other",
      providerType: typeof action === "string" ? `${name}.${action}` : name,
      objectVersion: context.bodySha256,
      contentDigest: context.bodySha256,
    },
    context,
  );
  return [event];
}

/** What events share: a sponsorship, the account whose purchase it is, a repository, the hook itself. */
function objectOf(body: unknown): unknown {
  return (
    fieldAt(body, "sponsorship", "node_id") ??
    fieldAt(body, "marketplace_purchase", "account", "node_id") ??
    fieldAt(body, "repository", "id") ??
    fieldAt(body, "hook_id")
  );
}
