/** Whose credentials these are, and whether that is the account that is meant. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type EnvironmentSettings, placeholderAccountId } from "../../config/environments.ts";
import { DeployError } from "./deploy-error.ts";
import { type AwsPlace, clientOptionsFor } from "./place.ts";

/**
 * The account of the credentials, as AWS (or the endpoint that stands in for it) says.
 *
 * @throws DeployError "no-credentials" or "no-answer"
 */
export async function accountOfCredentials(
  place: AwsPlace,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const client = new STSClient(clientOptionsFor(place, variables));
  try {
    const { Account: account } = await client.send(new GetCallerIdentityCommand({}));
    if (account === undefined) throw new Error("the answer names no account");
    return account;
  } catch (error) {
    throw explainNoAccount(error, place);
  } finally {
    client.destroy();
  }
}

/** @throws DeployError "wrong-account" when the environment lives in another account */
export function checkAccount(
  account: string,
  { name, accountId }: Pick<EnvironmentSettings, "name" | "accountId">,
): void {
  if (accountId === placeholderAccountId || accountId === account) return;
  throw new DeployError(
    "wrong-account",
    `Your credentials are of account ${account}, but ${name} lives in ${accountId} (config/environments.ts). Switch AWS_PROFILE, or correct the entry.`,
  );
}

/**
 * Everything in a state that was recorded for another account looks as if somebody had deleted it, and the state would
 * be overwritten with that.
 *
 * @throws DeployError "foreign-state"
 */
export function checkStateAccount(stack: string, recorded: string | undefined, account: string): void {
  if (recorded === undefined || recorded === account) return;
  throw new DeployError(
    "foreign-state",
    `The state of ${stack} is of account ${recorded}, but your credentials are of ${account}. Switch AWS_PROFILE, or give this account a state of its own (TERRAFORM_STATE_BUCKET; a local state is the file terraform.${stack}.tfstate, which can be moved away).`,
  );
}

/** @param error what the AWS SDK has thrown */
export function explainNoAccount(error: unknown, { endpoint, region }: AwsPlace): DeployError {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === "CredentialsProviderError" || name === "TokenProviderError") {
    const advice = "Log in (aws sso login) or set AWS_PROFILE.";
    return new DeployError("no-credentials", `There are no AWS credentials. ${advice}`, { cause: error });
  }
  if (
    /^(AccessDenied|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch)/.test(
      name,
    )
  ) {
    const advice = "Log in again, or set AWS_PROFILE.";
    return new DeployError("no-credentials", `AWS refuses the credentials: ${message} ${advice}`, { cause: error });
  }
  const said = `${name}: ${message || "no message"}`;
  return new DeployError(
    "no-answer",
    endpoint === undefined
      ? `AWS can't be asked whose credentials these are (${said}). Check the network and the region ${region}.`
      : `Nothing that stands in for AWS answers at ${endpoint} (${said}). Start it, or leave out --endpoint and AWS_ENDPOINT_URL.`,
    { cause: error },
  );
}
