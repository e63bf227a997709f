import { ResourceNotFoundException } from "@aws-sdk/client-secrets-manager";
import { secretVersions } from "../../../tools/archive/secret-versions.ts";
import { fakeClient } from "./fake-client.ts";

const createdAt = new Date("2026-01-01T00:00:00.000Z");

describe("secretVersions", () => {
  it("gives the current and the one before, with their times", async () => {
    const { client, calls } = fakeClient((_name, { VersionStage }) => ({
      SecretString: JSON.stringify({ secrets: [VersionStage] }),
      CreatedDate: createdAt,
    }));
    expect(await secretVersions(client, "webhook-secrets/stripe-dev")).toEqual([
      { label: "AWSCURRENT", value: { secrets: ["AWSCURRENT"] }, createdAt: createdAt.toISOString() },
      { label: "AWSPREVIOUS", value: { secrets: ["AWSPREVIOUS"] }, createdAt: createdAt.toISOString() },
    ]);
    expect(calls[0]?.input).toEqual({ SecretId: "webhook-secrets/stripe-dev", VersionStage: "AWSCURRENT" });
  });

  it("leaves out what there isn't, and quotes nothing that is no JSON", async () => {
    const { client } = fakeClient((_name, { VersionStage }) => {
      if (VersionStage === "AWSPREVIOUS") throw new ResourceNotFoundException({ message: "none", $metadata: {} });
      return { SecretString: "{whsec_" };
    });
    expect(await secretVersions(client, "x")).toEqual([{ label: "AWSCURRENT", value: undefined }]);
  });
});
