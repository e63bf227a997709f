import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import { allow, delegateToIam, policyDocument, type Statement } from "./policy.ts";

export interface EncryptionKeyProps {
  /** With the prefix `alias/`. */
  readonly alias: string;
  readonly description: string;
  /** The account's root, to which the key policy delegates: IAM then decides who in the account uses the key. */
  readonly accountRootArn: string;
  /** What AWS services that act by themselves (EventBridge, CloudWatch) may do with it. */
  readonly serviceStatements: readonly Statement[];
  /** Deleted after 7 days' notice instead of 30, and without Terraform's guard against it. */
  readonly destroyable: boolean;
}

/** Services that use a key for whoever calls them, as the first part of their endpoints says. */
type EncryptingService = "dynamodb" | "s3" | "secretsmanager" | "sns" | "sqs";

/** A customer-managed KMS key that rotates every year, and its alias. */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { alias, description, accountRootArn, serviceStatements, destroyable } = props;
    const key = new KmsKey(this, "key", {
      description,
      enableKeyRotation: true,
      deletionWindowInDays: destroyable ? 7 : 30,
      policy: policyDocument([delegateToIam(accountRootArn), ...serviceStatements]),
      lifecycle: { preventDestroy: !destroyable },
    });
    new KmsAlias(this, "alias", { name: alias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }

  /**
   * Allows the named operations with the key to the one service that makes them with the caller's permissions, and none
   * to the caller itself. The region is left open, since the key's ARN says it already.
   * Source: KMS Developer Guide, "kms:ViaService".
   */
  allow(service: EncryptingService, ...operations: readonly ("Decrypt" | "GenerateDataKey")[]): Statement {
    return allow(
      operations.map((operation) => `kms:${operation}`),
      [this.arn],
      { StringLike: { "kms:ViaService": `${service}.*.amazonaws.com` } },
    );
  }
}
