import { bucketNameProblem, newBucketNameProblem, readStateBucket } from "../../config/state-bucket.ts";

const read = (bucket?: string, region?: string) =>
  readStateBucket({ TERRAFORM_STATE_BUCKET: bucket, TERRAFORM_STATE_BUCKET_REGION: region });

describe("readStateBucket", () => {
  it("is none without the variables", () => {
    expect(read()).toBeUndefined();
    expect(read("", "")).toBeUndefined();
  });

  it("is a bucket, and its region where that is said", () => {
    expect(read("states")).toEqual({ bucket: "states" });
    expect(read("states", "eu-west-1")).toEqual({ bucket: "states", region: "eu-west-1" });
  });

  it("tells all that is wrong", () => {
    expect(() => read("My_States", "Europe")).toThrow(
      /^2 settings are wrong:\n {2}- TERRAFORM_STATE_BUCKET is "My_States": .+\n {2}- TERRAFORM_STATE_BUCKET_REGION is "Europe": /,
    );
  });

  it("refuses a region without a bucket: the state would land on this machine", () => {
    expect(() => read(undefined, "eu-west-1")).toThrow(/^TERRAFORM_STATE_BUCKET is not set, .+ set both, or neither/);
  });
});

describe("a bucket's name", () => {
  it.each(["abc", "a.b-c1", "iac-rlhf-tf-states", "x".repeat(63)])("%s is taken", (name) => {
    expect(bucketNameProblem(name)).toBeUndefined();
  });

  it.each([
    "ab",
    "x".repeat(64),
    "Abc",
    "a_b",
    "-abc",
    "abc-",
    "a..b",
    "192.168.0.1",
    "xn--abc",
    "sthree-abc",
    "abc-s3alias",
    "abc--x-s3",
    "abc--ol-s3",
  ])("%s is refused", (name) => {
    expect(bucketNameProblem(name)).toEqual(expect.any(String));
  });
});

describe("a new bucket's name", () => {
  it("has no dots, which an old one may have", () => {
    expect(newBucketNameProblem("a.b-c1")).toMatch(/certificate/);
    expect(newBucketNameProblem("a-b-c1")).toBeUndefined();
    expect(newBucketNameProblem("Abc")).toBe(bucketNameProblem("Abc"));
  });
});
