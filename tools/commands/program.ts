/** The command line put together: verbs, common options, help, output and exit codes. */
import { Command, CommanderError } from "commander";
import { environments } from "../../config/environments.ts";
import { localAwsUrl } from "../aws/target.ts";
import { checkBuilder, publishImages } from "../images/publish.ts";
import { archiveCommands } from "./archive.ts";
import { auditCommand } from "./audit.ts";
import { bootstrapCommand } from "./bootstrap.ts";
import type { CommonOptions, Surroundings } from "./context.ts";
import { costCommand } from "./cost.ts";
import { deployCommand } from "./deploy.ts";
import { destroyCommand } from "./destroy.ts";
import { dlqCommands } from "./dlq.ts";
import { healthCommand } from "./health.ts";
import { imagesCommand } from "./images.ts";
import { logsQueryCommand } from "./logs/query.ts";
import { logsCommand } from "./logs.ts";
import { newProviderCommand } from "./new-provider.ts";
import { reconcileCommands } from "./reconcile.ts";
import { recordable } from "./recordable.ts";
import { replayCommand } from "./replay.ts";
import type { CommandResult } from "./result.ts";
import { reviewCommand } from "./review.ts";
import { reviewsCommand } from "./reviews.ts";
import { secretsCommands } from "./secrets.ts";
import { sendCommand } from "./send.ts";
import { showCommand } from "./show.ts";
import { smokeCommand } from "./smoke.ts";
import { typesCommand } from "./types.ts";
import { undecidedCommands } from "./undecided.ts";
import { verifyCommand } from "./verify.ts";

/** What every verb is made of. Options that a verb doesn't describe never reach it. */
interface Verb<TOptions extends CommonOptions> {
  describe(command: Command): Command;
  /** Whether it describes where it acts itself; without, it takes the common options. */
  readonly isOnItsOwn?: boolean;
  readonly examples: readonly string[];
  run(surroundings: Surroundings, options: TOptions, args: readonly string[]): Promise<CommandResult>;
}

const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** @returns the exit code: 0 done, 1 the thing asked for failed or isn't there, 2 the command is wrong, 130 stopped */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = new Command("npm run cli --")
    .description(
      "Looks at payment events, decides reviews, sends webhooks, and deploys, locally or in AWS; says what a month costs.",
    )
    .addHelpText("after", afterAll)
    // An option belongs to the verb that it stands after: "logs" has some that "logs query" has, too.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: printed(surroundings.out), writeErr: printed(surroundings.err), outputError });

  function add<TOptions extends CommonOptions>(name: string, verb: Verb<TOptions>, parent = program): Command {
    const described = verb.describe(parent.command(name));
    return (verb.isOnItsOwn ? described : withCommonOptions(described))
      .addHelpText("after", `\nExamples:\n${verb.examples.map((line) => `  npm run cli -- ${line}`).join("\n")}`)
      .action(async (...given: unknown[]) => {
        const command = given.at(-1) as Command;
        const options = recordable(command.opts<TOptions>(), surroundings);
        const result = await verb.run(surroundings, options, command.args);
        exitCode = exitCodes[result.kind];
        if (result.kind !== "done") surroundings.err(result.message);
        if (options.json && "json" in result) surroundings.out(JSON.stringify(result.json, null, 2));
        else if (result.kind === "done") surroundings.out(result.text);
      });
  }

  add("reviews", reviewsCommand);
  add("review", reviewCommand);
  add("show", showCommand);
  add("send", sendCommand);
  add("types", typesCommand);
  add("verify", verifyCommand);
  add("cost", costCommand);
  add("bootstrap", bootstrapCommand);
  add("deploy", deployCommand({ check: checkBuilder, publish: publishImages }));
  add("destroy", destroyCommand);
  add("smoke", smokeCommand);
  add("images", imagesCommand);
  add("audit", auditCommand);
  const archive = program.command("archive").description("Seals days, and reads, exports and restores what is sealed.");
  add("query", archiveCommands.query, archive);
  add("show", archiveCommands.show, archive);
  add("export", archiveCommands.export, archive);
  add("restore", archiveCommands.restore, archive);
  add("seal", archiveCommands.seal, archive);
  add("trust", archiveCommands.trust, archive);
  const dlq = program.command("dlq").description("Looks into dead-letter queues, and redrives or drops what is there.");
  add("list", dlqCommands.list, dlq);
  add("show", dlqCommands.show, dlq);
  add("redrive", dlqCommands.redrive, dlq);
  add("drop", dlqCommands.drop, dlq);
  add("replay", replayCommand);
  const reconcile = program.command("reconcile").description("Compares providers' own books with ours.");
  add("run", reconcileCommands.run, reconcile);
  add("list", reconcileCommands.list, reconcile);
  add("show", reconcileCommands.show, reconcile);
  add("resolve", reconcileCommands.resolve, reconcile);
  add("report", reconcileCommands.report, reconcile);
  const undecided = program.command("undecided").description("Events that wait for a decision that got lost.");
  add("list", undecidedCommands.list, undecided);
  add("close", undecidedCommands.close, undecided);
  const secrets = program.command("secrets").description("Lists, adds and retires the providers' signing secrets.");
  add("list", secretsCommands.list, secrets);
  add("add", secretsCommands.add, secrets);
  add("retire", secretsCommands.retire, secrets);
  add("health", healthCommand);
  const logs = add("logs", logsCommand);
  add("query", logsQueryCommand, logs);
  add("new-provider", newProviderCommand);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  return exitCode;
}

function withCommonOptions(command: Command): Command {
  const choices = Object.keys(environments).join(", ");
  return command
    .option("--local", `act on the local runtime of "npm start", at ${localAwsUrl}`)
    .option("--env <name>", `environment: ${choices} (local: dev when left out; AWS: always to be said)`)
    .option("--endpoint <url>", "AWS endpoint to use instead, such as a local runtime on another port")
    .option("--region <name>", "AWS region (default: the environment's, from config/environments.ts)")
    .option("--json", "print JSON on standard output");
}

const afterAll = `
Where a command acts:
  --local, or --endpoint with a loopback address: the runtime on this machine; any credentials will do.
  Otherwise AWS_ENDPOINT_URL where it is set, else AWS, with the SDK's own credentials (AWS_PROFILE, SSO, …).
  AWS needs --env, and what changes something there asks first (--yes answers). The place is printed before anything is done.

Exit codes: 0 done, 1 failed or not found, 2 wrong use, 130 stopped by Ctrl-C. Results go to standard output, the rest to standard error.
With "npm run --silent cli -- … --json" standard output is JSON alone.

Examples:
  npm run cli -- send --provider stripe --type payment.succeeded --amount 12.34 --currency EUR --local
  npm run cli -- reviews --local
  npm run cli -- review --help`;

/** Commander ends its lines itself. */
function printed(print: (text: string) => void): (text: string) => void {
  return (text) => print(text.replace(/\n$/, ""));
}

/** A usage error in one line. */
function outputError(text: string, write: (text: string) => void): void {
  const line = text
    .trim()
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ");
  write(`${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.?)]$/.test(line) ? "" : "."} Add --help to see how.`);
}
