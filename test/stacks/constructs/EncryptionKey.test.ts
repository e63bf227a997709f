import { EncryptionKey, type EncryptionKeyProps } from "../../../stacks/constructs/EncryptionKey.ts";
import { allow } from "../../../stacks/constructs/policy.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { statementsOf } from "./fixtures.ts";

function key(props: Partial<EncryptionKeyProps> = {}, use: (key: EncryptionKey) => void = () => {}) {
  return synthesize((scope) => {
    use(
      new EncryptionKey(scope, "key", {
        alias: "alias/a-key",
        description: "For tests.",
        accountRootArn: "arn:aws:iam::111122223333:root",
        serviceStatements: [{ ...allow(["kms:Decrypt"], ["*"]), Principal: { Service: "events.amazonaws.com" } }],
        destroyable: true,
        ...props,
      }),
    );
  });
}

describe("EncryptionKey", () => {
  it("has its description", () => expect(onlyResource(key(), "aws_kms_key").description).toBe("For tests."));
  it("rotates", () => expect(onlyResource(key(), "aws_kms_key").enable_key_rotation).toBe(true));

  it("has its alias", () => {
    expect(onlyResource(key(), "aws_kms_alias")).toMatchObject({
      name: "alias/a-key",
      target_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*\.key_id\}$/),
    });
  });

  it.each([
    [true, 7],
    [false, 30],
  ])("when destroyable is %s, is deleted after %i days", (destroyable, days) => {
    expect(onlyResource(key({ destroyable }), "aws_kms_key")).toMatchObject({
      deletion_window_in_days: days,
      lifecycle: { prevent_destroy: !destroyable },
    });
  });

  it("delegates to the account's IAM, and lets the services in", () => {
    const [delegation, service] = statementsOf(onlyResource(key(), "aws_kms_key").policy);
    expect(delegation).toMatchObject({ Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: ["kms:*"] });
    expect(service).toMatchObject({ Principal: { Service: "events.amazonaws.com" }, Action: ["kms:Decrypt"] });
  });

  it("allows the operations that are named, through the service alone", () => {
    key({}, (each) =>
      expect(each.allow("sqs", "Decrypt", "GenerateDataKey")).toEqual({
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [each.arn],
        Condition: { StringLike: { "kms:ViaService": "sqs.*.amazonaws.com" } },
      }),
    );
  });
});
