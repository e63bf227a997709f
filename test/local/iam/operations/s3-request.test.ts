import { s3RequestOf } from "../../../../local/iam/operations/s3-request.ts";

function read(method: string, url: string, headers: Record<string, string> = {}) {
  const { pathname, searchParams } = new URL(url, "http://localhost:4566");
  return s3RequestOf({ method, path: pathname, query: searchParams, headers });
}

const object = { Bucket: "b", Key: "a/k" };

describe("s3RequestOf", () => {
  it.each([
    ["GET", "/", "ListBuckets", {}],
    ["GET", "/b", "ListObjects", { Bucket: "b" }],
    ["GET", "/b/?prefix=p%2F&delimiter=%2F", "ListObjects", { Bucket: "b", Prefix: "p/" }],
    ["GET", "/b?list-type=2&prefix=p", "ListObjectsV2", { Bucket: "b", Prefix: "p" }],
    ["GET", "/b?location", "GetBucketLocation", { Bucket: "b" }],
    ["GET", "/b?uploads", "ListMultipartUploads", { Bucket: "b" }],
    ["GET", "/b?versions", "ListObjectVersions", { Bucket: "b" }],
    ["GET", "/b?versioning", "GetBucketVersioning", { Bucket: "b" }],
    ["HEAD", "/b", "HeadBucket", { Bucket: "b" }],
    ["GET", "/b/a/k?x-id=GetObject", "GetObject", object],
    ["GET", "/b/a/k?versionId=1&response-content-type=x", "GetObject", { ...object, VersionId: "1" }],
    ["GET", "/b/sp%20ace", "GetObject", { Bucket: "b", Key: "sp ace" }],
    ["GET", "/b/a/k?tagging", "GetObjectTagging", object],
    ["GET", "/b/a/k?retention", "GetObjectRetention", object],
    ["GET", "/b/a/k?legal-hold", "GetObjectLegalHold", object],
    ["GET", "/b/a/k?uploadId=u", "ListParts", object],
    ["HEAD", "/b/a/k", "HeadObject", object],
    ["PUT", "/b/a/k", "PutObject", object],
    ["PUT", "/b/a/k?tagging", "PutObjectTagging", object],
    ["PUT", "/b/a/k?retention", "PutObjectRetention", object],
    ["PUT", "/b/a/k?legal-hold", "PutObjectLegalHold", object],
    ["PUT", "/b/a/k?partNumber=1&uploadId=u", "UploadPart", object],
    ["POST", "/b/a/k?uploads", "CreateMultipartUpload", object],
    ["POST", "/b/a/k?uploadId=u", "CompleteMultipartUpload", object],
    ["DELETE", "/b/a/k", "DeleteObject", object],
    ["DELETE", "/b/a/k?tagging", "DeleteObjectTagging", object],
    ["DELETE", "/b/a/k?uploadId=u", "AbortMultipartUpload", object],
  ])("%s %s is %s", (method, url, operation, input) => {
    expect(read(method, url)).toEqual({ operation, input });
  });

  it("takes what permissions depend on from the headers", () => {
    const headers = {
      "if-match": '"etag"',
      "if-none-match": "*",
      "x-amz-tagging": "a=b",
      "x-amz-object-lock-mode": "GOVERNANCE",
      "x-amz-object-lock-legal-hold": "ON",
    };
    expect(read("PUT", "/b/a/k", headers).input).toEqual({
      ...object,
      IfMatch: '"etag"',
      IfNoneMatch: "*",
      Tagging: "a=b",
      ObjectLockMode: "GOVERNANCE",
      ObjectLockLegalHoldStatus: "ON",
    });
  });

  it.each([
    ["GET", "/b?acl", "GET bucket acl"],
    ["GET", "/b/a/k?acl", "GET object acl"],
    ["GET", "/b/a/k?tagging&acl", "GET object acl tagging"],
    ["PUT", "/b", "PUT bucket"],
    ["POST", "/b?delete", "POST bucket delete"],
  ])("never takes %s %s for an operation that it knows", (method, url, operation) => {
    expect(read(method, url).operation).toBe(operation);
  });

  it("refuses a path that can't be decoded", () => {
    expect(() => read("GET", "/b/%ff")).toThrow(expect.objectContaining({ code: "InvalidURI", status: 400 }));
  });

  it("knows a copy by its header", () => {
    expect(read("PUT", "/b/a/k", { "x-amz-copy-source": "/c/k" }).operation).toBe("CopyObject");
  });
});
