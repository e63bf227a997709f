import {
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { secretVersions } from "../../../tools/archive/secret-versions.ts";
import { awsError } from "./fake-client.ts";

const name = "webhook-secrets/stripe-dev";

/** A client whose answers are the test's. */
function aClient(answer: (command: unknown) => unknown): SecretsManagerClient {
  const client = new SecretsManagerClient({ region: "us-east-1" });
  client.send = (async (command: unknown) => answer(command)) as typeof client.send;
  return client;
}

function createdIn(month: number): Date {
  return new Date(Date.UTC(2026, month - 1, 1));
}

/** Three rotations, listed in the order in which Secrets Manager likes to. */
function threeVersions(command: unknown): unknown {
  const stages: Readonly<Record<string, readonly string[]>> = { b: ["AWSPREVIOUS"], c: ["AWSCURRENT"] };
  const months: Readonly<Record<string, number>> = { a: 1, b: 2, c: 3 };
  if (command instanceof ListSecretVersionIdsCommand) {
    expect(command.input).toMatchObject({ SecretId: name, IncludeDeprecated: true });
    const isSecond = command.input.NextToken === "2";
    const ids = isSecond ? ["c"] : ["b", "a"];
    return {
      ...(isSecond ? {} : { NextToken: "2" }),
      Versions: ids.map((id) => ({ VersionId: id, CreatedDate: createdIn(months[id] ?? 0) })),
    };
  }
  if (!(command instanceof GetSecretValueCommand)) throw new Error("another command");
  const { VersionId: id = "" } = command.input;
  const SecretString = JSON.stringify({ secrets: [id] });
  return { SecretString, CreatedDate: createdIn(months[id] ?? 0), VersionStages: stages[id] };
}

describe("secretVersions", () => {
  it("gives every version that is kept, newest first, also those without a label", async () => {
    expect(await secretVersions(aClient(threeVersions), name)).toEqual([
      { label: "AWSCURRENT", value: { secrets: ["c"] }, createdAt: createdIn(3).toISOString() },
      { label: "AWSPREVIOUS", value: { secrets: ["b"] }, createdAt: createdIn(2).toISOString() },
      { label: "version a", value: { secrets: ["a"] }, createdAt: createdIn(1).toISOString() },
    ]);
  });

  it("gives the two with a label to whoever may not list them", async () => {
    const client = aClient((command) => {
      if (!(command instanceof GetSecretValueCommand)) throw awsError("AccessDeniedException");
      const { VersionStage: stage = "" } = command.input;
      return { SecretString: JSON.stringify({ secrets: [stage] }), VersionStages: [stage] };
    });
    expect(await secretVersions(client, name)).toEqual([
      { label: "AWSCURRENT", value: { secrets: ["AWSCURRENT"] } },
      { label: "AWSPREVIOUS", value: { secrets: ["AWSPREVIOUS"] } },
    ]);
  });

  it("leaves out what there isn't, and quotes nothing that is no JSON", async () => {
    const missing = new ResourceNotFoundException({ message: "none", $metadata: {} });
    const none = aClient(() => {
      throw missing;
    });
    expect(await secretVersions(none, name)).toEqual([]);
    const some = aClient((command) => {
      if (command instanceof ListSecretVersionIdsCommand) return { Versions: [{ VersionId: "a" }, { VersionId: "b" }] };
      if (command instanceof GetSecretValueCommand && command.input.VersionId === "a") throw missing;
      return { SecretString: "{whsec_", VersionStages: ["AWSCURRENT"] };
    });
    expect(await secretVersions(some, name)).toEqual([{ label: "AWSCURRENT", value: undefined }]);
  });
});
