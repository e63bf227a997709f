/** Messages in dead-letter queues: how they are looked at without taking them away, and how copies of them are kept. */
import * as v from "valibot";
import { historyAttributes } from "./dead-letter.ts";

/** A message attribute; `value` of a binary one is base64. */
const attribute = v.object({ dataType: v.string(), value: v.string() });
export type LetterAttribute = Readonly<v.InferOutput<typeof attribute>>;

const letterEntries = {
  messageId: v.string(),
  body: v.string(),
  attributes: v.record(v.string(), attribute),
  /** When SQS took this message, ISO 8601. One that SQS itself moved here keeps the time of its first queue. */
  enqueuedAt: v.pipe(v.string(), v.isoTimestamp()),
} as const;

export interface Letter {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, LetterAttribute>>;
  readonly enqueuedAt: string;
}

/** A letter that others don't see for a while. */
export interface HeldLetter extends Letter {
  /** What it is deleted or given back by. */
  readonly receipt: string;
}

/** Every method throws RetryableError when SQS can't answer now. */
export interface DeadLetterSource {
  /** Up to ten letters that nobody holds, held for so long. None may mean that others hold them. */
  take(queueUrl: string, holdSeconds: number): Promise<readonly HeldLetter[]>;
  /** Lets others see them again at once. Those that somebody else has dealt with are no matter. */
  giveBack(queueUrl: string, letters: readonly Pick<HeldLetter, "receipt">[]): Promise<void>;
}

/** A letter as an object of the archive's bucket has it. */
export const storedLetterSchema = v.object({ version: v.literal(1), queue: v.string(), ...letterEntries });
export type StoredLetter = Readonly<v.InferOutput<typeof storedLetterSchema>>;

/** Where letters lie in the archive's bucket; created once and never changed. `day` is the UTC day of `firstSentAt`. */
export const deadLetterKeys = {
  copies: (day: string, queue: string) => `dead-letters/dt=${day}/${queue}/`,
  copy: (day: string, queue: string, messageId: string) => `dead-letters/dt=${day}/${queue}/${messageId}.json`,
  dropped: (day: string, queue: string, messageId: string) =>
    `dead-letters/dropped/dt=${day}/${queue}/${messageId}.json`,
} as const;

/** When the message was sent for the first time, ISO 8601: a letter that a function sent itself says so. */
export function firstSentAt({ attributes, enqueuedAt }: Pick<Letter, "attributes" | "enqueuedAt">): string {
  const told = attributes[historyAttributes.sentAt]?.value;
  return told !== undefined && v.is(letterEntries.enqueuedAt, told) ? told : enqueuedAt;
}

/** UTC day under which a letter is kept. */
export function dayOfLetter(letter: Pick<Letter, "attributes" | "enqueuedAt">): string {
  return firstSentAt(letter).slice(0, "YYYY-MM-DD".length);
}

/** A letter's object: the same bytes whenever it is made. */
export function storedLetter(queue: string, { messageId, body, attributes, enqueuedAt }: Letter): StoredLetter {
  return { version: 1, queue, messageId, body, attributes, enqueuedAt };
}

/** Tells letters that were seen before from new ones, until looking brings nothing new. */
export interface LookEnd {
  /** Those that weren't seen before. */
  fresh(letters: readonly HeldLetter[]): readonly HeldLetter[];
  /** Whether the queue has been seen to its end. */
  isOver(): boolean;
}

/** SQS may answer with nothing although there is something; twice in a row it is nearly always the end. */
const emptyLooks = 2;

/**
 * Letters that nobody holds any more come again, and may come before those that nobody has seen. So the end is not where
 * known ones come, but where nothing comes, or where one comes a second time with nothing new in between: then as long as
 * it was held there were only known ones.
 */
export function createLookEnd(): LookEnd {
  const seen = new Set<string>();
  const again = new Set<string>();
  let emptyInARow = 0;
  let isAround = false;
  return {
    fresh(letters) {
      const fresh = letters.filter(({ messageId }) => !seen.has(messageId));
      emptyInARow = letters.length === 0 ? emptyInARow + 1 : 0;
      if (fresh.length > 0) again.clear();
      else isAround = letters.some(({ messageId }) => again.has(messageId));
      for (const { messageId } of letters) (seen.has(messageId) ? again : seen).add(messageId);
      return fresh;
    },
    isOver: () => emptyInARow >= emptyLooks || isAround,
  };
}
