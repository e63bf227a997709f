/** Functions: the manifest, the folders and what is deployed are one. */
import { readdirSync, readFileSync } from "node:fs";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { breaking, environmentOf, everyEnvironment, ofType } from "./everyStack.ts";

const names = Object.keys(lambdas) as LambdaName[];

describe("functions", () => {
  it("have a folder for each key of the manifest, and a key for each folder", () => {
    const folders = readdirSync("lambdas", { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "shared")
      .map(({ name }) => name);
    expect(folders.sort()).toEqual([...names].sort());
  });

  it("run on arm64", () => {
    const isArm = (architectures: unknown) => JSON.stringify(architectures) === '["arm64"]';
    expect(breaking("aws_lambda_function", ({ config }) => !isArm(config.architectures))).toEqual([]);
  });

  it("are traced", () => {
    const isTraced = (tracing: unknown) => (tracing as { mode?: string } | undefined)?.mode === "Active";
    expect(breaking("aws_lambda_function", ({ config }) => !isTraced(config.tracing_config))).toEqual([]);
  });

  it("are images, by digest", () => {
    expect(
      breaking(
        "aws_lambda_function",
        ({ config }) => config.package_type !== "Image" || !/@sha256:[0-9a-f]{64}$/.test(String(config.image_uri)),
      ),
    ).toEqual([]);
  });

  it.each(names)("%s gets just the environment variables that its handler reads", (name) => {
    const source = readFileSync(`lambdas/${name}/handler.ts`, "utf8");
    const read = [...source.matchAll(/^\s*(?:v\.object\(\{ )?((?:[A-Z]+_)+[A-Z]+):/gm)].map((match) => match[1]);
    const inline = [...source.matchAll(/[{,] ((?:[A-Z]+_)+[A-Z]+):/g)].map((match) => match[1]);
    for (const { config } of ofType("aws_lambda_function").filter(
      (each) => each.config.description === lambdas[name].description,
    )) {
      const { variables } = config.environment as { variables: Record<string, string> };
      expect(Object.keys(variables).sort()).toEqual([...new Set([...read, ...inline])].sort());
    }
  });

  it("end before API Gateway gives up waiting", () => {
    const { timeout_milliseconds: milliseconds } = ofType("aws_api_gateway_integration")[0]?.config ?? {};
    expect(lambdas["webhook-validator"].timeoutSeconds * 1000).toBeLessThan(Number(milliseconds));
  });
});

describe("logs", () => {
  it("end after the environment's days, 30 wherever it stays", () => {
    expect(
      breaking(
        "aws_cloudwatch_log_group",
        ({ stack, config }) => config.retention_in_days !== environmentOf(stack).logRetentionDays,
      ),
    ).toEqual([]);
    for (const { shortLived, logRetentionDays } of everyEnvironment) expect(logRetentionDays).toBe(shortLived ? 3 : 30);
  });

  it("go to a group of our own, never to one that AWS makes and keeps for ever", () => {
    const groups = new Set(ofType("aws_cloudwatch_log_group").map(({ stack, config }) => `${stack} ${config.name}`));
    expect(
      breaking(
        "aws_lambda_function",
        ({ stack, config }) => !groups.has(`${stack} /aws/lambda/${config.function_name}`),
      ),
    ).toEqual([]);
  });

  it("of state machines say everything", () => {
    for (const { config } of ofType("aws_sfn_state_machine")) {
      expect(config).toMatchObject({
        logging_configuration: { level: "ALL", include_execution_data: true },
        tracing_configuration: { enabled: true },
      });
    }
  });
});
