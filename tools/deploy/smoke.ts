/**
 * The smoke test: one webhook, signed as its provider would, followed from the API to its decision. It tells of a
 * payment of 1.00 USD that failed: the smallest thing that takes the whole way. It moves no money in anybody's sums,
 * names neither customer nor card, so no fraud history grows, and its ids begin with a mark.
 */

import type { Names } from "../../config/names.ts";
import type { ProviderName } from "../../config/providers.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import type { PipelineReader } from "../aws/pipeline-reader.ts";
import type { Posted } from "../commands/post-webhook.ts";
import { printable } from "../commands/text/table.ts";
import { connectionAdvice, secretAdvice, whereToLook } from "./smoke-advice.ts";
import { acceptedId, sendSmokeWebhook } from "./smoke-webhook.ts";

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
  post(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<Posted>;
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

/** Codes of Node and undici of a connection that may be better the next time; none is an answer that took too long. */
const passing = /^$|^(ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_\w+)$/;
/** Attempts in a row at connecting: a name server or a listener may be a moment late, but not minutes. */
const connectionAttempts = 4;

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
  const sent = await untilAccepted(() => sendSmokeWebhook(test, secretValue, ports), watch, test, ports);
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
  attempt: () => Promise<Posted>,
  { pass, isLate }: Watch,
  { apiUrl, names }: SmokeTest,
  { sleep }: SmokePorts,
): Promise<{ readonly kind: "accepted"; readonly eventId: string } | Stopped> {
  for (let unconnected = 0; ; ) {
    const posted = await attempt();
    if (posted.kind === "answer") {
      const eventId = acceptedId(posted);
      if (eventId !== undefined) {
        pass("accepted");
        return { kind: "accepted", eventId };
      }
      // What is new may answer 5xx for a moment; anything else stays as it is.
      if (isLate() || posted.status < 500) {
        const detail = `the API answers ${posted.status} ${printable(posted.text.slice(0, 200))}.`;
        return stopped("accepted", detail, whereToLook("accepted", names, undefined));
      }
    } else {
      // A host that nobody knows or that refuses seldom begins to answer; one that is slow may.
      unconnected = passing.test(posted.code) ? 0 : unconnected + 1;
      if (isLate() || unconnected === connectionAttempts) {
        const { detail, advice } = connectionAdvice(posted.code, apiUrl);
        return stopped("accepted", detail, advice);
      }
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
      return stopped(before, `after ${timeoutSeconds} s ${state}.`, whereToLook(before, names, eventId), eventId);
    }
    await sleep(pollMs);
  }
}

function stopped(before: SmokeStage, detail: string, advice: string, eventId?: string): Stopped {
  const message = `The webhook was not ${before}: ${detail} ${advice}`;
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
