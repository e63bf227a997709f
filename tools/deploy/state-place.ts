/** Where Terraform keeps an environment's state, in words, and whether that place will do. */
import { ConfigurationError } from "../../config/configuration-error.ts";
import type { EnvironmentSettings } from "../../config/environments.ts";
import { readStateBucket } from "../../config/state-bucket.ts";
import { DeployError } from "./deploy-error.ts";

export interface StatePlace {
  /** Undefined where the state is in local files. */
  readonly bucket: string | undefined;
  /** "s3://terraform-state/payment-webhook-pipeline/" or "local files in /projects/pipeline". */
  readonly text: string;
}

/**
 * The place that synthesis writes into the stacks, from the same two variables.
 *
 * @param root directory that local states are in
 * @throws DeployError "configuration" when one of the variables is wrong
 */
export function statePlace(root: string, variables: Readonly<Record<string, string | undefined>>): StatePlace {
  try {
    const bucket = readStateBucket(variables)?.bucket;
    const text = bucket === undefined ? `local files in ${root}` : `s3://${bucket}/payment-webhook-pipeline/`;
    return { bucket, text };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new DeployError("configuration", error.message, { cause: error });
  }
}

/**
 * A lasting environment's state belongs where the next machine finds it. Without it, a deployment from there would make
 * everything a second time, and `destroy` would find nothing.
 *
 * @throws DeployError "no-state-bucket", or "configuration" when a bucket and local files are both asked for
 */
export function checkStatePlace(
  { bucket, text }: StatePlace,
  {
    settings: { name, shortLived },
    isAws,
    localState,
  }: {
    readonly settings: Pick<EnvironmentSettings, "name" | "shortLived">;
    /** Whether calls go to AWS itself and not to what stands in for it. */
    readonly isAws: boolean;
    /** Whether somebody has asked for local files. */
    readonly localState: boolean;
  },
): void {
  if (bucket !== undefined && localState) {
    const advice = "Leave out --local-state, or unset TERRAFORM_STATE_BUCKET.";
    throw new DeployError("configuration", `The state can't be in ${text} and in local files. ${advice}`);
  }
  if (bucket !== undefined || localState || shortLived || !isAws) return;
  throw new DeployError(
    "no-state-bucket",
    `TERRAFORM_STATE_BUCKET isn't set, so the state of ${name} would be ${text}, where no other machine finds it. Export the lines that "npm run cli -- bootstrap --env ${name}" prints, or add --local-state if this machine alone deploys ${name}.`,
  );
}
