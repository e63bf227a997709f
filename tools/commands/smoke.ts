import { randomBytes } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import { isProviderName, type ProviderName } from "../../config/providers.ts";
import { type Clients, createClients } from "../aws/clients.ts";
import { createPipelineReader } from "../aws/pipeline-reader.ts";
import { readProviderSecret } from "../aws/provider-secret.ts";
import { httpUrlOf, isLoopback, localApiUrl, type Target } from "../aws/target.ts";
import { deployedApiUrl } from "../deploy/deployed-api.ts";
import { type SmokeOutcome, smokeTest } from "../deploy/smoke.ts";
import { type CommonOptions, consent, onTarget, type Surroundings } from "./context.ts";
import { postWebhook } from "./post-webhook.ts";
import { type CommandResult, failed, usage } from "./result.ts";
import { printable } from "./text/table.ts";
import { webhookBuilders } from "./webhooks/index.ts";

interface SmokeOptions extends CommonOptions {
  readonly to?: string;
  readonly provider: ProviderName;
  readonly timeout: number;
  readonly terraform: string;
  readonly yes?: boolean;
}

/** Seconds that one webhook gets: cold starts, and a queue between each two stages. */
const defaultTimeoutSeconds = 120;

/** Providers that tell of payments, and of how much: GoCardless has to be asked, and knows nothing of one made up. */
const payers = (Object.keys(webhookBuilders) as ProviderName[]).filter(
  (name) => webhookBuilders[name].types.includes("payment.failed") && name !== "gocardless",
);

/** `cli smoke`: whether one webhook gets through. */
export const smokeCommand = {
  describe: (command: Command): Command =>
    command
      .description("Send one signed webhook (a payment of 1.00 USD that failed) and follow it to its decision.")
      .option("--provider <name>", `whose webhook it is: ${payers.join(", ")}`, readProvider, "stripe")
      .option(
        "--to <url>",
        `base URL of the webhook API (local: ${localApiUrl}; AWS: Terraform's output WebhookApiUrl)`,
      )
      .option("--timeout <seconds>", "how long it may take", readSeconds, defaultTimeoutSeconds)
      .option("--terraform <program>", "what reads the output WebhookApiUrl", "terraform")
      .option("--yes", "don't ask before sending to AWS"),
  examples: ["smoke --local", "smoke --env dev", "smoke --env prod --yes --json"],
  run: (surroundings: Surroundings, options: SmokeOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, async ({ target, clients }) => {
      const apiUrl = await findApi(options, target, surroundings);
      if (apiUrl === undefined) {
        return usage(
          `Say where the webhook API is, with --to: no output WebhookApiUrl of pipeline-${target.settings.name} is at hand (npm run synth, and credentials for its state, bring it).`,
        );
      }
      const obstacle = await consent(target.settings.name, `Send a failed payment of 1.00 USD to ${apiUrl}`, {
        ask: surroundings.ask,
        isGiven: options.yes === true || (target.isLocal && isLoopback(new URL(apiUrl))),
      });
      if (obstacle !== undefined) return obstacle;
      const { provider, timeout: timeoutSeconds } = options;
      return smokeResult(await runSmoke(surroundings, { target, clients, apiUrl, provider, timeoutSeconds }));
    }),
};

/** The same for an environment that has just been deployed. Undefined where it has no API. */
export async function smokeDeployed(
  surroundings: Surroundings,
  target: Target,
  webhookApiUrl: string | undefined,
): Promise<SmokeOutcome | undefined> {
  if (webhookApiUrl === undefined) return undefined;
  const test = { provider: "stripe", apiUrl: trimmed(webhookApiUrl), timeoutSeconds: defaultTimeoutSeconds } as const;
  return runSmoke(surroundings, { ...test, target, clients: createClients(target) });
}

interface SmokeRun {
  readonly target: Target;
  readonly clients: Clients;
  readonly apiUrl: string;
  readonly provider: ProviderName;
  readonly timeoutSeconds: number;
}

function runSmoke(
  { err, now, sleep }: Surroundings,
  { target, clients, apiUrl, provider, timeoutSeconds }: SmokeRun,
): Promise<SmokeOutcome> {
  const { names } = target;
  err(`Smoke test: sending to ${apiUrl}/webhooks/${provider}.`);
  return smokeTest(
    { provider, names, apiUrl, token: randomBytes(12).toString("hex"), timeoutSeconds },
    {
      reader: createPipelineReader(clients.dynamoDb, names),
      readSecret: (name) => readProviderSecret(clients.secrets, name),
      post: postWebhook,
      now,
      sleep,
      passed: (stage, afterMs) => err(`Smoke test: ${stage} after ${(afterMs / 1000).toFixed(1)} s.`),
    },
  );
}

function smokeResult(outcome: SmokeOutcome): CommandResult {
  if (outcome.kind !== "passed") return failed(outcome.message, outcome);
  const { eventId, decision } = outcome;
  return { kind: "done", text: `${printable(eventId)}: ${decision}`, json: outcome };
}

async function findApi(
  { to, terraform }: SmokeOptions,
  target: Target,
  { variables }: Surroundings,
): Promise<string | undefined> {
  const text = to ?? (target.isLocal ? localApiUrl : await deployedApiUrl(target, { program: terraform, variables }));
  return text === undefined || httpUrlOf(text) === undefined ? undefined : trimmed(text);
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}

function readProvider(text: string): ProviderName {
  if (isProviderName(text) && payers.includes(text)) return text;
  throw new InvalidArgumentError(`Choose one of: ${payers.join(", ")}.`);
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds > 0) return seconds;
  throw new InvalidArgumentError("Give whole seconds, more than 0.");
}
