/** Reads what functions have logged since it last looked: each line once, in order. */
import type { CallAws, Principal } from "../../aws/types.ts";

/** The person at the console. */
export const operator: Principal = { kind: "operator" };

/** A line of a function's log, which is JSON of a closed list of fields (lambdas/shared/runtime/log.ts). */
export interface LoggedLine {
  readonly at: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogTail {
  /** New lines, oldest first. `isBehind`: there are more than one look takes. */
  look(): Promise<{ readonly lines: readonly LoggedLine[]; readonly isBehind: boolean }>;
}

/** Pages of a look; the next look goes on from there. */
const mostPages = 20;

interface Event {
  readonly eventId: string;
  readonly timestamp: number;
  readonly message: string;
}

/** @param sinceMs what is older isn't read */
export function createLogTail(call: CallAws, logGroupName: string, sinceMs: number): LogTail {
  // Ids of the local logs are sequence numbers, and so are their tokens: what follows an event is asked for by its id.
  let last: string | undefined;
  let underWay: ReturnType<LogTail["look"]> | undefined;

  async function look() {
    const lines: LoggedLine[] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await call(operator, "logs", "FilterLogEvents", {
        logGroupName,
        startTime: sinceMs,
        ...(last === undefined ? {} : { nextToken: last }),
      });
      const events = answer.events as readonly Event[];
      for (const { timestamp, message } of events) {
        const fields = parsedLine(message);
        if (fields !== undefined) lines.push({ at: timestamp, fields });
      }
      const newest = events.at(-1);
      if (newest !== undefined) last = String(Number(newest.eventId));
      if (answer.nextToken === undefined) return { lines, isBehind: false };
    }
    return { lines, isBehind: true };
  }

  return {
    // Two pages that look at once would each miss what the other has read.
    look() {
      const mine = (underWay ?? Promise.resolve()).then(look, look);
      underWay = mine;
      return mine;
    },
  };
}

/** Undefined for what isn't a line of ours, such as Lambda's own. */
export function parsedLine(message: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
