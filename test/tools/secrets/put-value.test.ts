import {
  InvalidParameterException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { AwsError, type Principal } from "../../../local/aws/types.ts";
import { createSecretsService } from "../../../local/services/secretsmanager/service.ts";
import { readSecret, replaceValue } from "../../../tools/secrets/put-value.ts";

const operator: Principal = { kind: "operator" };
const name = "webhook-secrets/stripe-test";
const arn = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-abcdef`;

interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** A client of the local Secrets Manager. `around` may do something else before, after or instead of a call. */
function world(value?: string, around = async (_call: Call, go: () => Promise<unknown>) => go()) {
  let ids = 0;
  const { operations } = createSecretsService({
    secrets: [{ arn, name }],
    values: new Map(value === undefined ? [] : [[name, value]]),
    now: () => 0,
    newId: () => `${++ids}`.padStart(36, "0"),
  });
  const run = async ({ operation, input }: Call) => {
    const answer = operations[operation]?.(operator, JSON.parse(JSON.stringify(input)));
    return answer?.catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
      const told = { message: error.message, $metadata: {} };
      if (error.code === "InvalidParameterException") throw new InvalidParameterException(told);
      throw new ResourceNotFoundException(told);
    });
  };
  const client = new SecretsManagerClient({ region: "us-east-1" });
  client.send = (async (command: {
    readonly input: Record<string, unknown>;
    readonly constructor: { readonly name: string };
  }) => {
    const call = { operation: command.constructor.name.replace(/Command$/, ""), input: command.input };
    return around(call, () => run(call));
  }) as unknown as typeof client.send;
  const described = async () =>
    (await run({ operation: "DescribeSecret", input: { SecretId: name } })) as {
      VersionIdsToStages: Record<string, string[]>;
    };
  const put = (text: string) => run({ operation: "PutSecretValue", input: { SecretId: name, SecretString: text } });
  return { client, described, put };
}

describe("a secret's value that is replaced", () => {
  it("is the current one, and the one before is kept, and no other label stays", async () => {
    const { client, described } = world("one");
    const reading = await readSecret(client, name);
    const outcome = await replaceValue(client, reading, "two");
    if (outcome.kind !== "put") throw new Error(outcome.kind);
    expect(outcome).not.toHaveProperty("leftLabel");
    expect(await readSecret(client, name)).toEqual({ name, text: "two", versionId: outcome.versionId });
    expect((await described()).VersionIdsToStages).toEqual({
      [outcome.versionId]: ["AWSCURRENT"],
      [reading.versionId ?? ""]: ["AWSPREVIOUS"],
    });
  });

  it("may be the first one", async () => {
    const { client } = world();
    const reading = await readSecret(client, name);
    expect(reading).toEqual({ name });
    expect((await replaceValue(client, reading, "one")).kind).toBe("put");
    expect((await readSecret(client, name)).text).toBe("one");
  });

  it.each([
    ["one that was put since", "one"],
    ["a first one that was put since", undefined],
  ])("isn't written over by what was made before %s", async (_what, value) => {
    const { client, put, described } = world(value);
    const reading = await readSecret(client, name);
    await put("theirs");
    expect(await replaceValue(client, reading, "mine")).toEqual({ kind: "changed-meanwhile" });
    expect((await readSecret(client, name)).text).toBe("theirs");
    const labels = Object.values((await described()).VersionIdsToStages).flat();
    expect(labels.filter((label) => label.startsWith("secrets-command"))).toEqual([]);
  });

  it("isn't written over by what somebody puts between the version and its label", async () => {
    const { client, put } = world("one", async ({ operation }, go) => {
      const answer = await go();
      if (operation === "PutSecretValue") await put("theirs");
      return answer;
    });
    const reading = await readSecret(client, name);
    expect(await replaceValue(client, reading, "mine")).toEqual({ kind: "changed-meanwhile" });
    expect((await readSecret(client, name)).text).toBe("theirs");
  });

  it("has been put where the answer to the move was lost and its repetition is refused", async () => {
    const { client } = world("one", async ({ operation, input }, go) => {
      const answer = await go();
      return operation === "UpdateSecretVersionStage" && input.MoveToVersionId !== undefined ? go() : answer;
    });
    expect((await replaceValue(client, await readSecret(client, name), "two")).kind).toBe("put");
    expect((await readSecret(client, name)).text).toBe("two");
  });

  it("has been put though its label can't be taken off, which is said", async () => {
    const { client } = world("one", async ({ operation, input }, go) => {
      const isRemoval = operation === "UpdateSecretVersionStage" && input.MoveToVersionId === undefined;
      if (isRemoval) throw new Error("AWS is away");
      return go();
    });
    expect(await replaceValue(client, await readSecret(client, name), "two")).toMatchObject({
      kind: "put",
      leftLabel: expect.stringMatching(/^secrets-command-/),
    });
  });

  it("isn't said to be put where AWS gives no answer", async () => {
    const { client } = world("one", async ({ operation }, go) => {
      if (operation === "UpdateSecretVersionStage") throw new Error("AWS is away");
      return go();
    });
    await expect(replaceValue(client, await readSecret(client, name), "two")).rejects.toThrow("AWS is away");
    expect((await readSecret(client, name)).text).toBe("one");
  });
});
