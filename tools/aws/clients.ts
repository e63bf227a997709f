/** The AWS clients of the commands: one endpoint and one set of credentials for all of them. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { clientOptions } from "../../lambdas/shared/aws/client-options.ts";
import type { Target } from "./target.ts";

export interface Clients {
  readonly dynamoDb: DynamoDBClient;
  readonly states: SFNClient;
  readonly secrets: SecretsManagerClient;
  /** Account of the credentials, where they say; never asked for locally. */
  account(): Promise<string | undefined>;
}

/** What every client of a target is made with. */
export function clientOptionsOf({ endpoint, isLocal, region }: Target) {
  return {
    ...clientOptions,
    region,
    // What the target says is what is called: no variable or profile sends one of the services elsewhere.
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(isLocal ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } } : {}),
  };
}

/** No call is made before the first one is asked for. */
export function createClients(target: Target): Clients {
  const options = clientOptionsOf(target);
  const dynamoDb = new DynamoDBClient(options);
  return {
    dynamoDb,
    states: new SFNClient(options),
    secrets: new SecretsManagerClient(options),
    account: async () => (target.isLocal ? undefined : (await dynamoDb.config.credentials()).accountId),
  };
}
