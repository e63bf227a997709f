import { describeTarget, resolveTarget, type TargetOptions } from "../../../tools/aws/target.ts";

function targetOf(options: TargetOptions, variables: Readonly<Record<string, string>> = {}) {
  const result = resolveTarget(options, variables);
  if (result.kind === "usage") throw new Error(result.message);
  return result.target;
}

const messageOf = (options: TargetOptions, variables: Readonly<Record<string, string>> = {}) => {
  const result = resolveTarget(options, variables);
  return result.kind === "usage" ? result.message : undefined;
};

describe("the target of a command", () => {
  it("is dev in the local runtime with --local", () => {
    const target = targetOf({ local: true });
    expect(target).toMatchObject({ isLocal: true, endpoint: "http://127.0.0.1:4566", region: "us-east-1" });
    expect(target.names.tables.processedWebhooks).toBe("processed-webhooks-dev");
    expect(describeTarget(target, undefined)).toBe("dev in the local runtime at http://127.0.0.1:4566");
  });

  it.each(["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9", "https://127.5.0.1"])(
    "is local at %s",
    (endpoint) => {
      expect(targetOf({ endpoint })).toMatchObject({ isLocal: true, endpoint });
    },
  );

  it.each(["http://0.0.0.0:9", "http://10.0.0.1", "https://localhost.example.com", "https://127.0.0.1.example.com"])(
    "isn't local at %s",
    (endpoint) => {
      expect(targetOf({ endpoint, env: "dev" })).toMatchObject({ isLocal: false, endpoint });
      expect(messageOf({ endpoint })).toMatch(/^Say which system: --local .* or --env \(dev, staging, prod\)/);
    },
  );

  it("takes AWS_ENDPOINT_URL, and the options before it", () => {
    const variables = { AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    expect(targetOf({}, variables)).toMatchObject({ isLocal: true, endpoint: "http://127.0.0.1:1" });
    expect(targetOf({ local: true }, variables).endpoint).toBe("http://127.0.0.1:4566");
    expect(targetOf({ endpoint: "http://127.0.0.1:2" }, variables).endpoint).toBe("http://127.0.0.1:2");
  });

  it("is AWS only when the environment is spelled out", () => {
    expect(messageOf({})).toContain("--env");
    expect(messageOf({}, { AWS_ENDPOINT_URL: "" })).toContain("--env");
    const target = targetOf({ env: "prod" }, { AWS_PROFILE: "finance" });
    expect(target).toMatchObject({ isLocal: false, region: "us-east-1" });
    expect(target.endpoint).toBeUndefined();
    expect(describeTarget(target, "123456789012")).toBe(
      "prod in AWS, us-east-1, account 123456789012, profile finance",
    );
  });

  it("takes another name for a pull request's environment", () => {
    expect(targetOf({ env: "pr-123" }).settings).toMatchObject({ name: "pr-123", shortLived: true });
  });

  it("takes another region", () => {
    expect(targetOf({ env: "prod", region: "eu-west-1" }).region).toBe("eu-west-1");
  });

  it.each([
    [{ local: true, endpoint: "http://127.0.0.1:1" }, "not both"],
    [{ endpoint: "127.0.0.1:4566" }, "no http or https URL"],
    [{ endpoint: "ftp://127.0.0.1" }, "no http or https URL"],
    [{ local: true, env: "" }, "names no environment"],
    [{ local: true, env: "toString" }, "toString"],
  ])("refuses %j", (options, message) => {
    expect(messageOf(options)).toContain(message);
  });
});
