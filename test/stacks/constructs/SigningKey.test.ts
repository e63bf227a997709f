import { SigningKey, type SigningKeyProps } from "../../../stacks/constructs/SigningKey.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { statementsOf } from "./fixtures.ts";

const signerArn = "arn:aws:iam::111122223333:role/signer";

function key(props: Partial<SigningKeyProps> = {}, use: (key: SigningKey) => void = () => {}) {
  return synthesize((scope) => {
    use(
      new SigningKey(scope, "key", {
        alias: "alias/a-key",
        description: "Signs.",
        accountRootArn: "arn:aws:iam::111122223333:root",
        signerArn,
        destroyable: true,
        ...props,
      }),
    );
  });
}

const keyOf = (props: Partial<SigningKeyProps> = {}) => onlyResource(key(props), "aws_kms_key");

describe("SigningKey", () => {
  it("has its description", () => expect(keyOf().description).toBe("Signs."));

  it("has its alias", () => {
    expect(onlyResource(key(), "aws_kms_alias")).toMatchObject({
      name: "alias/a-key",
      target_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*\.key_id\}$/),
    });
  });

  it("is a pair on P-256 that signs; KMS refuses to rotate those", () => {
    expect(keyOf()).toMatchObject({ key_usage: "SIGN_VERIFY", customer_master_key_spec: "ECC_NIST_P256" });
    expect(keyOf()).not.toHaveProperty("enable_key_rotation");
  });

  it("lets IAM decide, and refuses all but the signer to sign", () => {
    expect(statementsOf(keyOf().policy)).toEqual([
      expect.objectContaining({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" } }),
      {
        Sid: "OneSigner",
        Effect: "Deny",
        Principal: "*",
        Action: ["kms:Sign"],
        Resource: ["*"],
        Condition: { ArnNotEquals: { "aws:PrincipalArn": signerArn } },
      },
    ]);
  });

  it.each([
    [true, 7],
    [false, 30],
  ])("destroyable %s: is deleted after %s days' notice", (destroyable, days) => {
    expect(keyOf({ destroyable })).toMatchObject({
      deletion_window_in_days: days,
      lifecycle: { prevent_destroy: !destroyable },
    });
  });

  it("allows to sign digests and to read the public half", () => {
    key({}, (each) =>
      expect(each.allowSign()).toEqual([
        {
          Effect: "Allow",
          Action: ["kms:Sign"],
          Resource: [each.arn],
          Condition: { StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" } },
        },
        { Effect: "Allow", Action: ["kms:GetPublicKey"], Resource: [each.arn] },
      ]),
    );
  });
});
