import { DeployError } from "../deploy/deploy-error.ts";
import { consent, type Surroundings } from "./context.ts";
import { nearest } from "./text/nearest.ts";
import { printable } from "./text/table.ts";

interface Asking {
  readonly environment: string;
  readonly surroundings: Surroundings;
  /** `--yes` agrees, `--json` never asks. */
  readonly options: { readonly yes?: boolean; readonly json?: boolean };
}

/** Shows what would be lost and asks whether it may. @throws DeployError "data-loss" unless somebody agrees */
export async function agreeToDataLoss(losses: readonly string[], asking: Asking): Promise<void> {
  const { environment, surroundings } = asking;
  surroundings.err(`This would be lost in ${environment}:\n${losses.map((line) => `  ${printable(line)}`).join("\n")}`);
  await agree("Destroy or replace it", asking);
}

/** @throws DeployError "data-loss" unless somebody agrees */
export async function agree(deed: string, { environment, surroundings, options }: Asking): Promise<void> {
  const given = { ask: askerOf(surroundings, options), isGiven: options.yes === true };
  const obstacle = await consent(environment, deed, given);
  if (obstacle !== undefined && obstacle.kind !== "done") throw new DeployError("data-loss", obstacle.message);
}

/**
 * Says that a name that isn't known makes an environment of its own, and asks whether it shall: it may be misspelt.
 *
 * @param known the environments of config/environments.ts
 * @throws DeployError "unknown-environment" unless somebody agrees
 */
export async function agreeToShortLived(
  known: readonly string[],
  {
    environment,
    surroundings,
    options,
  }: Omit<Asking, "options"> & { readonly options: { readonly shortLived?: boolean; readonly json?: boolean } },
): Promise<void> {
  if (options.shortLived === true) return;
  const meant = nearest(environment, known);
  const news = [
    `${environment} isn't in config/environments.ts: this deploys a short-lived environment, derived from dev.`,
    ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
  ].join(" ");
  const given = { ask: askerOf(surroundings, options), isGiven: false, by: "--short-lived" };
  const obstacle = await consent(environment, `${news}\nDeploy it`, given);
  if (obstacle === undefined || obstacle.kind === "done") return;
  throw new DeployError("unknown-environment", `${news} ${obstacle.message}`);
}

function askerOf({ ask }: Surroundings, { json }: { readonly json?: boolean }): Surroundings["ask"] {
  return json === true ? async () => undefined : ask;
}
