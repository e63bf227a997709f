/**
 * The smoke test: one webhook, signed as its provider would, followed from the API to its decision. It tells of a
 * payment of 1.00 USD that failed: the smallest thing that takes the whole way. It moves no money in anybody's sums,
 * names neither customer nor card, so no fraud history grows, and its ids begin with a mark.
 */

import type { Names } from "../../config/names.ts";
import type { ProviderName } from "../../config/providers.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import { signers } from "../../lambdas/shared/providers/sign.ts";
import type { PipelineReader } from "../aws/pipeline-reader.ts";
import type { ApiAnswer } from "../commands/send-answer.ts";
import { printable } from "../commands/text/table.ts";
import { webhookBuilders } from "../commands/webhooks/index.ts";
import type { WebhookOrder } from "../commands/webhooks/types.ts";
import { secretAdvice, whereToLook } from "./smoke-advice.ts";

/** The stations of its way, in order. */
export type SmokeStage = "accepted" | "recorded" | "decided";

export interface SmokeTest {
  readonly provider: ProviderName;
  readonly names: Names;
  /** Base URL of the webhook API, without a slash at its end. */
  readonly apiUrl: string;
  /** 24 hexadecimal digits that nobody has used. */
  readonly token: string;
  readonly timeoutSeconds: number;
}

export interface SmokePorts {
  readonly reader: Pick<PipelineReader, "claim" | "decision" | "entries" | "transactionIdOf">;
  /** Value of the provider's secret; undefined where it has none yet. */
  readSecret(name: string): Promise<unknown>;
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array<ArrayBuffer>,
  ): Promise<ApiAnswer | undefined>;
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
  /** Hears of each stage as it is passed. */
  passed(stage: SmokeStage, afterMs: number): void;
}

export type SmokeOutcome =
  | {
      readonly kind: "passed";
      readonly eventId: string;
      readonly decision: string;
      /** Milliseconds from the first attempt to send. */
      readonly stagesMs: Readonly<Record<SmokeStage, number>>;
    }
  /** Nothing was sent: a person has to put the secret's value first. */
  | { readonly kind: "no-secret"; readonly message: string }
  | {
      readonly kind: "stopped";
      /** The stage that wasn't reached. */
      readonly before: SmokeStage;
      readonly eventId?: string;
      readonly message: string;
    };

const pollMs = 500;

/** Sends the webhook and waits for its decision. */
export async function smokeTest(test: SmokeTest, ports: SmokePorts): Promise<SmokeOutcome> {
  const { provider, names, timeoutSeconds } = test;
  const secretName = names.providerSecret(provider);
  const secretValue = await ports.readSecret(secretName);
  const opened = secretValue === undefined ? undefined : providers[provider].open(secretValue);
  if (opened === undefined || opened.kind === "misconfigured") {
    return { kind: "no-secret", message: secretAdvice(provider, secretName, opened?.detail) };
  }
  const startedAtMs = ports.now();
  const stagesMs: { [stage in SmokeStage]?: number } = {};
  const watch: Watch = {
    pass(stage) {
      stagesMs[stage] = ports.now() - startedAtMs;
      ports.passed(stage, ports.now() - startedAtMs);
    },
    isLate: () => ports.now() - startedAtMs > timeoutSeconds * 1000,
  };
  const sent = await untilAccepted(() => send(test, secretValue, ports), watch, test, ports);
  if (sent.kind === "stopped") return sent;
  const followed = await untilDecided(sent.eventId, watch, test, ports);
  if (followed.kind === "stopped") return followed;
  return { kind: "passed", ...followed.decided, stagesMs: stagesMs as Record<SmokeStage, number> };
}

interface Watch {
  pass(stage: SmokeStage): void;
  isLate(): boolean;
}

type Stopped = Extract<SmokeOutcome, { readonly kind: "stopped" }>;

