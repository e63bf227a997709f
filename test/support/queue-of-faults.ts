/** A queue whose workers meet faults: messages come again until they are done, in any order, several times at once. */
import type { Delivery, RecordOutcome } from "../../lambdas/shared/domain/outcomes.ts";
import { RetryableError } from "../../lambdas/shared/domain/retryable-error.ts";
import { shuffled } from "./seeded.ts";
import { aWorkerLife, type Fault, type WorkerLife } from "./worker-life.ts";

type Worker<TMessage> = (batch: readonly Delivery<TMessage>[]) => Promise<ReadonlyMap<string, RecordOutcome>>;

export interface World {
  readonly random: () => number;
  /** Moves on with every call. */
  nowMs: number;
  /** What a call takes now and then. */
  readonly longestCallMs: number;
}

const faults: readonly Fault[] = ["refused", "answer-lost", "dies-before", "dies-after"];
const visibilityTimeoutMs = 90_000;

/**
 * Plays a queue: shuffles what is left into batches, gives them to workers that run at the same time, and delivers anew
 * whatever wasn't done, after the visibility timeout. Faults stop after six rounds, so that everything can end.
 */
export async function drain<TMessage>(
  world: World,
  deliveries: readonly Delivery<TMessage>[],
  startWorker: (life: WorkerLife) => Worker<TMessage>,
): Promise<void> {
  let open = deliveries;
  for (let round = 0; open.length > 0; round += 1) {
    if (round > 25) throw new Error(`${open.length} messages are never done`);
    const faultRate = round < 6 ? 0.12 : 0;
    const batches = [...Map.groupBy(shuffled(open, world.random), () => Math.floor(world.random() * 3)).values()];
    const done = await Promise.all(
      batches.map(async (batch) => {
        const life = aWorkerLife(
          () => nextFault(world, faultRate),
          () => Math.floor(world.random() * 6),
        );
        const outcomes = await life.run(() => startWorker(life)(batch).catch(retryOfAll));
        if (outcomes === "died") return [];
        return batch.filter(({ messageId }) => outcomes.get(messageId)?.kind === "done");
      }),
    );
    const finished = new Set(done.flat());
    open = open.filter((delivery) => !finished.has(delivery));
    world.nowMs += visibilityTimeoutMs;
  }
}

/** What the runtime adapter makes of an invocation that throws; bugs end the test. */
function retryOfAll(error: unknown): ReadonlyMap<string, RecordOutcome> {
  if (error instanceof RetryableError) return new Map();
  throw error;
}

/** Calls take time too: sometimes so much that a lease ends under a worker that still lives. */
function nextFault(world: World, faultRate: number): Fault {
  world.nowMs += world.random() < 0.05 ? world.longestCallMs : 5;
  if (world.random() >= faultRate) return "none";
  return faults[Math.floor(world.random() * faults.length)] ?? "none";
}
