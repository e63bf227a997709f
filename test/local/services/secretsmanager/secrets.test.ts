import { AwsError, type Principal } from "../../../../local/aws/types.ts";
import { createSecretsService } from "../../../../local/services/secretsmanager/service.ts";

const operator: Principal = { kind: "operator" };
const arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook-secrets/stripe-test";
const value = '{"secrets":["whsec_live"]}';

function secrets(values: readonly (readonly [string, string])[] = [[arn, value]]) {
  const persisted: string[][] = [];
  let ids = 0;
  const service = createSecretsService({
    secrets: [
      { arn, name: "webhook-secrets/stripe-test", description: "Stripe" },
      { arn: `${arn}2`, name: "webhook-secrets/empty-test" },
    ],
    values: new Map(values),
    now: () => 1000,
    newId: () => `00000000-0000-0000-0000-00000000000${++ids}`,
    persist: (...one) => persisted.push(one),
  });
  const send = async (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const answer = await service.operations[operation]?.(operator, input);
    if (answer === undefined) throw new Error(`no operation ${operation}`);
    return answer;
  };
  const failure = async (operation: string, input: Record<string, unknown>) => {
    const error = await send(operation, input).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw new Error(`not refused with an AwsError: ${String(error)}`);
  };
  return { send, failure, persisted };
}

describe("GetSecretValue", () => {
  it.each([arn, "webhook-secrets/stripe-test"])("answers for %s", async (SecretId) => {
    const { send } = secrets([["webhook-secrets/stripe-test", value]]);
    expect(await send("GetSecretValue", { SecretId })).toMatchObject({
      ARN: arn,
      Name: "webhook-secrets/stripe-test",
      SecretString: value,
      VersionStages: ["AWSCURRENT"],
      CreatedDate: new Date(1000),
    });
  });

  it("says in AWS's words that a secret has no value, or isn't there", async () => {
    const { failure } = secrets();
    expect(await failure("GetSecretValue", { SecretId: "webhook-secrets/empty-test" })).toBe(
      "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
    expect(await failure("GetSecretValue", { SecretId: "other" })).toBe(
      "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    );
  });
});

describe("PutSecretValue", () => {
  it("rule 3: rotates: the new value is current, the one before stays as AWSPREVIOUS", async () => {
    const { send, failure, persisted } = secrets();
    const { VersionId } = await send("PutSecretValue", { SecretId: arn, SecretString: "new" });
    expect(await send("GetSecretValue", { SecretId: arn })).toMatchObject({ SecretString: "new", VersionId });
    expect(await send("GetSecretValue", { SecretId: arn, VersionStage: "AWSPREVIOUS" })).toMatchObject({
      SecretString: value,
      VersionStages: ["AWSPREVIOUS"],
    });
    expect(persisted).toEqual([["webhook-secrets/stripe-test", "new"]]);
    await send("PutSecretValue", { SecretId: arn, SecretString: "new", ClientRequestToken: VersionId });
    expect(persisted).toHaveLength(1);
    const clash = await failure("PutSecretValue", {
      SecretId: arn,
      SecretString: "third",
      ClientRequestToken: VersionId,
    });
    expect(clash).toContain("ResourceExistsException");
    expect(clash).not.toContain("third");
  });
});

describe("ListSecretVersionIds", () => {
  it("has those without a label where they are asked for, and each can be read by its id", async () => {
    const { send } = secrets();
    for (const SecretString of ["second", "third"]) await send("PutSecretValue", { SecretId: arn, SecretString });
    const labelled = await send("ListSecretVersionIds", { SecretId: arn });
    expect(labelled.Versions).toMatchObject([{ VersionStages: ["AWSCURRENT"] }, { VersionStages: ["AWSPREVIOUS"] }]);
    const all = await send("ListSecretVersionIds", { SecretId: arn, IncludeDeprecated: true });
    const [first] = (all.Versions as readonly { readonly VersionId: string }[]).toReversed();
    expect(all.Versions).toHaveLength(3);
    expect(first).not.toHaveProperty("VersionStages");
    const read = await send("GetSecretValue", { SecretId: arn, VersionId: first?.VersionId });
    expect(read).toMatchObject({ SecretString: value, VersionStages: [] });
  });
});

describe("describing secrets", () => {
  it("never shows a value", async () => {
    const { send } = secrets();
    const described = await send("DescribeSecret", { SecretId: arn });
    expect(described).toMatchObject({ ARN: arn, Description: "Stripe", CreatedDate: new Date(1000) });
    const first = await send("ListSecrets", { MaxResults: 1 });
    const second = await send("ListSecrets", { MaxResults: 1, NextToken: first.NextToken });
    expect(second.SecretList).toMatchObject([{ Name: "webhook-secrets/empty-test" }]);
    expect(second.NextToken).toBeUndefined();
    expect(JSON.stringify([described, first, second])).not.toContain("whsec");
  });
});
