/**
 * KMS, called by itself; what services do with a key in the caller's name is in implied.ts. Source: Service Authorization
 * Reference, "Actions, resources, and condition keys for AWS Key Management Service".
 */
import { type Input, itself, needs, type OperationTable, optionalText, type Scope, text } from "./operation.ts";

/**
 * IAM decides on the key, whatever it was called by. Here an alias is judged by its own ARN, which a policy on the key
 * doesn't cover: functions should be given the key's ARN.
 */
function key(input: Input, { account, region }: Scope) {
  const id = text(input, "KeyId");
  if (id.startsWith("arn:")) return itself(id);
  return itself(`arn:aws:kms:${region}:${account}:${id.startsWith("alias/") ? id : `key/${id}`}`);
}

/** Signing has conditions on what is signed, and how. */
function signature(input: Input, scope: Scope) {
  const context = {
    "kms:signingalgorithm": optionalText(input, "SigningAlgorithm") ?? "",
    "kms:messagetype": optionalText(input, "MessageType") ?? "RAW",
  };
  return { ...key(input, scope), context };
}

export const kms: OperationTable = {
  Sign: needs("kms:Sign", signature),
  Verify: needs("kms:Verify", signature),
  GetPublicKey: needs("kms:GetPublicKey", key),
  DescribeKey: needs("kms:DescribeKey", key),
};
