/** A runtime that can't start says why, and leaves nothing behind. */
import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import {
  environment,
  named,
  payment,
  receive,
  send,
  sign,
  startPipeline,
  tablesOf,
  temporaryDirectory,
  until,
} from "./harness.ts";

/** `npm start`, to its end. */
async function start(args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const memory = args.includes("--data") ? [] : ["--memory"];
  const child = spawn(process.execPath, ["--import", "tsx", "local/main.ts", ...memory, "--no-build", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, said };
}

/** Ids of emulators' processes whose command line has the text. */
function emulators(text: string): readonly number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const [program = "", ...rest] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return program.endsWith("/dynoxide") && rest.join(" ").includes(text);
      } catch {
        // It has ended since it was listed.
        return false;
      }
    })
    .map(Number);
}

/** A copy of the synthesized stacks in which one file's text is changed. */
function changedStacks(stack: string, change: (json: string) => string): string {
  const directory = temporaryDirectory();
  cpSync("cdktf.out", directory, { recursive: true });
  const file = join(directory, "stacks", `${stack}-${environment}`, "cdk.tf.json");
  const before = readFileSync(file, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`Nothing changed in ${file}.`);
  writeFileSync(file, after);
  return directory;
}

interface Stacks {
  readonly resource: Readonly<Record<string, Readonly<Record<string, { policy: string; role: string }>>>>;
}

/** The stacks without an action in the policy of one function's role. */
function without(functionName: string, action: string): string {
  return changedStacks("pipeline", (json) => {
    const stacks = JSON.parse(json) as Stacks;
    for (const [name, rolePolicy] of Object.entries(stacks.resource.aws_iam_role_policy ?? {})) {
      if (name.includes(functionName))
        rolePolicy.policy = rolePolicy.policy.replaceAll(`"${action}"`, '"xray:PutTraceSegments"');
    }
    return JSON.stringify(stacks);
  });
}

it.each(["--port", "--aws-port", "--provider-port"])("a taken %s is a clear error", async (option) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;

  const { code, said } = await start(["--port", "0", "--aws-port", "0", "--provider-port", "0", option, String(port)]);

  taken.close();
  expect({ code, said }).toEqual({
    code: 1,
    said: `Port ${port} is taken. Stop what listens there or choose another.\n`,
  });
});

describe("arguments that are wrong", () => {
  const badSecrets = join(temporaryDirectory(), "secrets.json");
  writeFileSync(badSecrets, '{"stripe": {"secrets": []}, "nobody": {}}');

  it.each([
    [["--port", "x"], /A port is a number from 0 to 65535/],
    [["--speed", "0"], /above 0/],
    [["--transport", "pigeon"], /Choose http or port/],
    [["--faults", "throttle=2,nothing=1"], /throttle: a share lies between 0 and 1; "nothing" is not one of/],
    [["--secrets", "/nowhere.json"], /There is no file/],
    [["--secrets", badSecrets], /stripe: "secrets" must be a list of one to ten, .*; "nobody" is no provider/],
    [["--stacks", "/nowhere"], /No synthesized stack for the environment "dev" in \/nowhere/],
    [["--env", "nobody"], /No synthesized stack for the environment "nobody"/],
    [["--data", badSecrets], /No data can be kept in .*ENOTDIR.*--data/],
    [["--data", "/proc/nowhere"], /No data can be kept in .*ENOENT/],
    [["--reckless"], /unknown option/],
  ])("%j are refused in words, with exit code 1", async (args, words) => {
    const { code, said } = await start(["--port", "0", "--aws-port", "0", "--provider-port", "0", ...args]);
    expect(code).toBe(1);
    expect(said).toMatch(words);
    expect(said).not.toMatch(/\n\s+at /);
  });
});

it("--help says the defaults in words", async () => {
  const { code, said } = await start(["--help"]);
  expect(code).toBe(0);
  expect(said).toMatch(/--faults <rates>[^-]*\(default:\s+none\)/);
  expect(said).not.toContain("{");
});

it("a stack that can't be played ends the emulator that has begun by then", async () => {
  const directory = temporaryDirectory();
  const stacks = changedStacks("pipeline", (json) => json.replaceAll("AWS_PROXY", "HTTP_PROXY"));

  await expect(startPipeline(["--data", directory, "--stacks", stacks])).rejects.toThrow(/only AWS_PROXY integrations/);

  expect(emulators(directory)).toEqual([]);
});

it("an emulator that is killed ends the runtime, and says so", async () => {
  const directory = temporaryDirectory();
  const ended = start(["--port", "0", "--aws-port", "0", "--provider-port", "0", "--data", directory]);
  await until("an emulator", async () => emulators(directory).length === 1 || undefined);
  for (const pid of emulators(directory)) process.kill(pid, "SIGKILL");
  const { code, said } = await ended;
  expect(code).toBe(1);
  expect(said).toMatch(/The DynamoDB emulator/);
  expect(said).not.toMatch(/\n\s+at /);
});

it("kill -9 leaves no emulator behind", async () => {
  const directory = temporaryDirectory();
  const runtime = await startPipeline(["--data", directory]);
  expect(emulators(directory)).not.toEqual([]);

  await runtime.kill();

  await until("an end of the emulator", async () => emulators(directory).length === 0 || undefined);
});

describe("a permission that is missing", () => {
  it("for polling a queue stops the start, as it would stop Terraform", async () => {
    const stacks = without("webhook-dedup", "sqs:GetQueueAttributes");
    const { code, said } = await start(["--port", "0", "--aws-port", "0", "--provider-port", "0", "--stacks", stacks]);
    expect(code).toBe(1);
    expect(said).toMatch(/^aws_lambda_event_source_mapping\.\S+: .*sqs:GetQueueAttributes/);
  });

  it("for log delivery stops the start", async () => {
    const stacks = without("transaction-workflow", "logs:CreateLogDelivery");
    const { said } = await start(["--port", "0", "--aws-port", "0", "--provider-port", "0", "--stacks", stacks]);
    expect(said).toMatch(/^aws_sfn_state_machine\.\S+: .*logs:CreateLogDelivery/);
  });

  it("for writing a table is told, and the event is retried until it is a dead letter, not lost", async () => {
    const stacks = without("webhook-dedup", "dynamodb:PutItem");
    const runtime = await startPipeline(["--memory", "--stacks", stacks, "--speed", "90"]);
    await send(runtime, sign({ body: payment({ id: "denied", amountMinor: 4_900 }) }));

    const letter = await receive(runtime, named.dlq("webhook-events"));

    expect(JSON.parse(letter.body)).toMatchObject({ event: { eventId: "stripe:evt_denied" } });
    const { denied } = await runtime.permissions();
    const [denial] = denied.filter(({ action }) => action === "dynamodb:PutItem");
    expect(denial).toMatchObject({
      principal: "webhook-dedup-dev",
      resource: expect.stringContaining(`table/${named.tables.transactions}`),
    });
    expect(denial?.count).toBeGreaterThanOrEqual(5);
    expect(await tablesOf(runtime).ofTransaction("stripe:pi_denied")).toEqual([]);
    await runtime.stop();
  });
});
