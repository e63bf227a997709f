/** What to look at when the smoke test's webhook doesn't arrive, and how to give a provider its secret. */
import type { LambdaName } from "../../config/lambdas.ts";
import type { Names } from "../../config/names.ts";
import type { ProviderName } from "../../config/providers.ts";
import type { SmokeStage } from "./smoke.ts";

/** Log groups and queues of the stage that wasn't reached. */
export function whereToLook(before: SmokeStage, names: Names, eventId: string | undefined): string {
  const logs = (name: LambdaName) => `the log group /aws/lambda/${names.lambda(name)}`;
  const { webhookEvents, lowValueBatch } = names.queues;
  const places: Readonly<Record<SmokeStage, string>> = {
    accepted: logs("webhook-validator"),
    recorded: `the queues ${webhookEvents} and ${names.dlq("webhook-events")}, and ${logs("webhook-dedup")}`,
    decided: `the queues ${lowValueBatch}, ${names.dlq("low-value-batch")} and ${names.dlq("payment-events")}, and ${logs("fraud-detector")}`,
  };
  return `Look at ${places[before]}${eventId === undefined ? "" : `, for ${eventId}`}.`;
}

/** Why nobody answers at the API's URL, by Node's code, and what to do about it. */
export function connectionAdvice(code: string, apiUrl: string): { readonly detail: string; readonly advice: string } {
  const { host, hostname } = new URL(apiUrl);
  const elsewhere = "or say with --to where the API is: deploy prints it as WebhookApiUrl.";
  // EAI_AGAIN: not even a name server answers.
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return { detail: `no name server knows ${hostname}.`, advice: `Check the network and its DNS, ${elsewhere}` };
  }
  if (code === "ECONNREFUSED") {
    return { detail: `nothing listens at ${host}.`, advice: `Start it, ${elsewhere}` };
  }
  const reason = code === "" ? "" : ` (${code})`;
  return {
    detail: `nothing answers at ${apiUrl}${reason}.`,
    advice: `Check the network and its firewalls, ${elsewhere}`,
  };
}

/** The command that puts a value. */
export function secretAdvice(provider: ProviderName, secretName: string, problem: string | undefined): string {
  const state =
    problem === undefined
      ? `The secret ${secretName} has no value yet`
      : `The secret ${secretName} isn't in its form: ${problem}`;
  return `${state}. Put one, in the same environment: npm run cli -- secrets add --provider ${provider}`;
}
