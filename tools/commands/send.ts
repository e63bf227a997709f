import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { type ProviderName, providerNames } from "../../config/providers.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import { noValueText, readProviderSecret } from "../aws/provider-secret.ts";
import { httpUrlOf, isLoopback, localApiUrl, type Target } from "../aws/target.ts";
import { type CommonOptions, consent, onTarget, type Surroundings } from "./context.ts";
import { hintFor } from "./hint.ts";
import { postWebhook } from "./post-webhook.ts";
import { type CommandResult, failed, usage } from "./result.ts";
import { answerResult } from "./send-answer.ts";
import { type OrderOptions, readOrder } from "./send-order.ts";
import { momentArgument } from "./times.ts";
import { webhookBuilders } from "./webhooks/index.ts";
import { signWebhook } from "./webhooks/sign-webhook.ts";

interface SendOptions extends CommonOptions, OrderOptions {
  readonly to?: string;
  readonly secret?: string;
  readonly yes?: boolean;
}

const againHelp = `
The same command again is a duplicate where it has --id, and it is the same day (UTC) or has the same --at. Under another
time the provider's id would tell of another event, which is put into the dead-letter queue. Braintree's webhooks have no
id: what says the same is the same. --seed and --at, as --json tells them, repeat any other.`;

const typesHelp = `
Types that a provider can tell of:
${providerNames.map((name) => `  ${name}: ${webhookBuilders[name].types.join(", ")}`).join("\n")}`;

/** `cli send`: one webhook, signed as its provider would. */
export const sendCommand = {
  describe: (command: Command): Command =>
    command
      .description("Send one signed webhook, as a provider would, and print what the API answers.")
      .requiredOption("--provider <name>", `whose webhook it is: ${providerNames.join(", ")}`)
      .requiredOption("--type <type>", "what it tells, in our words; see below")
      .option("--amount <number>", "amount in major units, such as 12.34")
      .option("--currency <code>", "ISO 4217 code, such as EUR")
      .option(
        "--to <url>",
        `base URL of the webhook API (local: ${localApiUrl}; AWS: the stack's WebhookApiUrl); one on this machine implies --local`,
      )
      .option("--secret <text>", "signing secret (default: the provider's, read from Secrets Manager)")
      .option("--id <id>", "the provider's event id (default: a fresh one)")
      .option("--at <time>", "when it happened (default: now; with --id the day's beginning, UTC)", momentArgument)
      .option("--seed <digits>", "what ids are made of that aren't given, as --json told of an earlier one")
      .option("--transaction <id>", "payment that it is about (default: a fresh one)")
      .option("--customer <id>", "customer, in the provider's form")
      .option("--risk <0-100>", "the provider's risk score (stripe, standard-webhooks, adyen)")
      .option("--card-country <code>", "where the card was issued (stripe, standard-webhooks, adyen)")
      .option(
        "--customer-country <code>",
        "where the customer is (stripe, standard-webhooks, shopify, paypal, adyen, square)",
      )
      .option("--yes", "don't ask before sending to AWS")
      .addHelpText("after", `${againHelp}\n${typesHelp}`),
  examples: [
    "send --provider stripe --type payment.succeeded --amount 12.34 --currency EUR --local",
    "send --provider stripe --type payment.succeeded --amount 12500 --currency USD --risk 70 --card-country NG --customer-country DE --local",
  ],
  async run(surroundings: Surroundings, typed: SendOptions): Promise<CommandResult> {
    const options = withPlace(typed, surroundings.variables);
    const read = readOrder(options, {
      freshToken: randomBytes(12).toString("hex"),
      nowMs: surroundings.now(),
    });
    if (read.kind === "usage") return read;
    const { provider, order } = read;
    return onTarget(surroundings, options, async ({ target, clients }) => {
      const to = destination(options.to, target);
      if (to === undefined)
        return usage(`Say where the webhook API is, with --to and an http or https URL (local: ${localApiUrl}).`);
      const secretValue =
        options.secret === undefined
          ? await readProviderSecret(clients.secrets, target.names.providerSecret(provider))
          : { secrets: [options.secret] };
      const opened = providers[provider].open(secretValue);
      if (secretValue === undefined || opened.kind === "misconfigured")
        return failed(noSecret(provider, target, secretValue));
      const webhook = webhookBuilders[provider].build(order, secretValue);
      if (webhook.kind === "usage") return webhook;
      const url = `${to}/webhooks/${provider}`;
      const obstacle = await consent(target.settings.name, `Send ${order.type} of ${provider} to ${url}`, {
        ask: surroundings.ask,
        isGiven: options.yes === true || (target.isLocal && isLoopback(new URL(url))),
      });
      if (obstacle !== undefined) return obstacle;
      surroundings.err(`Sending to ${url}.`);
      const { headers, body } = signWebhook(provider, webhook, { secretValue, nowMs: surroundings.now() });
      const odd = unsendable(headers);
      if (odd !== undefined) {
        return usage(
          `${provider} sends the id in the header ${odd}, which has no room for such characters: give another --id.`,
        );
      }
      const answer = await postWebhook(url, headers, body);
      return answer.kind === "no-answer"
        ? failed(`Nothing answers at ${to}. Start the local runtime with "npm start", or say --to.`)
        : answerResult(answer, { hint: hintFor(options), order });
    });
  },
};

/** What goes to this machine, and is said to be of nowhere else, is the local runtime's. */
function withPlace(options: SendOptions, { AWS_ENDPOINT_URL }: Surroundings["variables"]): SendOptions {
  const { env, local, endpoint, to } = options;
  const isPlaced = [env, endpoint, local, AWS_ENDPOINT_URL || undefined].some((one) => one !== undefined);
  const url = httpUrlOf(to ?? "");
  return isPlaced || url === undefined || !isLoopback(url) ? options : { ...options, local: true };
}

/** The header that HTTP can't carry: each character is a byte of Latin-1. Names and signatures are; ids are typed. */
function unsendable(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value))?.[0];
}

/** Without a slash at its end. */
function destination(to: string | undefined, { isLocal }: Target): string | undefined {
  const text = to ?? (isLocal ? localApiUrl : "");
  return httpUrlOf(text) === undefined ? undefined : text.replace(/\/+$/, "");
}

function noSecret(provider: ProviderName, { names }: Target, value: unknown): string {
  const name = names.providerSecret(provider);
  return value === undefined
    ? noValueText(name, provider)
    : `The secret of ${provider} isn't in its form: look at ${name}, or at --secret.`;
}
