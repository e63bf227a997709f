import { DeployError } from "../deploy/deploy-error.ts";
import { consent, type Surroundings } from "./context.ts";
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
  const ask = options.json === true ? async () => undefined : surroundings.ask;
  const obstacle = await consent(environment, deed, { ask, isGiven: options.yes === true });
  if (obstacle !== undefined && obstacle.kind !== "done") throw new DeployError("data-loss", obstacle.message);
}
