/** Which environments an account and region have, whoever deployed them and wherever their state is. */
import { DynamoDBClient, paginateListTables } from "@aws-sdk/client-dynamodb";
import { environmentNameProblem, names } from "../../config/names.ts";
import { DeployError } from "./deploy-error.ts";
import { type AwsPlace, clientOptionsFor } from "./place.ts";

/**
 * Names of the environments that have tables there.
 *
 * @throws DeployError "no-answer" when the tables can't be listed
 */
export async function livingEnvironments(
  place: AwsPlace,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const client = new DynamoDBClient(clientOptionsFor(place, variables));
  const tables: string[] = [];
  try {
    for await (const { TableNames: page = [] } of paginateListTables({ client }, {})) tables.push(...page);
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const message = `The tables in ${place.region} can't be listed (${said}), so nobody knows which environments are there. Allow dynamodb:ListTables.`;
    throw new DeployError("no-answer", message, { cause: error });
  } finally {
    client.destroy();
  }
  return environmentsOf(tables);
}

/** Environments that have both tables every event goes through: one name alone may be another project's. */
export function environmentsOf(tables: readonly string[]): readonly string[] {
  const prefix = "transactions-";
  const all = new Set(tables);
  return tables
    .filter((table) => table.startsWith(prefix))
    .map((table) => table.slice(prefix.length))
    .filter((name) => environmentNameProblem(name) === undefined && all.has(names(name).tables.processedWebhooks))
    .toSorted();
}

/**
 * The stack `account` is everybody's in its account and region.
 *
 * @param own the environment that shall be destroyed
 * @throws DeployError "account-in-use" while another environment is there
 */
export function checkAccountUnused(own: string, living: readonly string[]): void {
  const others = living.filter((name) => name !== own);
  if (others.length === 0) return;
  throw new DeployError(
    "account-in-use",
    `account-${own} holds what all environments of this account and region need to write their logs, and there are still: ${others.join(", ")}. Destroy those first. Nothing was done.`,
  );
}
