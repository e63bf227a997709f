import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Command } from "commander";
import { type ProviderName, providerNames } from "../../config/providers.ts";
import { createBucketSource } from "../archive/bucket-source.ts";
import { clientOptionsOf } from "../aws/clients.ts";
import { explainError } from "../aws/explain-error.ts";
import { placeOf } from "../aws/target.ts";
import { alarmsOf, checkAlarms } from "../health/checks/alarms.ts";
import { checkArchive } from "../health/checks/archive.ts";
import { checkDeadLetters } from "../health/checks/dead-letters.ts";
import { checkQueues } from "../health/checks/queues.ts";
import { checkReconciliation } from "../health/checks/reconciliation.ts";
import { checkReviews } from "../health/checks/reviews.ts";
import { checkSecrets, createHasValue } from "../health/checks/secrets.ts";
import { createQueueFacts } from "../health/queues.ts";
import { type Check, sectionsOf } from "../health/section.ts";
import { createReports } from "../reconciliation/reports.ts";
import { bucketOf, s3Of } from "./archive/on-archive.ts";
import { type CommonOptions, type Connection, onTarget, type Surroundings } from "./context.ts";
import { healthResult } from "./health/health-text.ts";
import { hintFor } from "./hint.ts";
import type { CommandResult } from "./result.ts";
import { providerArgument } from "./secrets/change-secret.ts";

interface HealthOptions extends CommonOptions {
  readonly provider?: readonly ProviderName[];
  readonly bucket?: string;
}

const details = `
Sections: queues, dead letters, reviews, archive, reconciliation, alarms, secrets. Each is looked at by itself: one that
can't be, because a call is denied say, is "not known" with its reason, and the others are told all the same. Nothing is
changed, and no secret's value is read.

Exit codes: 0 healthy, 1 something is a problem or not known, 2 wrong use.`;

/** `cli health`: whether anything needs somebody, in one look. */
export const healthCommand = {
  describe: (command: Command): Command =>
    command
      .description(
        "Say whether anything needs somebody: queues, dead letters, reviews, archive, books, alarms, secrets.",
      )
      .option("--provider <name>", "this one has to have a signing secret (may be given more than once)", addProvider)
      .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)")
      .addHelpText("after", details),
  examples: ["health --local", "health --env prod", "health --env prod --provider stripe --provider paypal --json"],
  run: (surroundings: Surroundings, options: HealthOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, async (connection) => {
      const { target } = connection;
      const nowMs = surroundings.now();
      const explain = (error: unknown) => explainError(error, target);
      const sections = await sectionsOf(checksOf(connection, options, nowMs), explain);
      return healthResult(sections, {
        environment: target.settings.name,
        place: placeOf(target),
        nowMs,
        hint: hintFor(options),
        out: options.json ? () => undefined : surroundings.out,
      });
    }),
};

function checksOf(connection: Connection, options: HealthOptions, nowMs: number): Readonly<Record<string, Check>> {
  const { target, clients, reader } = connection;
  const { names, settings } = target;
  const clientOptions = clientOptionsOf(target);
  const cloudWatch = new CloudWatchClient(clientOptions);
  const queues = createQueueFacts(new SQSClient(clientOptions), cloudWatch);
  const explain = (error: unknown) => explainError(error, target);
  const bucket = () => bucketOf(target, options.bucket);
  const { reconciledProviders: providers } = settings;
  return {
    queues: () => checkQueues(queues, { names, nowMs, explain }),
    "dead-letters": () => checkDeadLetters(queues, names),
    reviews: () => checkReviews(reader, nowMs),
    // Only keys are listed: nothing is downloaded, so nothing is kept in the folder either.
    archive: async () =>
      checkArchive(createBucketSource(s3Of(target), { bucket: await bucket(), cache: ".local/archive" }), nowMs),
    reconciliation: async () => checkReconciliation(createReports(s3Of(target), await bucket()), { nowMs, providers }),
    alarms: () => checkAlarms(() => alarmsOf(cloudWatch), { environment: settings.name, nowMs }),
    secrets: () =>
      checkSecrets(createHasValue(clients.secrets), { names, required: options.provider ?? [], reconciled: providers }),
  };
}

function addProvider(value: string, before?: readonly ProviderName[]): readonly ProviderName[] {
  const provider = providerArgument(value);
  return providerNames.filter((name) => name === provider || before?.includes(name));
}
