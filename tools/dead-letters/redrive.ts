/**
 * Sends dead letters where they should have gone. A letter is deleted after it was taken there, never before: what a crash
 * cuts off between the two is sent twice, and everything behind every queue takes an event once.
 */
import type { DeadLetterQueue } from "../../config/dead-letters.ts";
import {
  createLookEnd,
  type DeadLetterSource,
  type HeldLetter,
  type Letter,
} from "../../lambdas/shared/domain/dead-letters.ts";
import { identityOf, type Shipment, type Shipping } from "./delivery.ts";

export interface RedrivePorts {
  readonly source: DeadLetterSource & {
    /** Deletes a letter that is held; one that isn't there any more is no matter. */
    remove(queueUrl: string, letter: HeldLetter): Promise<void>;
  };
  /** Resolves once the shipment is durable where it goes. */
  readonly ship: (shipment: Shipment) => Promise<void>;
  /** Awaited before each shipment; returns early where isStopped. */
  readonly pace: () => Promise<void>;
  /** Whether somebody wants it to stop. The letter under way is dealt with to its end. */
  readonly isStopped: () => boolean;
  /** Told of each letter as it is dealt with. */
  readonly tell: (letter: Letter, outcome: LetterOutcome) => void;
}

export type LetterOutcome =
  | { readonly kind: "sent" }
  /** It would be, with `go`. */
  | { readonly kind: "would-send" }
  | { readonly kind: "stays"; readonly why: string }
  /** It was sent in this run already; it stays for a person. */
  | { readonly kind: "came-back"; readonly why: string }
  /** It could not be sent or deleted now; it is still there. */
  | { readonly kind: "failed"; readonly error: unknown };

export interface RedriveOrder {
  readonly queue: DeadLetterQueue;
  /** Only these; all without. */
  readonly messageIds?: ReadonlySet<string>;
  /** Without it nothing is sent or deleted. */
  readonly go: boolean;
  /** How long a letter is hidden from others while it is dealt with: longer than ten take. */
  readonly holdSeconds: number;
  readonly shippingOf: (letter: Letter) => Shipping;
}

export interface Redriven {
  /** Sent and deleted; would be, without `go`. */
  readonly sent: number;
  readonly stays: number;
  /** Among those that were sent or failed: whose message lies there again, or whose twin does. */
  readonly cameBack: number;
  readonly failed: number;
  /** Those of `messageIds` that nobody has seen: others hold them, they are gone, or it was stopped before. */
  readonly missing: readonly string[];
  /** Whether it was stopped before it had seen the queue to its end. */
  readonly isStopped: boolean;
  /** Letters that it held and could not give back: they show themselves when their time is over. */
  readonly hidden: number;
}

/**
 * Works through a queue to its end. A letter that comes back while it runs is left for a person: sending it again at once
 * would be sending it for ever.
 */
export async function redrive(order: RedriveOrder, ports: RedrivePorts): Promise<Redriven> {
  const { queue, messageIds, holdSeconds } = order;
  const end = createLookEnd();
  const wanted = new Set(messageIds);
  const sent = new Set<string>();
  // Not the letters themselves: their bodies would fill the memory.
  const kept = new Set<string>();
  const counts = { sent: 0, stays: 0, cameBack: 0, failed: 0 };
  let hidden = 0;
  const isDone = () => end.isOver() || (messageIds !== undefined && wanted.size === 0);
  try {
    while (!isDone() && !ports.isStopped()) {
      const taken = await ports.source.take(queue.url, holdSeconds);
      for (const { receipt } of taken) kept.add(receipt);
      for (const letter of end.fresh(taken)) {
        if (ports.isStopped()) break;
        if (messageIds !== undefined && !wanted.has(letter.messageId)) continue;
        const outcome = sent.has(identityOf(letter)) ? cameBack : await dealWith(letter, order, ports);
        if (outcome.kind === "not-begun") break;
        wanted.delete(letter.messageId);
        ports.tell(letter, outcome);
        if (outcome.kind === "sent") kept.delete(letter.receipt);
        if (outcome.kind === "sent" || outcome.kind === "failed") sent.add(identityOf(letter));
        counts[countOf(outcome)] += 1;
      }
    }
  } finally {
    // What can't be given back shows itself when its time is over.
    await ports.source.giveBack(queue.url, heldBy(kept)).catch(() => {
      hidden = kept.size;
    });
  }
  return { ...counts, missing: [...wanted], isStopped: ports.isStopped() && !isDone(), hidden };
}

/** Letters by what they are given back by. */
export function heldBy(receipts: Iterable<string>): readonly Pick<HeldLetter, "receipt">[] {
  return Array.from(receipts, (receipt) => ({ receipt }));
}

const cameBack: LetterOutcome = {
  kind: "came-back",
  why: "It has come back, or is the twin of one that was sent just now.",
};

async function dealWith(
  letter: HeldLetter,
  order: RedriveOrder,
  ports: RedrivePorts,
): Promise<LetterOutcome | { readonly kind: "not-begun" }> {
  const shipping = order.shippingOf(letter);
  if (shipping.kind === "stays") return shipping;
  if (!order.go) return { kind: "would-send" };
  await ports.pace();
  if (ports.isStopped()) return { kind: "not-begun" };
  try {
    await ports.ship(shipping.shipment);
    await ports.source.remove(order.queue.url, letter);
    return { kind: "sent" };
  } catch (error) {
    return { kind: "failed", error };
  }
}

function countOf({ kind }: LetterOutcome): "sent" | "stays" | "cameBack" | "failed" {
  if (kind === "came-back") return "cameBack";
  return kind === "would-send" ? "sent" : kind;
}
