/** Values of the providers' secrets: those that are given, those that are kept, else fresh ones. */
import * as v from "valibot";
import { isProviderName, type ProviderName, providerNames } from "../config/providers.ts";
import { providers } from "../lambdas/shared/providers/index.ts";
import { secretEntries } from "../lambdas/shared/providers/secret-value.ts";
import { freshApiKeys, freshSecret, routingTests } from "./fresh-secrets.ts";
import { type Inventory, optionalText, text } from "./resources/inventory.ts";

/** Provider → secret value, an object with at least `secrets`: signing secrets, for good or from a time to a time. */
export type SecretOverrides = Readonly<Partial<Record<ProviderName, Readonly<Record<string, unknown>>>>>;

/** @throws Error that lists everything which is wrong with a `--secrets` file */
export function parseSecretOverrides(json: string): SecretOverrides {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    throw new Error("The secrets file is not JSON.");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Error('The secrets file holds no object. Write {"stripe": {"secrets": ["whsec_…"]}}.');
  }
  const problems = Object.entries(parsed).flatMap(([provider, value]) => {
    if (!isProviderName(provider)) return [`"${provider}" is no provider (${providerNames.join(", ")})`];
    const secrets = (value as { secrets?: unknown } | null)?.secrets;
    if (!v.is(secretEntries, secrets)) {
      return [`${provider}: "secrets" must be a list of one to ten, each a text or {"secret", "id", "from", "until"}`];
    }
    // What is wrong for this provider would otherwise show at its first webhook.
    const opened = providers[provider].open(value);
    return opened.kind === "opened" ? [] : [`${provider}: ${opened.detail.replace(/\.$/, "")}`];
  });
  if (problems.length > 0) throw new Error(`The secrets file: ${problems.join("; ")}.`);
  return parsed;
}

/** `webhook-secrets/stripe-dev` is Stripe's. */
function providerOfSecret(secretName: string, environment: string): ProviderName | undefined {
  const name = secretName.replace(/^webhook-secrets\//, "").slice(0, -environment.length - 1);
  return isProviderName(name) ? name : undefined;
}

function freshApiKey(secretName: string, environment: string): string | undefined {
  const [prefix, rest = ""] = secretName.split("/");
  const provider = rest.slice(0, -environment.length - 1);
  const isOfApi = prefix === "provider-api-keys" && Object.hasOwn(freshApiKeys, provider);
  return isOfApi ? freshApiKeys[provider]?.() : undefined;
}

/** Secret name → JSON text, for every provider's secrets in the stacks: of its webhooks and of its API. */
export function secretValues(
  inventory: Inventory,
  environment: string,
  given: SecretOverrides,
  kept: ReadonlyMap<string, string>,
): Map<string, string> {
  return new Map(
    inventory.ofType("aws_secretsmanager_secret").flatMap((secret) => {
      const name = text(secret, "name");
      const provider = providerOfSecret(name, environment);
      if (provider === undefined) {
        const apiKey = kept.get(name) ?? freshApiKey(name, environment);
        return apiKey === undefined ? [] : [[name, apiKey] as const];
      }
      const override = given[provider];
      const value =
        override === undefined
          ? (kept.get(name) ?? JSON.stringify(freshSecret(provider)))
          : JSON.stringify(routingTests(provider, override));
      return [[name, value] as const];
    }),
  );
}

export function secretsOf(inventory: Inventory): { arn: string; name: string; description?: string }[] {
  return inventory.ofType("aws_secretsmanager_secret").map((secret) => {
    const description = optionalText(secret, "description");
    return {
      arn: text(secret, "arn"),
      name: text(secret, "name"),
      ...(description === undefined ? {} : { description }),
    };
  });
}
