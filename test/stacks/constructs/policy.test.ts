import { allow, denyInsecureTransport, onBehalfOf, policyDocument } from "../../../stacks/constructs/policy.ts";

describe("allow", () => {
  it("has actions and resources", () => {
    expect(allow(["s3:GetObject"], ["arn"])).toEqual({ Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn"] });
  });

  it("has a condition when there is one", () => {
    const condition = { StringEquals: { "aws:SourceAccount": "111122223333" } };
    expect(allow(["s3:GetObject"], ["arn"], condition)).toHaveProperty("Condition", condition);
  });
});

describe("onBehalfOf", () => {
  it("names the resource and its account", () => {
    expect(onBehalfOf({ sourceArn: "arn", account: "111122223333" })).toEqual({
      ArnLike: { "aws:SourceArn": "arn" },
      StringEquals: { "aws:SourceAccount": "111122223333" },
    });
  });
});

describe("denyInsecureTransport", () => {
  it("refuses the actions to everybody who comes without TLS", () => {
    expect(denyInsecureTransport(["sqs:*"], ["arn"])).toEqual({
      Sid: "DenyInsecureTransport",
      Effect: "Deny",
      Principal: "*",
      Action: ["sqs:*"],
      Resource: ["arn"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });
});

describe("policyDocument", () => {
  it("has IAM's version and each statement once, in order", () => {
    const one = allow(["s3:GetObject"], ["a"]);
    const other = allow(["s3:GetObject"], ["b"]);
    expect(JSON.parse(policyDocument([one, other, { ...one }]))).toEqual({
      Version: "2012-10-17",
      Statement: [one, other],
    });
  });
});
