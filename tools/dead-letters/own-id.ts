/**
 * A way in for an event whose id another one has taken (reason `event-id-reused`): the same bytes under an id of their
 * own. Made from the body's hash, so that booking them twice is booking them once.
 */
import type { WebhookMessage } from "../../config/events.ts";
import type { Letter } from "../../lambdas/shared/domain/dead-letters.ts";
import { ownIdSuffix } from "../../lambdas/shared/domain/own-id.ts";
import { messageIn } from "./contents.ts";
import { reusedIdReason } from "./delivery.ts";

export type OwnId =
  | { readonly kind: "message"; readonly eventId: string; readonly body: string }
  | { readonly kind: "refused"; readonly why: string };

const longestId = 512;

/**
 * The letter's message under an id of its own, with who books it and why. Only for a letter that was refused because its
 * id is taken: any other one would be booked twice, once under each id.
 */
export function underOwnId(
  letter: Letter,
  note: { readonly by: string; readonly why: string; readonly at: string },
): OwnId {
  if (letter.attributes.reason?.value !== reusedIdReason) {
    return refused("It wasn't refused because its id is taken (event-id-reused): redrive it under the id that it has.");
  }
  const message = messageIn(letter.body);
  if (message === undefined) return refused("Its body isn't a message of webhook-events as this version writes it.");
  const own = withOwnId(message);
  if (own.event.eventId.length > longestId) return refused(`Its id would have more than ${longestId} characters.`);
  const booked: WebhookMessage = { ...own, source: "replay", replay: note };
  return { kind: "message", eventId: own.event.eventId, body: JSON.stringify(booked) };
}

/** Its id stays its own: an event of that form that was refused again isn't given another. */
function withOwnId(message: WebhookMessage): WebhookMessage {
  const suffix = ownIdSuffix(message.raw.sha256);
  const { eventId } = message.event;
  return {
    ...message,
    event: { ...message.event, eventId: eventId.endsWith(suffix) ? eventId : `${eventId}${suffix}` },
  };
}

function refused(why: string): OwnId {
  return { kind: "refused", why };
}
