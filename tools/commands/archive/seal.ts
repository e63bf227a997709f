import type { Command } from "commander";
import { createBucketSource } from "../../archive/bucket-source.ts";
import { sealNow } from "../../archive/seal.ts";
import type { ArchiveSource } from "../../archive/source.ts";
import { type CommonOptions, type Connection, consent, onTarget, type Surroundings } from "../context.ts";
import type { CommandResult } from "../result.ts";
import { dayArgument } from "../times.ts";
import { withProgress } from "../with-progress.ts";
import { bucketOf, inWords, s3Of } from "./on-archive.ts";

interface SealOptions extends CommonOptions {
  readonly through?: string;
  readonly bucket?: string;
  readonly yes?: boolean;
}

/** Locally an execution takes seconds; on AWS, a minute and more. */
const pollMs = { local: 250, aws: 5_000 } as const;

const details = `
Starts the state machine daily-archive and waits for its end. A day is due on the second day after it, so that its last
event is a day old; what comes after the seal goes into addenda. With --through, days up to that one are sealed, today
included, which is how events of today get into the archive of a local runtime. Ending this command doesn't end what it
has started.
Exit code 1: an execution is under way already, or it failed.`;

/** `cli archive seal`: seals what is due, without waiting for the schedule. */
export const archiveSealCommand = {
  describe: (command: Command): Command =>
    command
      .description("Seal the days that are due now, and what came late for sealed ones.")
      .option("--through <day>", "last day to seal, YYYY-MM-DD (default: the last that is due)", dayArgument)
      .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)")
      .option("--yes", "don't ask before anything is sealed in AWS")
      .addHelpText("after", details),
  examples: ["archive seal --local --through 2026-11-20", "archive seal --env prod"],
  run: (surroundings: Surroundings, options: SealOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, (connection) =>
      inWords(async () => {
        const { target } = connection;
        const { through } = options;
        const isGiven = options.yes === true || target.isLocal;
        const ask = options.json === true ? async () => undefined : surroundings.ask;
        const deed = `Seal every day ${through === undefined ? "that is due" : `up to ${through}`}`;
        const obstacle = await consent(target.settings.name, deed, { ask, isGiven });
        if (obstacle !== undefined) return obstacle;
        return told(await seal(surroundings, options, connection));
      }),
    ),
};

interface Outcome {
  readonly executions: readonly string[];
  /** Keys of the manifests that weren't there before, in the order of days. */
  readonly manifests: readonly string[];
}

async function seal(
  surroundings: Surroundings,
  options: SealOptions,
  { target, clients }: Connection,
): Promise<Outcome> {
  const bucket = await bucketOf(target, options.bucket);
  const source = createBucketSource(s3Of(target), { bucket, cache: ".local/archive" });
  const before = new Set(await source.manifestKeys());
  const { through } = options;
  const name = target.names.stateMachines.dailyArchive;
  const run = async (tell: (text: string) => void) => {
    const executions = await sealNow({
      client: clients.states,
      name,
      ...(through === undefined ? {} : { through }),
      pollMs: target.isLocal ? pollMs.local : pollMs.aws,
      sleep: surroundings.sleep,
      async tell(count) {
        const next = count === 1 ? "" : `, execution ${count}`;
        tell(`${sealedText(await newManifests(source, before))} so far${next}`);
      },
    });
    const manifests = await newManifests(source, before);
    return { text: sealedText(manifests), value: { executions, manifests } };
  };
  const outcome = await withProgress(surroundings, options, { title: name, run });
  return outcome ?? { executions: [], manifests: [] };
}

async function newManifests(source: ArchiveSource, before: ReadonlySet<string>): Promise<readonly string[]> {
  return (await source.manifestKeys()).filter((key) => !before.has(key)).toSorted();
}

function sealedText(manifests: readonly string[]): string {
  const addenda = manifests.filter((key) => key.includes(".addendum-")).length;
  const days = manifests.length - addenda;
  return `${days} ${days === 1 ? "day" : "days"} and ${addenda} ${addenda === 1 ? "addendum" : "addenda"} sealed`;
}

function told(outcome: Outcome): CommandResult {
  const text =
    outcome.manifests.length === 0
      ? "Nothing was to be sealed: every day that is due is sealed already, and nothing came late."
      : [`${sealedText(outcome.manifests)}:`, ...outcome.manifests.map((key) => `  ${key}`)].join("\n");
  return { kind: "done", text, json: outcome };
}
