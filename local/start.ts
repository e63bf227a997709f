/** Starts the local runtime for a person (`npm start`) or for a program (`--ready-json`: one line, then silence). */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { bundleAll, root, synthesize } from "./build.ts";
import { createConsole } from "./console/server.ts";
import { attachControl } from "./control.ts";
import { type FaultRates, noFaults, parseFaults } from "./faults/faults.ts";
import { parseSchedule, type ScheduledFault } from "./faults/schedule.ts";
import { type Runtime, startRuntime } from "./runtime.ts";
import { parseSecretOverrides, type SecretOverrides } from "./secrets.ts";
import { type SamplingMode, samplingModes } from "./tracing/sampler.ts";
import { welcome } from "./welcome.ts";

interface Options {
  readonly port: number;
  readonly awsPort: number;
  readonly providerPort: number;
  readonly allowHost: readonly string[];
  readonly env: string;
  readonly secrets?: SecretOverrides;
  readonly reset: boolean;
  readonly memory: boolean;
  readonly data: string;
  readonly faults: FaultRates;
  readonly faultSchedule?: readonly ScheduledFault[];
  readonly transport: "http" | "port";
  readonly speed: number;
  readonly concurrency: number;
  readonly dynamodbEndpoint?: string;
  readonly stacks?: string;
  readonly build: boolean;
  readonly traces: SamplingMode;
  readonly meter: boolean;
  readonly readyJson: boolean;
}

/** Commander turns this into a usage error of one line. */
function argument<T>(parse: (value: string) => T): (value: string) => T {
  return (value) => {
    try {
      return parse(value);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

const port = argument((value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new Error("A port is a number from 0 to 65535.");
  return number;
});
const hostName = argument((value) => {
  if (!/^[\w-]+(\.[\w-]+)*$/.test(value)) throw new Error("Give a name without a port, such as host.docker.internal.");
  return value.toLowerCase();
});
const positive = argument((value) => {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new Error("Give a number above 0.");
  return number;
});
const transport = argument((value) => {
  if (value !== "http" && value !== "port") throw new Error("Choose http or port.");
  return value;
});
const secrets = argument((file) => {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  return parseSecretOverrides(readFileSync(file, "utf8"));
});

function command(): Command {
  return new Command("npm start --")
    .description("Bundles the functions, synthesizes the Terraform and runs it on this machine.")
    .option("--port <n>", "HTTP port of the webhook API (0: any free one)", port, 4000)
    .option("--aws-port <n>", "port of the AWS endpoint (0: any free one)", port, 4566)
    .option("--provider-port <n>", "port of the providers' stand-in (0: any free one)", port, 4700)
    .option(
      "--allow-host <name...>",
      "answer at these names too, beside 127.0.0.1 and localhost: host.docker.internal, for containers",
      (name: string, before: readonly string[]) => [...before, hostName(name)],
      [],
    )
    .option("--env <name>", "environment whose stacks run", "dev")
    .option("--secrets <file>", "JSON file: provider → secret value, overrides the kept ones", secrets)
    .option("--data <directory>", "where the data is kept", ".local")
    .option("--memory", "keep nothing on disk", false)
    .option("--reset", "remove the environment's kept data first", false)
    .addOption(
      new Option(
        "--faults <rates>",
        "inject faults: seed=7,throttle=0.02,error5xx=0.01,duplicate=0.05,crash=0.01,delay=0.1",
      )
        .argParser(argument(parseFaults))
        .default(noFaults, "none"),
    )
    .option(
      "--fault-schedule <faults>",
      "inject faults at chosen calls too: webhook-dedup-dev/events:PutEvents/3=fail,… (stall, refuse, kill-before, kill-after)",
      argument(parseSchedule),
    )
    .option("--speed <n>", "divide the waits of AWS's services (visibility, retries, leases) by this", positive, 1)
    .option("--concurrency <n>", "environments of one function at the most", positive, 2)
    .option(
      "--transport <kind>",
      "how functions reach the AWS endpoint: http (sockets) or port (message ports)",
      transport,
      "port",
    )
    .option("--dynamodb-endpoint <url>", "use this DynamoDB Local instead of the bundled emulator")
    .option("--stacks <directory>", "run the stacks that were synthesized there, and synthesize none")
    .option("--no-build", "take the bundles and stacks that are there")
    .addOption(
      new Option(
        "--traces <which>",
        "requests that X-Ray follows: all, none, or rules (those that the rules sample, as on AWS)",
      )
        .choices(samplingModes)
        .default("all"),
    )
    .option("--meter", "measure calls in the units that AWS bills, for npm run demo -- --calls", false)
    .option("--ready-json", "print one JSON line when ready, and nothing else; stop when standard input ends", false);
}

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const options = command().parse(args, { from: "user" }).opts<Options>();
  const say = (line: string) => {
    if (!options.readyJson) console.log(line);
  };
  try {
    if (options.build) {
      say("Bundling the functions and synthesizing the stacks …");
      await Promise.all([bundleAll(), options.stacks === undefined ? synthesize(options.env) : undefined]);
    }
    const failure = Promise.withResolvers<string>();
    const runtime = await startRuntime({
      onFailure: failure.resolve,
      root,
      stacks: resolve(options.stacks ?? join(root, "cdktf.out")),
      environment: options.env,
      apiPort: options.port,
      awsPort: options.awsPort,
      providerPort: options.providerPort,
      allowedHosts: options.allowHost,
      ...(options.memory ? {} : { directory: resolve(options.data, options.env) }),
      reset: options.reset,
      ...(options.dynamodbEndpoint === undefined ? {} : { dynamoDbEndpoint: options.dynamodbEndpoint }),
      secrets: options.secrets ?? {},
      faults: options.faults,
      schedule: options.faultSchedule ?? [],
      transport: options.transport,
      speed: options.speed,
      concurrency: Math.ceil(options.concurrency),
      sampling: options.traces,
      metering: options.meter,
    });
    attachControl(runtime);
    runtime.console = createConsole(runtime, { root, environment: options.env });
    const { apiUrl, awsUrl, providersUrl } = runtime;
    if (options.readyJson) console.log(JSON.stringify({ apiUrl, awsUrl, providersUrl }));
    else console.log(welcome(runtime, { environment: options.env, isKept: !options.memory, nowMs: Date.now() }));
    const why = await Promise.race([failure.promise, untilInterrupted(options.readyJson)]);
    if (why !== undefined) console.error(`${why} What is accepted is taken up at the next start.`);
    say("\nStopping: the API first, then what is under way …");
    await stopInTime(runtime);
    return why === undefined ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** Ctrl-C, a kill, or the end of the program that started us: it holds the other end of our standard input. */
function untilInterrupted(byProgram: boolean): Promise<undefined> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done(undefined));
    if (byProgram) process.stdin.once("end", () => done(undefined)).resume();
  });
}

const stopLimitMs = 15_000;

/** What doesn't end in time is redelivered at the next start: everything accepted is in the state. */
async function stopInTime(runtime: Runtime): Promise<void> {
  process.once("SIGINT", () => process.exit(130));
  const late = setTimeout(() => {
    console.error("Not everything ended in time; what is left is taken up at the next start.");
    process.exit(1);
  }, stopLimitMs);
  await runtime.stop();
  clearTimeout(late);
}
