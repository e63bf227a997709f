import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { AwsRequest } from "../../../local/aws/wire.ts";
import type { ExecutionEnvironment, InvocationResult } from "../../../local/lambda/environment.ts";
import { createFunction, type FunctionOptions, type LambdaFunction } from "../../../local/lambda/function.ts";
import { noTraces } from "../../../local/tracing/traces.ts";

/** Bundled by the tests' global setup. */
const workerPath = join(__dirname, "../../../dist/local/worker.cjs");
const awsUrl = "http://127.0.0.1:4566";
const bundle = (name: string) => join(__dirname, `functions/${name}.cjs`);

const functions: LambdaFunction[] = [];
afterEach(() => {
  for (const one of functions.splice(0)) one.stop();
});

function aFunction(options: Partial<FunctionOptions> & { readonly code?: string; readonly handler?: string } = {}) {
  const { code = "odd", handler = "handler", ...rest } = options;
  const environments: ExecutionEnvironment[] = [];
  const gone: ExecutionEnvironment[] = [];
  const lines: string[] = [];
  const created = createFunction({
    name: "odd-dev",
    arn: "arn:odd",
    roleArn: "arn:role",
    workerPath,
    data: { bundlePath: bundle(code), handler, transport: "port", awsUrl, yields: false },
    variables: { TABLE: "transactions-dev" },
    memoryMb: 128,
    timeoutSeconds: 5,
    logGroup: "/aws/lambda/odd-dev",
    concurrency: 2,
    handleAws: async () => ({ status: 200, headers: {}, body: "" }),
    traces: noTraces,
    isTraced: false,
    onLog: (_stream, line) => lines.push(line),
    onEnvironment: (environment, came) => (came ? environments : gone).push(environment),
    onInvoke: () => {},
    ...rest,
  });
  functions.push(created);
  const invoke = (does: string, value?: unknown) => created.invoke(JSON.stringify({ does, value }));
  return { created, invoke, environments, gone, lines };
}

const ok = (value: unknown): InvocationResult => ({ kind: "ok", payload: JSON.stringify(value) });
const failed = (errorType: string, errorMessage: unknown) => ({
  kind: "error",
  error: { errorType, errorMessage, trace: expect.anything() },
});

