import { checkStatePlace, statePlace } from "../../../tools/deploy/state-place.ts";
import { dev } from "./fixtures.ts";

const local = statePlace("/project", {});
const bucket = statePlace("/project", { TERRAFORM_STATE_BUCKET: "acme-state" });

describe("statePlace", () => {
  it("is told as a person would look for it", () => {
    expect(local).toEqual({ bucket: undefined, text: "local files in /project" });
    expect(bucket).toEqual({ bucket: "acme-state", text: "s3://acme-state/payment-webhook-pipeline/" });
  });

  it("is refused where a variable is wrong", () => {
    expect(() => statePlace("/project", { TERRAFORM_STATE_BUCKET: "A" })).toThrow(
      expect.objectContaining({ code: "configuration" }),
    );
  });
});

describe("checkStatePlace", () => {
  const given = { settings: dev, isAws: true, localState: false };

  it("refuses local files for a lasting environment in AWS", () => {
    expect(() => checkStatePlace(local, given)).toThrow(
      expect.objectContaining({ code: "no-state-bucket", message: expect.stringContaining("--local-state") }),
    );
  });

  it("lets them through where somebody asks for them, where the environment is short-lived, and without AWS", () => {
    for (const other of [{ localState: true }, { settings: { ...dev, shortLived: true } }, { isAws: false }]) {
      expect(() => checkStatePlace(local, { ...given, ...other })).not.toThrow();
    }
  });

  it("takes a bucket, but not together with local files", () => {
    expect(() => checkStatePlace(bucket, given)).not.toThrow();
    expect(() => checkStatePlace(bucket, { ...given, localState: true })).toThrow(
      expect.objectContaining({ code: "configuration" }),
    );
  });
});
