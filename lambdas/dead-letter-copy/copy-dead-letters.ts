/**
 * Copies the messages of dead-letter queues into the archive's bucket, since SQS forgets them 14 days after they were
 * first sent. They stay in their queues: what becomes of them is a person's to say.
 */
import type { ArchiveObjects } from "../shared/domain/archive/ports.ts";
import {
  createLookEnd,
  type DeadLetterSource,
  dayOfLetter,
  deadLetterKeys,
  type HeldLetter,
  type Letter,
  storedLetter,
} from "../shared/domain/dead-letters.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";
import { asError } from "../shared/domain/outcomes.ts";

export interface CopyPorts {
  readonly source: DeadLetterSource;
  readonly objects: Pick<ArchiveObjects, "create">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface CopiedQueue {
  readonly name: string;
  /** Copied now, and found copied already. */
  readonly copied: number;
  readonly known: number;
  /** Whether the queue was seen to its end. */
  readonly isComplete: boolean;
  /** Why it was not, unless time ran out. */
  readonly error?: Error;
}

const queuesAtATime = 4;
const writesAtATime = 10;

/**
 * Copies until every queue is seen to its end or `untilMs` is reached. A queue that can't be read never stops the others.
 *
 * @param holdSeconds how long letters are hidden from others if this doesn't come to its end; longer than it may run
 */
export function createCopying({ source, objects, now }: CopyPorts, holdSeconds: number) {
  return async function copyDeadLetters(
    queues: readonly { readonly name: string; readonly url: string }[],
    untilMs: number,
  ): Promise<readonly CopiedQueue[]> {
    return inParallel(queues, queuesAtATime, (queue) => copyQueue(queue, untilMs));
  };

  async function copyQueue(
    { name, url }: { readonly name: string; readonly url: string },
    untilMs: number,
  ): Promise<CopiedQueue> {
    const end = createLookEnd();
    const receipts: Pick<HeldLetter, "receipt">[] = [];
    let [copied, known] = [0, 0];
    let error: Error | undefined;
    try {
      while (!end.isOver() && now() < untilMs) {
        const letters = await source.take(url, holdSeconds);
        receipts.push(...letters.map(({ receipt }) => ({ receipt })));
        const outcomes = await inParallel(end.fresh(letters), writesAtATime, (letter) => copy(name, letter));
        copied += outcomes.filter((outcome) => outcome === "created").length;
        known += outcomes.filter((outcome) => outcome === "exists").length;
      }
    } catch (thrown) {
      error = asError(thrown);
    }
    // Before any of them is forgotten: a letter that isn't given back shows itself when its time is over.
    await source.giveBack(url, receipts).catch((thrown: unknown) => {
      error ??= asError(thrown);
    });
    return { name, copied, known, isComplete: error === undefined && end.isOver(), ...(error && { error }) };
  }

  /** Under the same key each day, so that the second day finds it there. */
  function copy(queue: string, letter: Letter): Promise<"created" | "exists"> {
    const key = deadLetterKeys.copy(dayOfLetter(letter), queue, letter.messageId);
    return objects.create(key, Buffer.from(JSON.stringify(storedLetter(queue, letter))));
  }
}
