import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import { allow, delegateToIam, policyDocument, type Statement } from "./policy.ts";

export interface SigningKeyProps {
  /** With the prefix `alias/`. */
  readonly alias: string;
  readonly description: string;
  /** The account's root, to which the key policy delegates: IAM then decides who in the account reads the public half. */
  readonly accountRootArn: string;
  /** The only role that may sign. Whoever wants another signature has to change the key's policy first, on record. */
  readonly signerArn: string;
  /** Deleted after 7 days' notice instead of 30, and without Terraform's guard against it. */
  readonly destroyable: boolean;
}

/** A KMS key pair on the curve P-256 that signs and doesn't encrypt. KMS can't rotate key pairs. */
export class SigningKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: SigningKeyProps) {
    super(scope, id);
    const { alias, description, accountRootArn, signerArn, destroyable } = props;
    const key = new KmsKey(this, "key", {
      description,
      keyUsage: "SIGN_VERIFY",
      customerMasterKeySpec: "ECC_NIST_P256",
      deletionWindowInDays: destroyable ? 7 : 30,
      policy: policyDocument([
        delegateToIam(accountRootArn),
        {
          Sid: "OneSigner",
          Effect: "Deny",
          Principal: "*",
          Action: ["kms:Sign"],
          Resource: ["*"],
          Condition: { ArnNotEquals: { "aws:PrincipalArn": signerArn } },
        },
      ]),
      lifecycle: { preventDestroy: !destroyable },
    });
    new KmsAlias(this, "alias", { name: alias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }

  /** Allows to sign SHA-256 digests, and to read the public half that proves the signatures. */
  allowSign(): readonly Statement[] {
    const only = { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" };
    return [allow(["kms:Sign"], [this.arn], { StringEquals: only }), allow(["kms:GetPublicKey"], [this.arn])];
  }
}
