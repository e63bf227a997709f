import { randomUUID } from "node:crypto";
import type { DeadLetterSource, HeldLetter, Letter } from "../../lambdas/shared/domain/dead-letters.ts";

interface Held extends Letter {
  visibleAtMs: number;
  receipt: string;
}

export interface MemoryQueues extends DeadLetterSource {
  send(queueUrl: string, message: Pick<Letter, "body" | "attributes">): Promise<string>;
  remove(queueUrl: string, letter: Pick<HeldLetter, "receipt">): Promise<void>;
  /** All that is in a queue, held or not. */
  letters(queueUrl: string): readonly Letter[];
  /** The same, taken out for good. */
  drain(queueUrl: string): readonly Letter[];
}

/** Queues in memory, with SQS's visibility: what is taken shows itself again when its time is over. */
export function createMemoryQueues(now: () => number): MemoryQueues {
  const queues = new Map<string, Held[]>();
  const lettersOf = (url: string) => {
    const letters = queues.get(url) ?? [];
    queues.set(url, letters);
    return letters;
  };
  return {
    letters: lettersOf,
    drain: (url) => lettersOf(url).splice(0),
    async send(url, { body, attributes }) {
      const messageId = randomUUID();
      const enqueuedAt = new Date(now()).toISOString();
      lettersOf(url).push({ messageId, body, attributes, enqueuedAt, visibleAtMs: 0, receipt: "" });
      return messageId;
    },
    async take(url, holdSeconds) {
      const taken = lettersOf(url)
        .filter(({ visibleAtMs }) => visibleAtMs <= now())
        .slice(0, 10);
      for (const letter of taken) {
        letter.visibleAtMs = now() + holdSeconds * 1000;
        letter.receipt = randomUUID();
      }
      return taken.map(({ visibleAtMs: _, ...letter }) => ({ ...letter }));
    },
    async giveBack(url, letters) {
      const receipts = new Set(letters.map(({ receipt }) => receipt));
      for (const letter of lettersOf(url)) if (receipts.has(letter.receipt)) letter.visibleAtMs = 0;
    },
    async remove(url, { receipt }) {
      // A receipt of an earlier take doesn't delete what somebody else has taken since.
      const letters = lettersOf(url);
      const at = letters.findIndex((letter) => letter.receipt === receipt);
      if (at >= 0) letters.splice(at, 1);
    },
  };
}
