/** The flow of the last hour, kept up by what functions log. */
import type { CallAws } from "../../aws/types.ts";
import { createLogTail, type LogTail } from "./log-tail.ts";
import { type Happening, happeningsOf, type Teller, tellers } from "./read-line.ts";

/** Where the page's counts come from. One that asks CloudWatch for the same metrics fits as well. */
export interface FlowSource {
  /** Happenings of the last hour, oldest first. */
  look(): Promise<{ readonly happenings: readonly Happening[]; readonly isBehind: boolean }>;
}

const keptMs = 3_600_000;
/** The newest; older ones of the hour are forgotten, so that a load test doesn't fill the memory. */
const mostHappenings = 60_000;

interface Parts {
  readonly call: CallAws;
  readonly logGroupOf: (teller: Teller) => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function createFlowLog({ call, logGroupOf, now }: Parts): FlowSource {
  let kept: Happening[] = [];
  let tails: readonly (readonly [Teller, LogTail])[] | undefined;

  return {
    async look() {
      tails ??= tellers.map((teller) => [teller, createLogTail(call, logGroupOf(teller), now() - keptMs)] as const);
      const looked = await Promise.all(
        tails.map(async ([teller, tail]) => {
          const { lines, isBehind } = await tail.look();
          return { isBehind, happenings: lines.flatMap((line) => happeningsOf(teller, line)) };
        }),
      );
      const fresh = looked.flatMap(({ happenings }) => happenings);
      const oldest = now() - keptMs;
      kept = [...kept, ...fresh]
        .filter(({ at }) => at >= oldest)
        .sort((one, other) => one.at - other.at)
        .slice(-mostHappenings);
      return { happenings: kept, isBehind: looked.some(({ isBehind }) => isBehind) };
    },
  };
}
