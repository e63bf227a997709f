/**
 * Permissions on a customer-managed KMS key that calls on the resources it encrypts need besides their own: the service
 * uses the key in the caller's name. Keys that AWS manages (`alias/aws/…`) need none.
 *
 * What each service documents:
 * - SQS Developer Guide, "Key management" (sqs-key-management): producers kms:GenerateDataKey and kms:Decrypt, which
 *   checks the new data key; consumers kms:Decrypt.
 * - SNS Developer Guide, "Key management" (sns-key-management): publishers kms:GenerateDataKey and kms:Decrypt.
 * - S3 User Guide, "Using server-side encryption with AWS KMS keys" (UsingKMSEncryption): put kms:GenerateDataKey, get
 *   kms:Decrypt; and "Multipart upload API and permissions" (mpuoverview): both for every step of an upload.
 * - Secrets Manager User Guide, "Secret encryption and decryption" (security-encryption): GetSecretValue kms:Decrypt,
 *   PutSecretValue kms:GenerateDataKey.
 * - DynamoDB Developer Guide, "Encryption at rest usage notes" (encryption.usagenotes): whoever accesses a table has its
 *   key decrypted in their name, hence kms:Decrypt for reads and writes alike; creating data keys is covered by the
 *   grants made with the table.
 *
 * Services keep data keys for minutes, so that on AWS a missing permission may show late. Here it shows at once.
 */
import type { ServiceName } from "../aws/types.ts";
import type { Requirement } from "./operations/operation.ts";

const decrypt = ["kms:Decrypt"];
const generate = ["kms:GenerateDataKey"];
const both = ["kms:GenerateDataKey", "kms:Decrypt"];

const dynamodbDataOperations =
  "GetItem PutItem UpdateItem DeleteItem Query Scan BatchGetItem BatchWriteItem TransactGetItems TransactWriteItems";

type KeyActions = Readonly<Record<string, readonly string[]>>;

const keyActions: Readonly<Partial<Record<ServiceName, KeyActions>>> = {
  sqs: { SendMessage: both, SendMessageBatch: both, ReceiveMessage: decrypt },
  sns: { Publish: both, PublishBatch: both },
  s3: {
    PutObject: generate,
    GetObject: decrypt,
    CreateMultipartUpload: both,
    UploadPart: both,
    CompleteMultipartUpload: both,
  },
  secretsmanager: { GetSecretValue: decrypt, PutSecretValue: generate },
  dynamodb: Object.fromEntries(dynamodbDataOperations.split(" ").map((operation) => [operation, decrypt])),
};

/** Every key permission that a call may need. */
export const impliedActions: readonly string[] = both;

/** The encryption context that the service documents: it binds a use of the key to the resource. */
function encryptionContext(service: ServiceName, { resource, owner }: Requirement): Readonly<Record<string, string>> {
  if (service === "sqs") return { "aws:sqs:arn": owner };
  if (service === "sns") return { "aws:sns:topicarn": owner };
  if (service === "s3") return { "aws:s3:arn": resource };
  if (service === "secretsmanager") return { secretarn: owner };
  if (service === "dynamodb") return { "aws:dynamodb:tablename": owner.slice(owner.indexOf("/") + 1) };
  return {};
}

export interface ImpliedOptions {
  /** ARN of the customer-managed key that encrypts the requirement's owner. */
  readonly kmsKeyArn: string;
  /** What the call needs on the resource itself. */
  readonly requirement: Requirement;
  readonly account: string;
  readonly region: string;
}

/** The key permissions that a call needs, with the condition keys under which KMS sees it; none for most operations. */
export function impliedKmsActions(
  service: ServiceName,
  operation: string,
  { kmsKeyArn, requirement, account, region }: ImpliedOptions,
): readonly Requirement[] {
  const actions = keyActions[service]?.[operation] ?? [];
  if (actions.length === 0) return [];
  const context: Record<string, string> = {
    "kms:viaservice": `${service}.${region}.amazonaws.com`,
    "kms:calleraccount": account,
  };
  for (const [key, value] of Object.entries(encryptionContext(service, requirement))) {
    context[`kms:encryptioncontext:${key}`] = value;
  }
  return actions.map((action) => ({ action, resource: kmsKeyArn, owner: kmsKeyArn, context }));
}
