/** How `logs --follow` goes on until somebody has seen enough. */
import type { Target } from "../../aws/target.ts";
import type { EventLines } from "../../logs/event-lines.ts";
import type { Surroundings } from "../context.ts";
import { interruptible } from "../interruptible.ts";
import type { CommandResult } from "../result.ts";
import { lineText } from "./line-text.ts";

const pollMs = 3_000;
const localPollMs = 250;

interface Following {
  readonly target: Target;
  /** What isn't read, in words. */
  readonly problemsOf: (found: EventLines) => readonly string[];
}

/** Each line once, in order of time as far as lines don't come late; each problem once. */
export async function follow(
  surroundings: Surroundings,
  look: () => Promise<EventLines>,
  { target, problemsOf }: Following,
): Promise<CommandResult> {
  const { out, err, sleep } = surroundings;
  const told = new Set<string>();
  await interruptible(surroundings, async (isStopped) => {
    while (!isStopped()) {
      const found = await look();
      for (const line of found.lines) {
        const key = `${line.logGroup} ${line.id}`;
        if (!told.has(key)) out(lineText(line));
        told.add(key);
      }
      for (const problem of problemsOf(found)) {
        if (!told.has(problem)) err(problem);
        told.add(problem);
      }
      if (!isStopped()) await sleep(target.isLocal ? localPollMs : pollMs);
    }
  });
  return { kind: "interrupted", message: "Stopped following.", json: undefined };
}
