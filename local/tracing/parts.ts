/** What the runtime needs to trace: the services' own segments, and a daemon for each traced function. */
import { AwsError, type Principal, type RuntimeClock } from "../aws/types.ts";
import type { Authorizer } from "../iam/authorizer.ts";
import { isTraced } from "../resources/functions.ts";
import { type Inventory, text } from "../resources/inventory.ts";
import { startDaemon } from "./daemon.ts";
import { createSampler, type SamplingMode } from "./sampler.ts";
import { createTraces, type Traces } from "./traces.ts";

/** Takes a segment's document. */
type Put = (document: string) => void;

export function tracesOf(
  mode: SamplingMode,
  { inventory, clock, put }: { readonly inventory: Inventory; readonly clock: RuntimeClock; readonly put: Put },
): Traces {
  const isSampled = createSampler(mode, inventory, { now: clock.now, random: Math.random });
  return createTraces({ isSampled, put, now: clock.now });
}

interface Daemons {
  /** By the name of the function. */
  readonly addresses: ReadonlyMap<string, string>;
  stop(): void;
}

/**
 * On Lambda, the daemon sends with the function's role: without the permission nothing arrives, and the denial is in the
 * report.
 */
export async function startDaemons(options: {
  readonly inventory: Inventory;
  readonly authorizer: Pick<Authorizer, "authorize">;
  readonly put: Put;
}): Promise<Daemons> {
  const traced = options.inventory.ofType("aws_lambda_function").filter(isTraced);
  const daemons = await Promise.all(
    traced.map(async (resource) => {
      const functionName = text(resource, "function_name");
      const principal: Principal = { kind: "function", functionName, roleArn: text(resource, "role") };
      const daemon = await startDaemon((document) => {
        if (may(options.authorizer, principal)) options.put(document);
      });
      return { functionName, daemon };
    }),
  );
  return {
    addresses: new Map(daemons.map(({ functionName, daemon }) => [functionName, daemon.address])),
    stop: () => {
      for (const { daemon } of daemons) daemon.stop();
    },
  };
}

function may(authorizer: Pick<Authorizer, "authorize">, principal: Principal): boolean {
  try {
    authorizer.authorize(principal, "xray", "PutTraceSegments", {});
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