describe("an invocation", () => {
  it.each([
    ["answer", { a: [1, "é", null] }, '{"a":[1,"é",null]}'],
    ["answer nothing", undefined, "null"],
    ["answer a date", undefined, '{"at":"1970-01-01T00:00:00.000Z","not":null}'],
    ["answer a function", undefined, "null"],
  ])("that is told to %s gives JSON, as Lambda does", async (does, value, payload) => {
    expect(await aFunction().invoke(does, value)).toEqual({ kind: "ok", payload });
  });

  it("gets a context and an environment of its own, and nothing of ours", async () => {
    const { invoke, environments } = aFunction();
    const result = await invoke("describe");
    const { variables, ...context } = JSON.parse(result.kind === "ok" ? result.payload : "{}");
    const logStreamName = environments[0]?.logStreamName;
    expect(context).toMatchObject({
      functionName: "odd-dev",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:odd",
      memoryLimitInMB: "128",
      logGroupName: "/aws/lambda/odd-dev",
      logStreamName,
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context.remaining).toBeGreaterThan(4_000);
    expect(context.remaining).toBeLessThanOrEqual(5_000);
    expect(variables).toEqual({
      TABLE: "transactions-dev",
      TMPDIR: expect.stringContaining("lambda-"),
      AWS_ACCESS_KEY_ID: environments[0]?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_SESSION_TOKEN: "local",
      AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
      _X_AMZN_TRACE_ID: "",
    });
  });

  it.each([
    ["throw", "no", "StrangeError", "no"],
    ["throw a text", "no", "Error", "no"],
    ["answer a bigint", undefined, "TypeError", expect.stringContaining("BigInt")],
  ])("that is told to %s fails, and its environment lives on", async (does, value, errorType, message) => {
    const { invoke, environments } = aFunction();
    expect(await invoke(does, value)).toEqual(failed(errorType, message));
    expect(await invoke("count")).toEqual(ok(2));
    expect(environments).toHaveLength(1);
  });

  const onLinux = process.platform === "linux" ? it : it.skip;
  onLinux("gives way to the others when it works off a queue, and else doesn't", async () => {
    const data = { bundlePath: bundle("odd"), handler: "handler", transport: "port", awsUrl } as const;
    const own = getPriority();
    expect(await aFunction().invoke("tell its priority")).toEqual(ok(own));
    const yielding = aFunction({ data: { ...data, yields: true } });
    expect(await yielding.invoke("tell its priority")).toEqual(ok(Math.min(19, own + 10)));
  });

  it("above its time is ended, and the next one has a fresh environment", async () => {
    const { invoke, environments, gone } = aFunction({ timeoutSeconds: 0.2 });
    for (const does of ["wait", "spin"]) {
      expect(await invoke(does, 10_000)).toEqual(failed("Sandbox.Timedout", "Task timed out after 0.20 seconds"));
    }
    expect(await invoke("count")).toEqual(ok(1));
    expect([environments.length, gone.length]).toEqual([3, 2]);
  });

  it("that ends its process fails, and the next one has a fresh environment", async () => {
    const { invoke } = aFunction();
    expect(await invoke("exit")).toEqual(failed("Runtime.ExitError", "The runtime exited with 3."));
    expect(await invoke("count")).toEqual(ok(1));
  });

  it("above its memory fails, and the next one has a fresh environment", async () => {
    const { invoke } = aFunction({ memoryMb: 32 });
    expect(await invoke("hoard")).toEqual(failed("Runtime.ExitError", expect.stringContaining("memory")));
    expect(await invoke("count")).toEqual(ok(1));
  });

  it("isn't given to an environment that ended while it was idle", async () => {
    const { invoke, environments, gone } = aFunction();
    expect(await invoke("exit later")).toEqual(ok("soon"));
    while (environments[0]?.alive) await wait(5);
    expect(await invoke("count")).toEqual(ok(1));
    expect(gone).toEqual([environments[0]]);
  });

  it("whose environment is killed from outside fails at once", async () => {
    const { invoke, environments } = aFunction();
    const result = invoke("wait", 10_000);
    await environments[0]?.ready;
    environments[0]?.kill({ errorType: "Runtime.ExitError", errorMessage: "Killed", trace: [] });
    expect(await result).toEqual(failed("Runtime.ExitError", "Killed"));
  });

  it.each([
    ["a bundle that throws", { code: "broken" }, "a broken start"],
    ["no such handler", { handler: "nothing" }, "The bundle exports no function named nothing."],
    [
      "a handler that is no function",
      { handler: "notAFunction" },
      "The bundle exports no function named notAFunction.",
    ],
  ])("of %s fails with the reason, which is in the log", async (_name, options, message) => {
    const { created, lines } = aFunction(options);
    await created.warm();
    expect(await created.invoke("{}")).toEqual(failed("Error", message));
    expect(lines.join("\n")).toContain(message);
  });
});

describe("environments", () => {
  it("are reused one after the other", async () => {
    const { invoke, environments } = aFunction();
    expect(await invoke("count")).toEqual(ok(1));
    expect(await invoke("count")).toEqual(ok(2));
    expect(environments).toHaveLength(1);
  });

  it("grow to the concurrency while invocations wait, and run one each", async () => {
    const { created, invoke, environments } = aFunction({ concurrency: 3 });
    const results = Array.from({ length: 9 }, () => invoke("wait", 30));
    expect(created.pending()).toBe(9);
    expect(await Promise.all(results)).toEqual(Array(9).fill(ok("waited")));
    expect(environments).toHaveLength(3);
    expect(created.pending()).toBe(0);
  });

  it("serve in the order of arrival", async () => {
    const { invoke } = aFunction({ concurrency: 1 });
    const ended: number[] = [];
    await Promise.all(
      [1, 2, 3].map(async (value) =>
        ended.push(JSON.parse(((await invoke("answer", value)) as { payload: string }).payload)),
      ),
    );
    expect(ended).toEqual([1, 2, 3]);
  });

  it("one is there before the first invocation when warmed", async () => {
    const { created, invoke, environments } = aFunction();
    await created.warm();
    await created.warm();
    await invoke("count");
    expect(environments).toHaveLength(1);
  });

  it("end at a stop, with the invocations under way, waiting, and to come", async () => {
    const { created, invoke, environments } = aFunction({ concurrency: 1 });
    const results = [invoke("wait", 10_000), invoke("count")];
    created.stop();
    results.push(invoke("count"));
    for (const result of await Promise.all(results))
      expect(result).toEqual(failed("Runtime.ExitError", "The local runtime stops."));
    expect(environments.map(({ alive }) => alive)).toEqual([false]);
  });
});

it("what a function prints is forwarded line by line, however it is cut", async () => {
  const { invoke, lines } = aFunction();
  await invoke("print", "one\ntw");
  await invoke("print", "o\n\nthree\n");
  while (lines.length < 3) await wait(5);
  expect(lines).toEqual(["one", "two", "three"]);
});

it("what a function prints before it ends arrives, and so does why it ended", async () => {
  const { created, lines } = aFunction({ timeoutSeconds: 0.3 });
  await created.invoke(JSON.stringify({ does: "print and exit", value: "last words\n" }));
  await created.invoke(JSON.stringify({ does: "print and hang", value: "before the silence\n" }));
  while (lines.length < 4) await wait(5);
  expect([...lines].sort()).toEqual([
    "Runtime.ExitError: The runtime exited with 3.",
    "Sandbox.Timedout: Task timed out after 0.30 seconds",
    "before the silence",
    "last words",
  ]);
});

it("HTTP requests of a function travel over its port", async () => {
  const seen: AwsRequest[] = [];
  const { invoke } = aFunction({
    handleAws: async (request) => {
      seen.push(request);
      return { status: 207, headers: {}, body: Buffer.from("there") };
    },
  });
  expect(await invoke("call", "here")).toEqual(ok("207 there"));
  expect(seen).toEqual([{ method: "PUT", url: "/a?b=1", headers: { "x-one": "1" }, body: Buffer.from("here") }]);
});

it("a request to anybody but the AWS endpoint takes a socket, and none to it does", async () => {
  const seen: string[] = [];
  const elsewhere = createServer((request, response) => response.end(`books of ${request.url}`));
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const { port } = elsewhere.address() as AddressInfo;
  const { invoke } = aFunction({
    handleAws: async ({ url }) => {
      seen.push(url);
      return { status: 200, headers: {}, body: "aws" };
    },
  });
  expect(await invoke("call elsewhere", { port })).toEqual(ok("200 books of /books"));
  expect(await invoke("call elsewhere", { port: 4566 })).toEqual(ok("200 aws"));
  expect(seen).toEqual(["/books"]);
  await new Promise((resolve) => elsewhere.close(resolve));
});
