/**
 * Gives letters up for good. What they were, who gave them up and why is kept in the archive's bucket, and is there before
 * the letter is gone.
 */
import type { DeadLetterQueue } from "../../config/dead-letters.ts";
import type { ArchiveObjects } from "../../lambdas/shared/domain/archive/ports.ts";
import {
  createLookEnd,
  dayOfLetter,
  deadLetterKeys,
  type HeldLetter,
  type Letter,
  storedLetter,
} from "../../lambdas/shared/domain/dead-letters.ts";
import { heldBy, type LetterOutcome, type RedrivePorts } from "./redrive.ts";

export interface DropPorts extends Pick<RedrivePorts, "source"> {
  readonly objects: Pick<ArchiveObjects, "create">;
  /** Whether somebody wants it to stop. The letter under way is dealt with to its end. */
  readonly isStopped: () => boolean;
  readonly tell: (letter: Letter, outcome: DropOutcome) => void;
}

export type DropOutcome =
  | { readonly kind: "dropped"; readonly record: string }
  | { readonly kind: "would-drop" }
  | Extract<LetterOutcome, { readonly kind: "failed" }>;

export interface DropOrder {
  readonly queue: DeadLetterQueue;
  readonly messageIds: ReadonlySet<string>;
  readonly by: string;
  readonly why: string;
  /** ISO 8601. */
  readonly at: string;
  readonly go: boolean;
}

export interface Dropped {
  /** Recorded and deleted; would be, without `go`. */
  readonly dropped: number;
  readonly failed: number;
  /** Those that nobody has seen: others hold them, they are gone, or it was stopped before. */
  readonly missing: readonly string[];
}

const holdSeconds = 60;

/** A second drop finds the record of the first, which stands. */
export async function dropLetters(order: DropOrder, ports: DropPorts): Promise<Dropped> {
  const { queue, messageIds } = order;
  const { source } = ports;
  const end = createLookEnd();
  const wanted = new Set(messageIds);
  // Not the letters themselves: their bodies would fill the memory.
  const kept = new Set<string>();
  const counts = { dropped: 0, failed: 0 };
  try {
    while (!end.isOver() && wanted.size > 0 && !ports.isStopped()) {
      const taken = await source.take(queue.url, holdSeconds);
      for (const { receipt } of taken) kept.add(receipt);
      for (const letter of end.fresh(taken)) {
        if (ports.isStopped()) break;
        if (!wanted.delete(letter.messageId)) continue;
        const outcome = await dropOne(letter, order, ports);
        ports.tell(letter, outcome);
        if (outcome.kind === "dropped") kept.delete(letter.receipt);
        counts[outcome.kind === "failed" ? "failed" : "dropped"] += 1;
      }
    }
  } finally {
    // What can't be given back shows itself when its time is over.
    await source.giveBack(queue.url, heldBy(kept)).catch(() => undefined);
  }
  return { ...counts, missing: [...wanted] };
}

async function dropOne(letter: HeldLetter, order: DropOrder, { source, objects }: DropPorts): Promise<DropOutcome> {
  if (!order.go) return { kind: "would-drop" };
  const { queue, by, why, at } = order;
  const record = deadLetterKeys.dropped(dayOfLetter(letter), queue.name, letter.messageId);
  try {
    const text = JSON.stringify({ ...storedLetter(queue.name, letter), dropped: { by, why, at } });
    await objects.create(record, Buffer.from(text));
    await source.remove(queue.url, letter);
    return { kind: "dropped", record };
  } catch (error) {
    return { kind: "failed", error };
  }
}
