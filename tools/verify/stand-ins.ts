/** Where a local system stands in for the providers' APIs. */
import * as v from "valibot";
import type { OutsidePorts } from "../../lambdas/shared/providers/outside.ts";
import type { Target } from "../aws/target.ts";

const apiUrls = v.record(v.string(), v.pipe(v.string(), v.url()));

/**
 * The base URLs that the local runtime's functions ask, by provider: its payments are in no provider's own books. None
 * where the target is AWS, whose functions ask the providers themselves; undefined where no local runtime answers.
 */
export async function standInsOf({ isLocal, endpoint }: Target): Promise<OutsidePorts["apiUrls"]> {
  if (!isLocal) return {};
  try {
    const parsed = v.safeParse(apiUrls, await (await fetch(`${endpoint}/_local/provider-apis`)).json());
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
