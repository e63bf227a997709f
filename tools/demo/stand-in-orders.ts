/** What Stripe's stand-in is told to do, past Stripe's API, and what it says of its webhooks. */
import { setTimeout as wait } from "node:timers/promises";
import type { Stage } from "./play.ts";

/** Answers of the stand-in to `deliveries`, as far as they are read here. */
export interface Deliveries {
  readonly pending: readonly Delivery[];
  readonly givenUp: readonly { readonly id: string }[];
  readonly lost: readonly Delivery[];
  readonly misstated: readonly Delivery[];
}

export interface Delivery {
  readonly id: string;
  readonly type: string;
  readonly account?: string;
  readonly misstatement?: { readonly actual: number; readonly stated: number };
}

const deliverLimitMs = 3 * 60_000;
const pollMs = 50;

/** Lets Stripe answer nothing about the account but that it is out of service, or lets it answer again. */
export async function strikeAccount(
  { local }: Pick<Stage, "local">,
  account: string,
  isStruck: boolean,
): Promise<void> {
  await order(local, isStruck ? `trouble?kind=unavailable&account=${account}` : "trouble?kind=none");
}

/** Resolves when each webhook is taken, lost or given up. */
export async function untilDelivered(local: Stage["local"]): Promise<Deliveries> {
  for (const deadline = Date.now() + deliverLimitMs; Date.now() < deadline; await wait(pollMs)) {
    const deliveries = await order<Deliveries>(local, "deliveries");
    if (deliveries.pending.length === 0) return deliveries;
  }
  throw new Error(`The stand-in's webhooks weren't taken within ${deliverLimitMs / 60_000} minutes.`);
}

/** Tells the stand-in what to do, past Stripe's API. */
export async function order<T>({ awsUrl }: Stage["local"], what: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${awsUrl}/_local/providers/stripe/${what}`, {
    method: body === undefined ? "GET" : "POST",
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`The stand-in can't do ${what}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
