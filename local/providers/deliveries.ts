/**
 * Sends a stand-in's webhooks to the local API, as its provider does: signed, at least once, in no certain order, and
 * again with growing pauses while they aren't taken. What is to be sent is kept, so that a restart forgets none.
 */
import { setTimeout as waitMs } from "node:timers/promises";
import type { RuntimeClock } from "../aws/types.ts";
import { WorkQueue } from "../services/events/work-queue.ts";
import { type FateRates, fateOf, honest } from "./fates.ts";
import type { Objects } from "./objects.ts";

/** A webhook whose body says another amount than the event has. */
export interface Misstatement {
  readonly body: string;
  /** Which field says it, and what it says instead of what. */
  readonly field: string;
  readonly actual: number;
  readonly stated: number;
}

interface Delivery {
  readonly id: string;
  readonly created: number;
  readonly type: string;
  readonly account?: string;
  /** `elsewhere`: somebody else sends it. `given-up`: refused for as long as the provider tries. */
  readonly state: "pending" | "sent" | "misstated" | "lost" | "elsewhere" | "given-up";
  readonly attempts: number;
  /** HTTP status of the last answer; absent when there was none. */
  readonly lastStatus?: number;
  readonly misstatement?: Omit<Misstatement, "body">;
}

export interface DeliveriesOptions {
  readonly objects: Objects;
  readonly clock: RuntimeClock;
  /** Where this provider's webhooks go. */
  readonly url: string;
  /** The event's JSON as it is sent. */
  readonly bodyOf: (eventId: string, account: string | undefined) => string;
  /** Headers that make the body a webhook of the provider; undefined while there is no signing secret. */
  readonly sign: (body: string, nowMs: number) => Readonly<Record<string, string>> | undefined;
  /** The same event with another amount; undefined where it has none. */
  readonly misstate: (body: string) => Misstatement | undefined;
  /** Posts, and gives the answer's status; undefined when there is no answer. */
  readonly post?: (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<number | undefined>;
}

export interface NewEvent {
  readonly id: string;
  readonly created: number;
  readonly type: string;
  readonly account?: string;
}

export interface Deliveries {
  /** Decides the event's fate and sends it accordingly. */
  add(event: NewEvent): void;
  /** Notes an event that somebody else sends. */
  leave(event: NewEvent): void;
  /** For events from now on. */
  setFates(rates: FateRates): FateRates;
  of(eventId: string): Delivery | undefined;
  report(): DeliveryReport;
  pending(): number;
  start(): void;
  stop(): Promise<void>;
}

export interface DeliveryReport {
  readonly fates: FateRates;
  readonly counts: Readonly<Record<Delivery["state"], number>>;
  /** All but those that were sent as they should be. */
  readonly lost: readonly Delivery[];
  readonly misstated: readonly Delivery[];
  readonly pending: readonly Delivery[];
  readonly givenUp: readonly Delivery[];
}

const collection = "deliveries";
const concurrency = 8;
const firstPauseMs = 1000;
const longestPauseMs = 60 * 60 * 1000;
/** Stripe tries for three days: https://docs.stripe.com/webhooks#retries */
const tryForMs = 3 * 24 * 60 * 60 * 1000;

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { objects, clock, url, bodyOf, sign, misstate, post = postWebhook } = options;
  let rates = honest;
  /** Webhooks that are waiting for their first try or under way; those that pause aren't among them. */
  let underWay = 0;

  async function send(id: string): Promise<void> {
    try {
      const delivery = objects.get<Delivery>(collection, id);
      if (delivery?.state === "pending") await attempt(delivery, bodyOf(id, delivery.account));
    } catch (error) {
      console.error(`The webhook of ${id} could not be sent:`, error);
    } finally {
      underWay -= 1;
    }
  }

  async function attempt(delivery: Delivery, original: string): Promise<void> {
    const wrong = delivery.misstatement === undefined ? undefined : misstate(original);
    const body = wrong?.body ?? original;
    const headers = sign(body, clock.now());
    const status = headers === undefined ? undefined : await post(url, headers, body);
    const isLate = clock.now() - delivery.created * 1000 > clock.scaled(tryForMs);
    const tried = afterTry(delivery, status, isLate);
    objects.put(collection, tried);
    objects.commit();
    if (tried.state === "pending") pause(tried.id, tried.attempts);
  }

  const queue = new WorkQueue<string>(concurrency, send);
  const stopping = new AbortController();

  function enqueue(id: string): void {
    underWay += 1;
    queue.add([id]);
  }

  function pause(id: string, attempts: number): void {
    const milliseconds = clock.scaled(Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs));
    waitMs(milliseconds, undefined, { signal: stopping.signal, ref: false }).then(
      () => enqueue(id),
      // Stopped: the next start takes it up.
      () => {},
    );
  }

  function note(event: NewEvent, rest: Pick<Delivery, "state" | "misstatement">): void {
    const { id, created, type, account } = event;
    const delivery: Delivery = { id, created, type, ...(account !== undefined && { account }), attempts: 0, ...rest };
    objects.put(collection, delivery);
  }

  const all = () => [...objects.newestFirst<Delivery>(collection)].reverse();
  for (const { id, state } of all()) if (state === "pending") enqueue(id);

  return {
    add(event) {
      const fate = fateOf(event.id, rates);
      if (fate === "lost") return note(event, { state: "lost" });
      const wrong = fate === "misstated" ? misstate(bodyOf(event.id, event.account)) : undefined;
      const { body: _body, ...misstatement } = wrong ?? { body: "" };
      note(event, {
        state: "pending",
        ...(wrong !== undefined && { misstatement: misstatement as Omit<Misstatement, "body"> }),
      });
      enqueue(event.id);
    },
    leave: (event) => note(event, { state: "elsewhere" }),
    setFates(given) {
      rates = given;
      return rates;
    },
    of: (eventId) => objects.get<Delivery>(collection, eventId),
    report: () => reportOf(all(), rates),
    pending: () => underWay,
    start: () => queue.start(),
    async stop() {
      stopping.abort();
      await queue.stop();
    },
  };
}

/** @param status of the answer, if there was one */
function afterTry(delivery: Delivery, status: number | undefined, isLate: boolean): Delivery {
  const attempts = delivery.attempts + 1;
  const isTaken = status !== undefined && status >= 200 && status < 300;
  const taken = delivery.misstatement === undefined ? "sent" : "misstated";
  // What was made long ago, such as an imported event, has its first tries all the same.
  const left = isLate && attempts > 1 ? "given-up" : "pending";
  return { ...delivery, state: isTaken ? taken : left, attempts, ...(status !== undefined && { lastStatus: status }) };
}

function reportOf(deliveries: readonly Delivery[], fates: FateRates): DeliveryReport {
  const inState = (state: Delivery["state"]) => deliveries.filter((one) => one.state === state);
  const states = ["pending", "sent", "misstated", "lost", "elsewhere", "given-up"] as const;
  const counts = Object.fromEntries(states.map((state) => [state, inState(state).length]));
  return {
    fates,
    counts: counts as DeliveryReport["counts"],
    lost: inState("lost"),
    misstated: inState("misstated"),
    pending: inState("pending"),
    givenUp: inState("given-up"),
  };
}

/** Longer than API Gateway lets a function take. */
const answerLimitMs = 35_000;

async function postWebhook(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<number | undefined> {
  try {
    const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(answerLimitMs) });
    // Unread, it would keep its connection.
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
