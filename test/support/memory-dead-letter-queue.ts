import type { DeadLetter, DeadLetterQueue } from "../../lambdas/shared/domain/dead-letter.ts";

export function createMemoryDeadLetterQueue(): DeadLetterQueue & { readonly letters: readonly DeadLetter[] } {
  const letters: DeadLetter[] = [];
  return {
    letters,
    async send(letter) {
      letters.push(letter);
    },
  };
}
