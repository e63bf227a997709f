/** What a redrive came to, in words. */
import type { DeadLetterQueue } from "../../../config/dead-letters.ts";
import { countText } from "../../../lambdas/shared/report/counts.ts";
import { redriveText } from "../../dead-letters/delivery.ts";
import type { Redriven } from "../../dead-letters/redrive.ts";

interface Circumstances {
  readonly queue: Pick<DeadLetterQueue, "name" | "redrive">;
  readonly go: boolean;
  /** How long a message stays hidden that could not be given back. */
  readonly holdSeconds: number;
}

/** A line of sums, and a line of its own for what a person has to know besides. */
export function summaryLines(redriven: Redriven, { queue, go, holdSeconds }: Circumstances): readonly string[] {
  const { sent, stays, cameBack, failed, isStopped, hidden } = redriven;
  const sums = [
    ...(sent > 0
      ? [`${countText(sent, "message")} ${go ? "sent" : "would be sent"} (${redriveText(queue.redrive)})`]
      : []),
    ...(stays > 0
      ? [
          `${countText(stays, "message")} ${stays === 1 ? "stays" : "stay"} where ${stays === 1 ? "it" : "they"} ${be(stays)}`,
        ]
      : []),
    ...(failed > 0 ? [`${countText(failed, "message")} failed and ${be(failed)} still there`] : []),
  ];
  const told = sums.length === 0 ? "no message was dealt with" : sums.join(", ");
  return [
    `${queue.name}: ${told}.`,
    ...(cameBack > 0
      ? [`${countText(cameBack, "message")} of them came back at once, or had a twin, and ${be(cameBack)} left there.`]
      : []),
    ...(isStopped ? ["Stopped: nobody has looked at what else is in the queue. The same command goes on."] : []),
    ...(hidden > 0
      ? [
          `${countText(hidden, "message")} could not be given back: hidden for up to ${holdSeconds} seconds, then there again.`,
        ]
      : isStopped
        ? ["What it held is given back: others see it again at once."]
        : []),
  ];
}

function be(count: number): string {
  return count === 1 ? "is" : "are";
}
