/** A message that can never succeed, on its way to the dead-letter queue with its history (WEBHOOK_RULES 15). */
export interface DeadLetter {
  /** The message's body as it came. */
  readonly body: string;
  /** One word for machines, e.g. `not-json`. */
  readonly reason: string;
  /** What is wrong, in words for people; quotes nothing of the body. */
  readonly detail: string;
  /** SQS's id of the original message. */
  readonly messageId: string;
  /** When the original message was first sent, ISO 8601: the DLQ would count from now. */
  readonly sentAt: string;
}

/** Message attributes that a dead letter's history travels in, also when it is sent to its queue again. */
export const historyAttributes = { messageId: "originalMessageId", sentAt: "sentAt" } as const;

export interface DeadLetterQueue {
  /** @throws RetryableError when the queue doesn't take it now; the original must not be forgotten then. */
  send(letter: DeadLetter): Promise<void>;
}
