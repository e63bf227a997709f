/** Functions: the manifest, the folders and what is deployed are one. */
import { readdirSync, readFileSync } from "node:fs";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { blockIn, change, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { breaking, environmentOf, ofType, referred, type StackResource, type Stacks } from "./stacks.ts";

const names = Object.keys(lambdas) as LambdaName[];

/** The manifest's name of a function; the description says which. */
function lambdaOf({ config }: StackResource): LambdaName | undefined {
  return names.find((name) => lambdas[name].description === config.description);
}

/** Variables that a handler's schema names. */
function readBy(name: LambdaName): readonly string[] {
  const source = readFileSync(`lambdas/${name}/handler.ts`, "utf8");
  const read = [...source.matchAll(/^\s*(?:v\.object\(\{ )?([A-Z]{2,}(?:_[A-Z]+)*):/gm)].map((match) => match[1] ?? "");
  const inline = [...source.matchAll(/[{,] ([A-Z]{2,}(?:_[A-Z]+)*):/g)].map((match) => match[1] ?? "");
  return [...new Set([...read, ...inline])].filter((each) => !localVariables.includes(each)).sort();
}

/** Variables that only the local runtime sets, which knows where stand-ins of providers answer. */
const localVariables: readonly string[] = ["PROVIDER_API_URLS"];

const variablesOf = ({ config }: StackResource) =>
  (config.environment as { readonly variables: Readonly<Record<string, string>> } | undefined)?.variables ?? {};

describe("functions", () => {
  it("have a folder for each key of the manifest, and a key for each folder", () => {
    const folders = readdirSync("lambdas", { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "shared")
      .map(({ name }) => name);
    expect(folders.sort()).toEqual([...names].sort());
  });
});

describeRules("functions", {
  "are those of the manifest, all of them": {
    rule: (stacks) => {
      const functions = ofType(stacks, "aws_lambda_function");
      const pipelines = [...new Set(functions.map(({ stack }) => stack))];
      return [
        ...functions.filter((fn) => lambdaOf(fn) === undefined).map(({ place }) => place),
        ...pipelines.flatMap((stack) =>
          names
            .filter((name) => !functions.some((fn) => fn.stack === stack && lambdaOf(fn) === name))
            .map((name) => `${stack} has no ${name}`),
        ),
      ];
    },
    broken: { "when one is something else": set("aws_lambda_function", { description: "Something else." }) },
  },

  "run on arm64": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_function", ({ config }) => JSON.stringify(config.architectures) !== '["arm64"]'),
    broken: {
      "when one runs on x86": set("aws_lambda_function", { architectures: ["x86_64"] }),
      "when AWS may choose": change("aws_lambda_function", (config) => delete config.architectures),
    },
  },

  "are images, by digest": {
    rule: (stacks) =>
      breaking(
        stacks,
        "aws_lambda_function",
        ({ config }) => config.package_type !== "Image" || !/@sha256:[0-9a-f]{64}$/.test(String(config.image_uri)),
      ),
    broken: {
      "when one has a tag": set("aws_lambda_function", { image_uri: "repository:latest" }),
      "when one is a zip file": set("aws_lambda_function", { package_type: "Zip" }),
    },
  },

  "are traced, as are their callers": {
    rule: (stacks) => [
      ...breaking(stacks, "aws_lambda_function", ({ config }) => {
        return (config.tracing_config as { mode?: string } | undefined)?.mode !== "Active";
      }),
      ...breaking(stacks, "aws_api_gateway_stage", ({ config }) => config.xray_tracing_enabled !== true),
      ...breaking(stacks, "aws_sfn_state_machine", ({ config }) => {
        return (config.tracing_configuration as { enabled?: boolean } | undefined)?.enabled !== true;
      }),
    ],
    broken: {
      "when a function isn't": set("aws_lambda_function", { tracing_config: { mode: "PassThrough" } }),
      "when an API isn't": change("aws_api_gateway_stage", (config) => delete config.xray_tracing_enabled),
      "when a state machine isn't": set("aws_sfn_state_machine", { tracing_configuration: { enabled: false } }),
    },
  },

  "have the manifest's memory and timeout": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_function", (fn) => {
        const name = lambdaOf(fn);
        const spec = name === undefined ? undefined : lambdas[name];
        return fn.config.memory_size !== spec?.memoryMb || fn.config.timeout !== spec?.timeoutSeconds;
      }),
    broken: {
      "when one has AWS's 128 MB": set("aws_lambda_function", { memory_size: 128 }),
      "when one has AWS's 3 seconds": set("aws_lambda_function", { timeout: 3 }),
    },
  },

  "get just the environment variables that their handlers read": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_function", (fn) => {
        const name = lambdaOf(fn);
        return name === undefined || Object.keys(variablesOf(fn)).sort().join() !== readBy(name).join();
      }),
    broken: {
      "when one lacks its level of logging": change("aws_lambda_function", (config) => {
        delete (blockIn(config, "environment").variables as Record<string, string>).LOG_LEVEL;
      }),
      "when one gets none": change("aws_lambda_function", (config) => delete config.environment),
      "when one gets what it doesn't read": change("aws_lambda_function", (config) => {
        Object.assign(blockIn(config, "environment").variables as object, { OLD_TABLE: "x" });
      }),
    },
  },

  "have variables within Lambda's 4 KB, once their references are filled in": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_function", (fn) => {
        const text = Object.entries(variablesOf(fn)).map(([name, value]) => `${name}${value}`);
        const filled = text.join("").replaceAll(/\$\{[^}]*\}/g, (reference) => {
          const { config = {} } = referred(stacks, fn, reference) ?? {};
          // As long as the address before a queue's name, or the ARN of anything else.
          return "x".repeat(70) + String(config.name ?? config.bucket ?? "");
        });
        return filled.length > 4_096;
      }),
    broken: {
      "when one knows too many queues": change("aws_lambda_function", (config) => {
        const { variables } = blockIn(config, "environment") as { variables: Record<string, string> };
        variables.LOG_LEVEL = "x".repeat(4_096);
      }),
    },
  },

  "end before API Gateway gives up waiting": {
    rule: (stacks) =>
      breaking(stacks, "aws_api_gateway_integration", ({ config }) => {
        return !(lambdas["webhook-validator"].timeoutSeconds * 1000 < Number(config.timeout_milliseconds));
      }),
    broken: { "when it gives up at once": set("aws_api_gateway_integration", { timeout_milliseconds: 10_000 }) },
  },
});

