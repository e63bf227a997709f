/** Where a letter goes again, and in which form, by what its queue's redrive says. */

import type { DeadLetterQueue, Redrive } from "../../config/dead-letters.ts";
import type { PaymentEvent } from "../../config/events.ts";
import { historyAttributes } from "../../lambdas/shared/domain/dead-letter.ts";
import { firstSentAt, type Letter, type LetterAttribute } from "../../lambdas/shared/domain/dead-letters.ts";
import { eventIn, notificationIn, parsedJson } from "./contents.ts";

/** What is to be sent. */
export type Shipment =
  | {
      readonly kind: "queue";
      readonly url: string;
      readonly body: string;
      readonly attributes: Readonly<Record<string, LetterAttribute>>;
    }
  | { readonly kind: "bus"; readonly name: string; readonly event: PaymentEvent }
  | { readonly kind: "topic"; readonly arn: string; readonly message: string; readonly subject?: string }
  /** Under a name made from the letter, so that a second start is none. */
  | { readonly kind: "state-machine"; readonly arn: string; readonly name: string; readonly input: string };

export type Shipping =
  | { readonly kind: "shipment"; readonly shipment: Shipment }
  /** It can't go, and stays where it is. */
  | { readonly kind: "stays"; readonly why: string };

/** What webhook-dedup says of an event whose id another one has. */
export const reusedIdReason = "event-id-reused";
export const reusedIdAdvice =
  "Its event id is taken by another event, so it would come back: compare the two, then drop it or book it --under-own-id.";

/** A letter as it goes where it should have gone. */
export function shippingOf({ redrive }: Pick<DeadLetterQueue, "redrive">, letter: Letter): Shipping {
  switch (redrive.kind) {
    case "none":
      return { kind: "stays", why: redrive.why };
    case "queue":
      if (letter.attributes.reason?.value === reusedIdReason) return { kind: "stays", why: reusedIdAdvice };
      return shipment({ kind: "queue", url: redrive.url, body: letter.body, attributes: withHistory(letter) });
    case "bus": {
      const event = eventIn(letter.body);
      return event === undefined
        ? { kind: "stays", why: "Its body isn't a payment event as this version writes it." }
        : shipment({ kind: "bus", name: redrive.name, event });
    }
    case "topic":
      return shipment({ kind: "topic", arn: redrive.arn, ...notificationIn(letter.body) });
    case "state-machine": {
      if (parsedJson(letter.body) === undefined) return { kind: "stays", why: "Its body isn't an execution's input." };
      const name = `redrive-${letter.messageId}`;
      return shipment({ kind: "state-machine", arn: redrive.arn, name, input: letter.body });
    }
  }
}

/** What a redrive does, in words for people. */
export function redriveText(redrive: Redrive): string {
  const last = (text: string) => text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf(":")) + 1);
  switch (redrive.kind) {
    case "none":
      return `by hand: ${redrive.why}`;
    case "queue":
      return `to the queue ${last(redrive.url)}`;
    case "bus":
      return `to the bus ${redrive.name}`;
    case "topic":
      return `to the topic ${last(redrive.arn)}, all its subscribers`;
    case "state-machine":
      return `starts ${last(redrive.arn)}`;
  }
}

/** The message's history goes with it: should it come back, it still says when it was first sent, and as what. */
function withHistory(letter: Letter): Readonly<Record<string, LetterAttribute>> {
  const text = (value: string) => ({ dataType: "String", value });
  return {
    ...letter.attributes,
    [historyAttributes.messageId]: text(identityOf(letter)),
    [historyAttributes.sentAt]: text(firstSentAt(letter)),
  };
}

/** The id that a message had when it was first sent; it keeps it when it is sent again. */
export function identityOf({ messageId, attributes }: Pick<Letter, "messageId" | "attributes">): string {
  return attributes[historyAttributes.messageId]?.value ?? messageId;
}

function shipment(one: Shipment): Shipping {
  return { kind: "shipment", shipment: one };
}
