/** The command line of the demo. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { parseFaults } from "../../local/process.ts";
import { leastCount } from "./mix.ts";
import { leastCountWithFaults, usageExitCode, wholeNumber, writableFile } from "./options.ts";
import type { RuntimeOptions } from "./runtime-arguments.ts";

export interface Options extends RuntimeOptions {
  readonly count: number;
  readonly seed: number;
  readonly json?: string;
  readonly permissions: boolean;
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

const faults = argument((rates) => {
  parseFaults(rates);
  return rates;
});

function command(): Command {
  return new Command("npm run demo --")
    .description("Sends signed webhooks of five providers, good and bad, and proves what became of each.")
    .option("--count <n>", "webhooks to send", argument(wholeNumber(leastCount)), 2_000)
    .option("--seed <n>", "decides everything that is by chance", argument(wholeNumber(0)), 1)
    .option("--json <file>", "write the result there", argument(writableFile))
    .option(
      "--faults <rates>",
      "make AWS fail on purpose: seed=7,throttle=0.02,error5xx=0.01,duplicate=0.05,crash=0.01,delay=0.1",
      faults,
    )
    .option("--speed <n>", "divide the waits of AWS's services by this", argument(wholeNumber(1)), 20)
    .option("--transport <kind>", "how functions reach the AWS endpoint: port or http", "port")
    .option("--dynamodb-endpoint <url>", "use this DynamoDB Local, empty, instead of the bundled emulator")
    .addOption(
      new Option(
        "--calls <file>",
        "send each kind of event by itself and write there what it made the pipeline do, for npm run cli -- cost",
      )
        .argParser(argument(writableFile))
        .conflicts("faults"),
    )
    .option("--permissions", "list the permissions that this run did not use, and why they are there", false)
    .option("--no-build", "take the bundles and stacks that are there")
    .addHelpText(
      "after",
      "\nExit code 0: every invariant holds. 1: one doesn't, or the demo couldn't run. 2: usage." +
        "\nIn the JSON, accepted counts events, duplicates the posts of an event beyond its first, alerts the distinct alerts.",
    );
}

/** @returns the options, or the exit code of a command that has said what it had to say */
export function optionsIn(args: readonly string[]): Options | number {
  const program = command().exitOverride();
  try {
    const options = program.parse(args, { from: "user" }).opts<Options>();
    if (options.faults !== undefined && options.count < leastCountWithFaults) {
      const why = "so that each scheduled fault has a call to hit";
      program.error(`error: --faults needs a --count of ${leastCountWithFaults} or more, ${why}`);
    }
    return options;
  } catch (error) {
    if (error instanceof CommanderError) return usageExitCode(error);
    throw error;
  }
}
