import { type Command, InvalidArgumentError, Option } from "commander";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import { createBucketSource } from "../../archive/bucket-source.ts";
import {
  type ObjectState,
  type RestoreTier,
  restore,
  restoreTiers,
  statesOfDay,
  waitFor,
} from "../../archive/restore.ts";
import { type CommonOptions, consent, onTarget, type Surroundings } from "../context.ts";
import type { CommandResult } from "../result.ts";
import { dayArgument } from "../times.ts";
import { bucketOf, inWords, s3Of } from "./on-archive.ts";

interface RestoreOptions extends CommonOptions {
  readonly day: string;
  readonly tier: RestoreTier;
  readonly days: number;
  readonly bucket?: string;
  readonly yes?: boolean;
}

const details = `
The copies can be read for --days, and are paid for as long; the objects stay in Glacier. Run again, it asks only for
what isn't under way, and says how far it is. Glacier: Expedited 1 to 5 minutes, Standard 3 to 5 hours, Bulk 5 to 12.`;

/** `cli archive restore --day`: a day's objects back from Glacier. */
export const archiveRestoreCommand = {
  describe: (command: Command): Command =>
    command
      .description("Bring the objects of a sealed day back from Glacier, or say how far that is.")
      .requiredOption("--day <day>", "sealed day, YYYY-MM-DD", dayArgument)
      .addOption(new Option("--tier <tier>", "how fast, and how dear").choices([...restoreTiers]).default("Standard"))
      .option("--days <n>", "how long the copies stay", daysArgument, 7)
      .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)")
      .option("--yes", "don't ask before anything is restored in AWS")
      .addHelpText("after", details),
  examples: [
    "archive restore --day 2026-10-05 --env prod",
    "archive restore --day 2026-10-05 --tier Bulk --env prod --yes",
  ],
  run: (surroundings: Surroundings, options: RestoreOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, ({ target }) =>
      inWords(async () => {
        const { day, tier, days } = options;
        const s3 = s3Of(target);
        const bucket = await bucketOf(target, options.bucket);
        const source = createBucketSource(s3, { bucket, cache: ".local/archive" });
        const { states, isListed } = await statesOfDay(s3, source, { bucket, day });
        const waiting = [...states.values()].filter(({ kind }) => kind === "in-glacier").length;
        if (waiting > 0) {
          const isGiven = options.yes === true || target.isLocal;
          const ask = options.json === true ? async () => undefined : surroundings.ask;
          const deed = `Restore ${waiting} objects of ${day} (${tier}) for ${days} days`;
          const obstacle = await consent(target.settings.name, deed, { ask, isGiven });
          if (obstacle !== undefined) return obstacle;
        }
        const asked = await restore(s3, { bucket, tier, days }, states);
        return told({ day, tier, states, asked, isListed, isLocal: target.isLocal });
      }),
    ),
};

interface Outcome {
  readonly day: string;
  readonly tier: RestoreTier;
  /** As they were before anything was asked for. */
  readonly states: ReadonlyMap<string, ObjectState>;
  readonly asked: number;
  readonly isListed: boolean;
  readonly isLocal: boolean;
}

function told({ day, tier, states, asked, isListed, isLocal }: Outcome): CommandResult {
  const all = [...states.values()];
  const ready = all.filter(({ kind }) => kind === "ready");
  const underWay = all.filter(({ kind }) => kind === "under-way").length;
  const classes = new Set(all.flatMap((state) => (state.kind === "in-glacier" ? [state.storageClass] : [])));
  const waits = [...classes].flatMap((storageClass) => waitFor(storageClass, tier) ?? []);
  const [until] = ready
    .flatMap((state) => (state.kind === "ready" && state.until !== undefined ? [state.until] : []))
    .toSorted();
  const json = {
    day,
    objects: all.length,
    ready: ready.length,
    underWay,
    asked,
    estimatedWait: waits,
    readableUntil: until ?? null,
    isComplete: isListed,
  };
  const lines = [
    `${day}: ${all.length} objects, ${ready.length} ready, ${underWay} under way, ${asked} asked for now.`,
    ...(waits.length > 0
      ? [`Those asked for take ${waits.join(" or ")} (${tier}). Run this again to see how far it is.`]
      : []),
    ...(until === undefined ? [] : [`The copies can be read until ${timeText(until)}.`]),
    ...(isListed
      ? []
      : ["The manifests themselves are in Glacier. Run this again when they are back: they name the rest."]),
    ...(isLocal && asked + underWay === 0 ? ["In the local runtime nothing is ever in Glacier."] : []),
  ];
  return { kind: "done", text: lines.join("\n"), json };
}

function daysArgument(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError("Give a whole number of days, from 1.");
  return Number(value);
}
