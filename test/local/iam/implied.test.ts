import type { ServiceName } from "../../../local/aws/types.ts";
import { operationActions } from "../../../local/iam/actions.ts";
import { impliedKmsActions } from "../../../local/iam/implied.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/1";
const decrypt = ["kms:Decrypt"];
const generate = ["kms:GenerateDataKey"];
const both = ["kms:GenerateDataKey", "kms:Decrypt"];

function implied(service: ServiceName, operation: string, resource = "arn:x", owner = resource) {
  const requirement = { action: "x:y", resource, owner };
  return impliedKmsActions(service, operation, {
    kmsKeyArn,
    requirement,
    account: "000000000000",
    region: "us-east-1",
  });
}

const expected: Readonly<Record<string, readonly string[]>> = {
  "sqs SendMessage": both,
  "sqs SendMessageBatch": both,
  "sqs ReceiveMessage": decrypt,
  "sns Publish": both,
  "sns PublishBatch": both,
  "s3 PutObject": generate,
  "s3 GetObject": decrypt,
  "s3 CreateMultipartUpload": both,
  "s3 UploadPart": both,
  "s3 CompleteMultipartUpload": both,
  "secretsmanager GetSecretValue": decrypt,
  "secretsmanager PutSecretValue": generate,
  "dynamodb GetItem": decrypt,
  "dynamodb PutItem": decrypt,
  "dynamodb UpdateItem": decrypt,
  "dynamodb DeleteItem": decrypt,
  "dynamodb Query": decrypt,
  "dynamodb Scan": decrypt,
  "dynamodb BatchGetItem": decrypt,
  "dynamodb BatchWriteItem": decrypt,
  "dynamodb TransactGetItems": decrypt,
  "dynamodb TransactWriteItems": decrypt,
};

describe("impliedKmsActions", () => {
  it.each(operationActions().map(({ service, operation }) => [service, operation] as const))(
    "%s %s",
    (service, operation) => {
      const needed = implied(service, operation);
      expect(needed.map(({ action }) => action)).toEqual(expected[`${service} ${operation}`] ?? []);
      expect(needed.every(({ resource, owner }) => resource === kmsKeyArn && owner === kmsKeyArn)).toBe(true);
    },
  );

  it.each<[ServiceName, string, string, string, string, string]>([
    ["sqs", "SendMessage", "arn:aws:sqs:r:a:q", "arn:aws:sqs:r:a:q", "aws:sqs:arn", "arn:aws:sqs:r:a:q"],
    ["sns", "Publish", "arn:aws:sns:r:a:t", "arn:aws:sns:r:a:t", "aws:sns:topicarn", "arn:aws:sns:r:a:t"],
    ["s3", "GetObject", "arn:aws:s3:::b/k", "arn:aws:s3:::b", "aws:s3:arn", "arn:aws:s3:::b/k"],
    ["secretsmanager", "GetSecretValue", "arn:s", "arn:s", "secretarn", "arn:s"],
    [
      "dynamodb",
      "Query",
      "arn:aws:dynamodb:r:a:table/T/index/I",
      "arn:aws:dynamodb:r:a:table/T",
      "aws:dynamodb:tablename",
      "T",
    ],
  ])(
    "%s %s passes its encryption context and itself as the service",
    (service, operation, resource, owner, key, value) => {
      expect(implied(service, operation, resource, owner)[0]?.context).toEqual({
        "kms:viaservice": `${service}.us-east-1.amazonaws.com`,
        "kms:calleraccount": "000000000000",
        [`kms:encryptioncontext:${key}`]: value,
      });
    },
  );
});
