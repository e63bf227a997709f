/**
 * Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations". CopyObject and DeleteObjects aren't
 * served: one needs permissions on two buckets with a key each, the other names its objects in an XML body.
 */
import { everything, type Input, needs, type Operation, type OperationTable, optionalText, text } from "./operation.ts";

const bucketArn = (input: Input) => `arn:aws:s3:::${text(input, "Bucket")}`;

function bucket(input: Input) {
  const owner = bucketArn(input);
  const prefix = optionalText(input, "Prefix");
  return { resource: owner, owner, ...(prefix === undefined ? {} : { context: { "s3:prefix": prefix } }) };
}

function objectOf(input: Input) {
  const owner = bucketArn(input);
  return { resource: `${owner}/${text(input, "Key")}`, owner };
}

/** The action for the current object, and that for a version of it. */
function versioned(current: string, version: string): Operation {
  return {
    actions: [current, version],
    requires: (input) => [{ action: input.VersionId === undefined ? current : version, ...objectOf(input) }],
  };
}

/** What a condition can ask of a put. Source: S3 User Guide, "Enforce conditional writes on Amazon S3 buckets". */
function createdOrOverwritten(input: Input) {
  const noneMatch = optionalText(input, "IfNoneMatch");
  const match = optionalText(input, "IfMatch");
  return {
    ...objectOf(input),
    context: {
      ...(noneMatch === undefined ? {} : { "s3:if-none-match": noneMatch }),
      ...(match === undefined ? {} : { "s3:if-match": match }),
    },
  };
}

/** Tags and locks in a put are permissions of their own. */
const putObject: Operation = {
  actions: ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectRetention", "s3:PutObjectLegalHold"],
  requires: (input) => {
    const target = createdOrOverwritten(input);
    const extras = [
      ["Tagging", "s3:PutObjectTagging"],
      ["ObjectLockMode", "s3:PutObjectRetention"],
      ["ObjectLockLegalHoldStatus", "s3:PutObjectLegalHold"],
    ].flatMap(([member = "", action = ""]) => (input[member] === undefined ? [] : [{ action, ...target }]));
    return [{ action: "s3:PutObject", ...target }, ...extras];
  },
};

export const s3: OperationTable = {
  GetObject: versioned("s3:GetObject", "s3:GetObjectVersion"),
  HeadObject: versioned("s3:GetObject", "s3:GetObjectVersion"),
  GetObjectTagging: versioned("s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
  PutObject: putObject,
  PutObjectTagging: versioned("s3:PutObjectTagging", "s3:PutObjectVersionTagging"),
  PutObjectRetention: needs("s3:PutObjectRetention", objectOf),
  PutObjectLegalHold: needs("s3:PutObjectLegalHold", objectOf),
  GetObjectRetention: needs("s3:GetObjectRetention", objectOf),
  GetObjectLegalHold: needs("s3:GetObjectLegalHold", objectOf),
  DeleteObject: versioned("s3:DeleteObject", "s3:DeleteObjectVersion"),
  DeleteObjectTagging: versioned("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
  CreateMultipartUpload: putObject,
  UploadPart: needs("s3:PutObject", objectOf),
  CompleteMultipartUpload: needs("s3:PutObject", createdOrOverwritten),
  AbortMultipartUpload: needs("s3:AbortMultipartUpload", objectOf),
  ListParts: needs("s3:ListMultipartUploadParts", objectOf),
  ListMultipartUploads: needs("s3:ListBucketMultipartUploads", bucket),
  ListObjects: needs("s3:ListBucket", bucket),
  ListObjectsV2: needs("s3:ListBucket", bucket),
  ListObjectVersions: needs("s3:ListBucketVersions", bucket),
  HeadBucket: needs("s3:ListBucket", bucket),
  GetBucketLocation: needs("s3:GetBucketLocation", bucket),
  GetBucketVersioning: needs("s3:GetBucketVersioning", bucket),
  ListBuckets: needs("s3:ListAllMyBuckets", everything),
};
