/** The daily copies of dead letters, looked at as if they were the queue: for messages that SQS has forgotten. */
import * as v from "valibot";
import { limits } from "../../config/limits.ts";
import type { ArchiveObjects } from "../../lambdas/shared/domain/archive/ports.ts";
import {
  deadLetterKeys,
  firstSentAt,
  type HeldLetter,
  type Letter,
  storedLetterSchema,
} from "../../lambdas/shared/domain/dead-letters.ts";
import { inParallel } from "../../lambdas/shared/domain/in-parallel.ts";
import { parsedJson } from "./contents.ts";
import type { RedrivePorts } from "./redrive.ts";

const lettersAtOnce = 10;
const dayMs = 24 * 60 * 60 * 1000;
/** A day less than deduplication looks back, so that what is sent now still finds what was sent before. */
const longestDays = limits.dedupWindowDays - 1;

/**
 * The copies of one queue and day, each once, without those that somebody has dropped. They stay whatever becomes of them:
 * nothing is held, given back or removed.
 */
export function createCopiesSource(
  objects: Pick<ArchiveObjects, "get" | "list">,
  { queue, day }: { readonly queue: string; readonly day: string },
): RedrivePorts["source"] {
  let keys: string[] | undefined;

  async function letterAt(key: string): Promise<readonly HeldLetter[]> {
    const stored = v.parse(storedLetterSchema, parsedJson(Buffer.from((await objects.get(key)) ?? []).toString()));
    const { messageId, body, attributes, enqueuedAt } = stored;
    const isDropped = (await objects.get(deadLetterKeys.dropped(day, queue, messageId))) !== undefined;
    return isDropped ? [] : [{ messageId, body, attributes, enqueuedAt, receipt: key }];
  }

  return {
    async take() {
      keys ??= (await objects.list(deadLetterKeys.copies(day, queue))).map(({ key }) => key);
      const letters: HeldLetter[] = [];
      while (letters.length === 0 && keys.length > 0) {
        letters.push(...(await inParallel(keys.splice(0, lettersAtOnce), lettersAtOnce, letterAt)).flat());
      }
      return letters;
    },
    giveBack: async () => undefined,
    remove: async () => undefined,
  };
}

/** Why a copy can't be sent any more, if so: nothing remembers whether its message took effect. */
export function tooOld(letter: Letter, nowMs: number): string | undefined {
  const ageDays = (nowMs - Date.parse(firstSentAt(letter))) / dayMs;
  if (ageDays < longestDays) return undefined;
  return `It was first sent more than ${longestDays} days ago, and could count twice: look for its event in the archive.`;
}
