import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Endpoint } from "../../../local/aws/endpoint.ts";
import { AwsError } from "../../../local/aws/types.ts";
import type { Faults } from "../../../local/faults/faults.ts";
import type { Authorizer } from "../../../local/iam/authorizer.ts";
import type { LambdaFunction } from "../../../local/lambda/function.ts";
import { createFunctions, createMappings, type FunctionsOptions } from "../../../local/resources/functions.ts";
import type { Arguments } from "../../../local/terraform/block.ts";
import { noTraces } from "../../../local/tracing/traces.ts";
import { arnOf, inventoryOf, resource } from "./fixtures.ts";

const functionArn = arnOf("lambda", "function:dedup-dev");
const queueArn = arnOf("sqs", "events-dev");
const queueUrl = "http://127.0.0.1:4566/000000000000/events-dev";

const theFunction = (config: Arguments = {}) =>
  resource(
    "aws_lambda_function.dedup",
    { function_name: "dedup-dev", role: "arn:role", ...config },
    { arn: functionArn },
  );
const theQueue = (config: Arguments = {}) =>
  resource(
    "aws_sqs_queue.events",
    { name: "events-dev", visibility_timeout_seconds: 90, ...config },
    { arn: queueArn, url: queueUrl },
  );
const theMapping = (config: Arguments = {}) =>
  resource("aws_lambda_event_source_mapping.m", { function_name: functionArn, event_source_arn: queueArn, ...config });

/** Prints what it gets from its environment. */
const bundle = "exports.handler = async () => process.env;";

function aProject(): string {
  const root = mkdtempSync(join(tmpdir(), "project-"));
  mkdirSync(join(root, "dist/lambdas/dedup"), { recursive: true });
  mkdirSync(join(root, "dist/local"), { recursive: true });
  writeFileSync(join(root, "dist/lambdas/dedup/index.cjs"), bundle);
  writeFileSync(
    join(root, "dist/local/worker.cjs"),
    `require(${JSON.stringify(join(__dirname, "../../../dist/local/worker.cjs"))});`,
  );
  return root;
}

/** Allows everything but the operations named, and notes what was asked. */
function anAuthorizer(denied: readonly string[] = []) {
  const asked: string[] = [];
  const authorizer: Partial<Authorizer> = {
    authorize(principal, service, operation) {
      asked.push(`${principal.kind === "function" ? principal.functionName : "?"} ${service}:${operation}`);
      if (denied.includes(operation)) throw new AwsError("AccessDeniedException", `may not ${operation}`);
    },
    mayAssume: () =>
      (denied.includes("AssumeRole")
        ? { allowed: false, reason: "the role trusts nobody" }
        : { allowed: true, matched: [] }) as never,
  };
  return { authorizer: authorizer as Authorizer, asked };
}

const created: LambdaFunction[] = [];
afterEach(() => {
  for (const one of created.splice(0)) one.stop();
});

function functionsOf(options: Partial<FunctionsOptions> = {}): Map<string, LambdaFunction> {
  const functions = createFunctions({
    inventory: inventoryOf(theFunction()),
    authorizer: anAuthorizer().authorizer,
    endpoint: { sessions: new Map() } as unknown as Endpoint,
    faults: { crashAtCall: () => undefined } as unknown as Faults,
    root: aProject(),
    environment: "dev",
    awsUrl: "http://127.0.0.1:4566",
    providerApiUrls: {},
    transport: "port",
    concurrency: 2,
    speed: 1,
    onEnd: () => {},
    appendLog: () => {},
    traces: noTraces,
    daemons: new Map(),
    ...options,
  });
  created.push(...functions.values());
  return functions;
}

async function variablesOf(config: Arguments, speed = 1): Promise<Record<string, string>> {
  const one = functionsOf({ inventory: inventoryOf(theFunction(config)), speed }).get("dedup-dev");
  const result = await one?.invoke("{}");
  return JSON.parse(result?.kind === "ok" ? result.payload : "{}");
}

