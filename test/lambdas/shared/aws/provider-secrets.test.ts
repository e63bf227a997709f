import {
  type GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { createSecretStore } from "../../../../lambdas/shared/aws/provider-secrets.ts";
import { RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

const arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook-secrets/stripe-dev-AbCdEf";

const storeOver = (send: (command: GetSecretValueCommand) => Promise<unknown>) =>
  createSecretStore({ send } as unknown as SecretsManagerClient, { stripe: arn });

describe("the secret store", () => {
  it("reads a provider's secret by its ARN, as JSON", async () => {
    const asked: unknown[] = [];
    const store = storeOver(async ({ input }) => {
      asked.push(input);
      return { SecretString: '{"secrets":["whsec_1"]}' };
    });
    expect(await store.fetch("stripe")).toEqual({ kind: "found", value: { secrets: ["whsec_1"] } });
    expect(asked).toEqual([{ SecretId: arn }]);
  });

  it("gives no value where nobody has put one, and asks nothing for a provider without a secret", async () => {
    const store = storeOver(() =>
      Promise.reject(new ResourceNotFoundException({ message: "no AWSCURRENT", $metadata: {} })),
    );
    expect(await store.fetch("stripe")).toEqual({ kind: "no-value" });
    expect(await store.fetch("github")).toEqual({ kind: "no-value" });
  });

  it("leaves text that isn't JSON to whoever reads the value", async () => {
    expect(await storeOver(async () => ({ SecretString: "whsec_1" })).fetch("stripe")).toEqual({
      kind: "found",
      value: undefined,
    });
    expect(await storeOver(async () => ({})).fetch("stripe")).toEqual({ kind: "found", value: undefined });
  });

  it("rule 4: a store that can't answer is a retryable error", async () => {
    const fault = Object.assign(new Error("internal"), {
      name: "InternalServiceError",
      $metadata: { httpStatusCode: 500 },
    });
    await expect(storeOver(() => Promise.reject(fault)).fetch("stripe")).rejects.toBeInstanceOf(RetryableError);
  });
});
