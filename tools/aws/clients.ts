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

/** No call is made before the first one is asked for. */
export function createClients({ endpoint, isLocal, region }: Target): Clients {
  const options = {
    ...clientOptions,
    region,
    // What the target says is what is called: no variable or profile sends one of the services elsewhere.
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(isLocal ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } } : {}),
  };
  const dynamoDb = new DynamoDBClient(options);
  return {
    dynamoDb,
    states: new SFNClient(options),
    secrets: new SecretsManagerClient(options),
    account: async () => (isLocal ? undefined : (await dynamoDb.config.credentials()).accountId),
  };
}
