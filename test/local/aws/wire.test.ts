import { type AwsRequest, credentialScope, splitTarget } from "../../../local/aws/wire.ts";

function request(overrides: Partial<AwsRequest>): AwsRequest {
  return { method: "POST", url: "/", headers: {}, body: Buffer.alloc(0), ...overrides };
}

const signature = (credential: string) => `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;

describe("credentialScope", () => {
  it("reads who calls which service from a signed request", () => {
    const headers = { authorization: signature("ASIA1/20261120/eu-west-1/sqs/aws4_request") };
    expect(credentialScope(request({ headers }))).toEqual({
      accessKeyId: "ASIA1",
      region: "eu-west-1",
      service: "sqs",
    });
  });

  it("reads it from the query of a presigned URL", () => {
    const credential = encodeURIComponent("AKIA2/20261120/us-east-1/s3/aws4_request");
    expect(credentialScope(request({ url: `/bucket/key?X-Amz-Credential=${credential}&X-Amz-Date=1` }))).toEqual({
      accessKeyId: "AKIA2",
      region: "us-east-1",
      service: "s3",
    });
  });

  it.each([
    ["without a signature", {}],
    ["of another scheme", { headers: { authorization: "Bearer abc" } }],
    ["with a scope that is cut off", { headers: { authorization: signature("ASIA1/20261120/eu-west-1/sqs") } }],
    ["with an empty presigned credential", { url: "/bucket?X-Amz-Credential=" }],
    ["whose target is slashes", { url: "//" }],
  ])("finds none in a request %s", (_name, overrides) => {
    expect(credentialScope(request(overrides))).toBeUndefined();
  });
});

describe("splitTarget", () => {
  it.each([
    ["/a/b?c=1&d=%20", "/a/b", { c: "1", d: " " }],
    ["/a/../b//c", "/a/../b//c", {}],
    ["//", "//", {}],
    ["/%zz?x", "/%zz", { x: "" }],
    ["http://host:1/a?b=2", "/a", { b: "2" }],
    ["http://host", "/", {}],
    ["?q=1?2", "/", { q: "1?2" }],
  ])("takes %s as it came", (url, path, query) => {
    const split = splitTarget(url);
    expect({ path: split.path, query: Object.fromEntries(split.query) }).toEqual({ path, query });
  });
});
