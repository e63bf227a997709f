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

describe("UpdateSecretVersionStage", () => {
  const put = async (send: ReturnType<typeof secrets>["send"], SecretString: string, ...VersionStages: string[]) => {
    const { VersionId } = await send("PutSecretValue", { SecretId: arn, SecretString, VersionStages });
    return String(VersionId);
  };
  const currentOf = async (send: ReturnType<typeof secrets>["send"]) => {
    const { VersionId, SecretString } = await send("GetSecretValue", { SecretId: arn });
    return { id: String(VersionId), value: SecretString };
  };

  it("makes a version current that was put beside it, if the current one is the one that was seen", async () => {
    const { send, failure, persisted } = secrets();
    const seen = await currentOf(send);
    const [one, two] = [await put(send, "one", "mine"), await put(send, "two", "yours")];
    expect(await currentOf(send)).toEqual(seen);
    expect(persisted).toEqual([]);
    const move = { SecretId: arn, VersionStage: "AWSCURRENT", RemoveFromVersionId: seen.id };
    await send("UpdateSecretVersionStage", { ...move, MoveToVersionId: one });
    expect(await failure("UpdateSecretVersionStage", { ...move, MoveToVersionId: two })).toBe(
      `InvalidParameterException: Staging label AWSCURRENT is attached to version ${one}, which RemoveFromVersionId has to name.`,
    );
    expect(
      await failure("UpdateSecretVersionStage", { ...move, RemoveFromVersionId: undefined, MoveToVersionId: two }),
    ).toContain("InvalidParameterException");
    expect(await currentOf(send)).toEqual({ id: one, value: "one" });
    expect(persisted).toEqual([["webhook-secrets/stripe-test", "one"]]);
    expect((await send("DescribeSecret", { SecretId: arn })).VersionIdsToStages).toEqual({
      [seen.id]: ["AWSPREVIOUS"],
      [one]: ["AWSCURRENT", "mine"],
      [two]: ["yours"],
    });
  });

  it("takes a label away, but never AWSCURRENT, and none that isn't there", async () => {
    const { send, failure } = secrets();
    const { id } = await currentOf(send);
    const one = await put(send, "one", "mine");
    const take = (VersionStage: string, RemoveFromVersionId: string) => ({
      SecretId: arn,
      VersionStage,
      RemoveFromVersionId,
    });
    expect(await failure("UpdateSecretVersionStage", take("mine", id))).toContain("InvalidParameterException");
    await send("UpdateSecretVersionStage", take("mine", one));
    expect(await failure("UpdateSecretVersionStage", take("mine", one))).toContain("InvalidParameterException");
    expect(await failure("UpdateSecretVersionStage", take("AWSCURRENT", id))).toContain("can only be moved");
    expect(await failure("UpdateSecretVersionStage", take("mine", "0".repeat(36)))).toContain("ResourceNotFound");
    const listed = await send("ListSecretVersionIds", { SecretId: arn });
    expect(listed.Versions).toMatchObject([{ VersionId: id, VersionStages: ["AWSCURRENT"] }]);
  });

  it("isn't needed for a secret's first version, which is current whatever its labels are", async () => {
    const { send } = secrets();
    const SecretId = "webhook-secrets/empty-test";
    const first = await send("PutSecretValue", { SecretId, SecretString: "one", VersionStages: ["mine"] });
    expect(first.VersionStages).toEqual(["mine", "AWSCURRENT"]);
    const second = await send("PutSecretValue", { SecretId, SecretString: "two", VersionStages: ["yours"] });
    expect(second.VersionStages).toEqual(["yours"]);
    expect(await send("GetSecretValue", { SecretId })).toMatchObject({ SecretString: "one" });
  });

  it("has no more than twenty labels to put on a secret's versions", async () => {
    const { send, failure } = secrets();
    for (let count = 1; count < 20; count++) await put(send, `value ${count}`, `label ${count}`);
    const another = { SecretId: arn, SecretString: "too much", VersionStages: ["another"] };
    expect(await failure("PutSecretValue", another)).toContain("LimitExceededException");
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