async function untilAccepted(
  attempt: () => Promise<ApiAnswer | undefined>,
  { pass, isLate }: Watch,
  { apiUrl, names }: SmokeTest,
  { sleep }: SmokePorts,
): Promise<{ readonly kind: "accepted"; readonly eventId: string } | Stopped> {
  for (;;) {
    const answer = await attempt();
    const eventId = acceptedId(answer);
    if (eventId !== undefined) {
      pass("accepted");
      return { kind: "accepted", eventId };
    }
    // What is new may answer 5xx for a moment; anything else stays as it is.
    if (isLate() || (answer !== undefined && answer.status < 500)) {
      const detail =
        answer === undefined
          ? `nothing answers at ${apiUrl}.`
          : `the API answers ${answer.status} ${printable(answer.text.slice(0, 200))}.`;
      return stopped("accepted", detail, names);
    }
    await sleep(pollMs);
  }
}

async function untilDecided(
  eventId: string,
  { pass, isLate }: Watch,
  { names, timeoutSeconds }: SmokeTest,
  { reader, sleep }: SmokePorts,
): Promise<{ readonly kind: "decided"; readonly decided: { eventId: string; decision: string } } | Stopped> {
  let transactionId: string | undefined;
  for (;;) {
    const claim = await reader.claim(eventId);
    if (claim !== undefined && transactionId === undefined) {
      transactionId = await recordedAs(eventId, claim, reader);
      if (transactionId !== undefined) pass("recorded");
    }
    const found = transactionId === undefined ? undefined : await reader.decision(transactionId, eventId);
    if (found !== undefined) {
      pass("decided");
      return { kind: "decided", decided: { eventId, decision: found.decision } };
    }
    if (isLate()) {
      const problem = claim?.error === undefined ? "" : ` (${printable(claim.error)})`;
      const state = claim === undefined ? "it has no claim" : `its claim is ${printable(claim.status)}${problem}`;
      const before = transactionId === undefined ? "recorded" : "decided";
      return stopped(before, `after ${timeoutSeconds} s ${state}.`, names, eventId);
    }
    await sleep(pollMs);
  }
}

function stopped(before: SmokeStage, detail: string, names: Names, eventId?: string): Stopped {
  const message = `The webhook was not ${before}: ${detail} ${whereToLook(before, names, eventId)}`;
  return { kind: "stopped", before, message, ...(eventId === undefined ? {} : { eventId }) };
}

/** Its transaction, once the index knows it and the fact can be read. */
async function recordedAs(
  eventId: string,
  claim: NonNullable<Awaited<ReturnType<PipelineReader["claim"]>>>,
  reader: SmokePorts["reader"],
): Promise<string | undefined> {
  const transactionId = await reader.transactionIdOf(eventId, claim);
  if (transactionId === undefined) return undefined;
  const entries = await reader.entries(transactionId);
  return entries.some((entry) => entry.kind === "fact" && entry.eventId === eventId) ? transactionId : undefined;
}

/** Signed anew with each attempt, since a signature ages; always under one id, so that it counts once. */
async function send(
  { provider, apiUrl, token }: SmokeTest,
  secretValue: unknown,
  { post, now }: SmokePorts,
): Promise<ApiAnswer | undefined> {
  const webhook = webhookBuilders[provider].build(orderOf(provider, token, now()), secretValue);
  if (webhook.kind === "usage") throw new Error(webhook.message);
  const body = Buffer.from(JSON.stringify(webhook.body));
  const { deliveryId, topic } = webhook;
  const headers = signers[provider]({ body, secretValue, nowMs: now(), deliveryId, topic });
  return post(`${apiUrl}/webhooks/${provider}`, headers, body);
}

function orderOf(provider: ProviderName, token: string, occurredAtMs: number): WebhookOrder {
  return {
    type: "payment.failed",
    money: { amountMinor: "100", currency: "USD" },
    token,
    eventId: provider === "stripe" ? `evt_smoke_${token}` : `smoke_${token}`,
    // Shopify's ids are numbers, made of the token.
    ...(provider === "shopify"
      ? {}
      : { transactionId: provider === "stripe" ? `pi_smoke_${token}` : `smoke_${token}` }),
    occurredAtMs,
  };
}

function acceptedId(answer: ApiAnswer | undefined): string | undefined {
  if (answer?.status !== 200) return undefined;
  try {
    const { eventId } = JSON.parse(answer.text) as { readonly eventId?: unknown };
    return typeof eventId === "string" ? eventId : undefined;
  } catch {
    return undefined;
  }
}