const groupNames = (stacks: Stacks) =>
  new Set(ofType(stacks, "aws_cloudwatch_log_group").map(({ stack, config }) => `${stack} ${config.name}`));

describeRules("logs", {
  "end after the environment's days, 30 wherever it stays": {
    rule: (stacks) =>
      breaking(stacks, "aws_cloudwatch_log_group", ({ stack, config }) => {
        const { logRetentionDays, shortLived } = environmentOf(stack);
        return config.retention_in_days !== logRetentionDays || (!shortLived && logRetentionDays !== 30);
      }),
    broken: {
      "when a group is kept for ever": change("aws_cloudwatch_log_group", (config) => delete config.retention_in_days),
    },
  },

  "go to a group of our own, never to one that AWS makes and keeps for ever": {
    rule: (stacks) => {
      const groups = groupNames(stacks);
      const nameOf = ({ stack, config }: StackResource) => `${stack} /aws/lambda/${config.function_name}`;
      return breaking(stacks, "aws_lambda_function", (fn) => !groups.has(nameOf(fn)));
    },
    broken: { "when a function has another name": set("aws_lambda_function", { function_name: "another" }) },
  },

  "of state machines say everything": {
    rule: (stacks) =>
      breaking(stacks, "aws_sfn_state_machine", ({ config }) => {
        const logging = (config.logging_configuration ?? {}) as Record<string, unknown>;
        const { level, include_execution_data: withData } = logging;
        return level !== "ALL" || withData !== true;
      }),
    broken: {
      "when one says errors alone": change("aws_sfn_state_machine", (config) => {
        blockIn(config, "logging_configuration").level = "ERROR";
      }),
      "when one says nothing": change("aws_sfn_state_machine", (config) => delete config.logging_configuration),
    },
  },

  "of an API say each call, in a group of our own": {
    rule: (stacks) =>
      breaking(stacks, "aws_api_gateway_stage", (stage) => {
        const { destination_arn: destination } = (stage.config.access_log_settings ?? {}) as Record<string, unknown>;
        return referred(stacks, stage, destination)?.type !== "aws_cloudwatch_log_group";
      }),
    broken: {
      "when a stage has none": change("aws_api_gateway_stage", (config) => delete config.access_log_settings),
      "when they go elsewhere": change("aws_api_gateway_stage", (config) => {
        blockIn(config, "access_log_settings").destination_arn =
          "arn:aws:firehose:us-east-1:111122223333:deliverystream/a";
      }),
    },
  },

  "of an API have no bodies, headers or paths that a sender chooses (rule 19)": {
    rule: (stacks) => [
      ...breaking(stacks, "aws_api_gateway_method_settings", ({ config }) => {
        const settings = config.settings as Record<string, unknown>;
        return settings.data_trace_enabled !== false || settings.logging_level !== "OFF";
      }),
      ...breaking(stacks, "aws_api_gateway_stage", ({ config }) => {
        const { format = "" } = (config.access_log_settings ?? {}) as { format?: string };
        return format === "" || /\$context\.(path|identity|requestOverride)|\$input/.test(format);
      }),
    ],
    broken: {
      "when whole requests are logged": change("aws_api_gateway_method_settings", (config) => {
        blockIn(config, "settings").data_trace_enabled = true;
      }),
      "when the sender's path is logged": change("aws_api_gateway_stage", (config) => {
        blockIn(config, "access_log_settings").format = "$context.path";
      }),
    },
  },
});