describe("createFunctions", () => {
  it("takes name, role, time and memory from Terraform, with Lambda's own where it doesn't say", async () => {
    const functions = functionsOf({ inventory: inventoryOf(theFunction({ timeout: 15, memory_size: 512 })) });
    expect(functions.get("dedup-dev")).toMatchObject({
      arn: functionArn,
      roleArn: "arn:role",
      timeoutSeconds: 15,
      concurrency: 2,
    });
    expect(functionsOf().get("dedup-dev")?.timeoutSeconds).toBe(3);
    expect(await variablesOf({ memory_size: 512 })).toMatchObject({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512" });
  });

  it("tells where stand-ins of providers answer, and nothing where there are none", async () => {
    const providerApiUrls = { stripe: "http://127.0.0.1:4700" };
    const result = await functionsOf({ providerApiUrls }).get("dedup-dev")?.invoke("{}");
    const variables = JSON.parse(result?.kind === "ok" ? result.payload : "{}") as Record<string, string>;
    expect(JSON.parse(variables.PROVIDER_API_URLS ?? "")).toEqual(providerApiUrls);
    expect(await variablesOf({})).not.toHaveProperty("PROVIDER_API_URLS");
  });

  it("knows the queue for what a function fails at, which its role has to reach", () => {
    const inventory = inventoryOf(theFunction({ dead_letter_config: { target_arn: queueArn } }));
    const { authorizer, asked } = anAuthorizer();
    expect(functionsOf({ inventory, authorizer }).get("dedup-dev")?.deadLetterArn).toBe(queueArn);
    expect(asked).toContain("dedup-dev sqs:SendMessage");
    expect(() => functionsOf({ inventory, authorizer: anAuthorizer(["SendMessage"]).authorizer })).toThrow(
      /aws_lambda_function\.dedup: may not SendMessage/,
    );
  });

  it("gives the variables of Terraform and of Lambda", async () => {
    expect(await variablesOf({ environment: { variables: { TABLE: "t" } } })).toMatchObject({
      TABLE: "t",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_LAMBDA_FUNCTION_NAME: "dedup-dev",
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
    });
  });

  it.each([
    [1, "30"],
    [4, "8"],
    [7, "4"],
    [1_000, "1"],
  ])("at speed %d makes a lease of 30 s last %s, in whole seconds", async (speed, expected) => {
    const variables = { LEASE_SECONDS: "30", OTHER_SECONDS: "30" };
    expect(await variablesOf({ environment: [{ variables }] }, speed)).toMatchObject({
      LEASE_SECONDS: expected,
      OTHER_SECONDS: "30",
    });
  });

  it("knows an environment's calls by its access key while it lives, and its logs go under its role", async () => {
    const sessions: Endpoint["sessions"] = new Map();
    const { authorizer, asked } = anAuthorizer();
    const logged: string[] = [];
    const [one] = functionsOf({
      endpoint: { sessions } as unknown as Endpoint,
      authorizer,
      appendLog: (group) => logged.push(group),
    }).values();
    await one?.warm();
    const [session] = [...sessions.values()];
    expect(session?.principal).toEqual({ kind: "function", functionName: "dedup-dev", roleArn: "arn:role" });
    expect(asked).toEqual(["dedup-dev logs:CreateLogStream"]);
    expect(logged).toEqual(["/aws/lambda/dedup-dev"]);
    session?.kill();
    await one?.invoke("{}");
    expect([...sessions.values()]).not.toContain(session);
  });

  it("lets an environment die at the call that the faults choose, once", async () => {
    const sessions: Endpoint["sessions"] = new Map();
    const [one] = functionsOf({
      endpoint: { sessions } as unknown as Endpoint,
      faults: { crashAtCall: () => 3 } as unknown as Faults,
    }).values();
    await one?.invoke("{}");
    const [session] = [...sessions.values()];
    expect([1, 2, 3, 4].map(() => session?.dies())).toEqual([false, false, true, false]);
  });

  it("refuses a role that doesn't trust Lambda, and a bundle that isn't there", () => {
    expect(() => functionsOf({ authorizer: anAuthorizer(["AssumeRole"]).authorizer })).toThrow(
      "aws_lambda_function.dedup: the role trusts nobody",
    );
    expect(() => functionsOf({ root: tmpdir() })).toThrow(
      /aws_lambda_function\.dedup: there is no .*worker\.cjs\. Start without --no-build\./,
    );
  });
});

describe("createMappings", () => {
  const target = { name: "dedup-dev", roleArn: "arn:role", timeoutSeconds: 15, concurrency: 2 } as LambdaFunction;
  const functions = new Map([["dedup-dev", target]]);
  const map = (resources: Parameters<typeof inventoryOf>, denied: readonly string[] = []) => {
    const { authorizer, asked } = anAuthorizer(denied);
    const options = {
      inventory: inventoryOf(...resources),
      authorizer,
      endpoint: {} as Endpoint,
      faults: {} as Faults,
    };
    return { asked, mappings: createMappings(options, functions) };
  };

  it("asks what Lambda asks before it accepts a mapping", () => {
    const { mappings, asked } = map([theQueue(), theMapping()]);
    expect(mappings).toHaveLength(1);
    expect(asked).toEqual([
      "dedup-dev sqs:ReceiveMessage",
      "dedup-dev sqs:DeleteMessage",
      "dedup-dev sqs:GetQueueAttributes",
    ]);
  });

  it.each(["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"])("refuses a role that may not %s", (operation) => {
    expect(() => map([theQueue(), theMapping()], [operation])).toThrow(
      `aws_lambda_event_source_mapping.m: may not ${operation}`,
    );
  });

  it.each([
    "dedup-dev",
    "dedup-dev:live",
    arnOf("lambda", "function:dedup-dev"),
    arnOf("lambda", "function:dedup-dev:live"),
  ])("takes %s for the function", (name) =>
    expect(map([theQueue(), theMapping({ function_name: name })]).mappings).toHaveLength(1),
  );

  it("refuses messages that come back while the function still works on them", () => {
    expect(() => map([theQueue({ visibility_timeout_seconds: 14 }), theMapping()])).toThrow(
      "aws_lambda_event_source_mapping.m: the queue's visibility timeout (14 s) is shorter than the function's (15 s).",
    );
  });

  it("refuses what isn't in the stacks", () => {
    expect(() => map([theMapping()])).toThrow(/its function or its queue isn't in the stacks/);
    expect(() => map([theQueue(), theMapping({ function_name: "other" })])).toThrow(/its function or its queue/);
  });
});
