/**
 * Delivers events to targets, at least once: each with its target's retry policy, then to the target's dead-letter
 * queue. Nothing leaves the journal before it was delivered, dead-lettered or counted as lost.
 */
import type { CallAws, RuntimeClock } from "../../aws/types.ts";
import type { EventFaults, RuleConfig, TargetConfig } from "./config.ts";
import { deadLetterOf } from "./dead-letter.ts";
import type { BusEvent } from "./event.ts";
import { type DeliveryFailure, failureOf } from "./failure.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { type ExhaustedCondition, retryVerdict, retryWaitMilliseconds } from "./retry-policy.ts";
import { deliveryPrincipal, type Send } from "./targets.ts";
import { WorkQueue } from "./work-queue.ts";

/** A rule's target, ready to deliver to. */
export interface Route {
  readonly rule: RuleConfig;
  readonly target: TargetConfig;
  readonly send: Send;
}

/** An event that reached neither its target nor a dead-letter queue. */
export interface LostDelivery {
  readonly eventId: string;
  readonly ruleArn: string;
  readonly targetId: string;
  readonly reason: string;
}

/** What came of an event that a rule matched; `failed` and what follows it, once it is given up. */
export type RuleFate = "matched" | "delivered" | "retried" | "failed" | "dead-lettered" | "not-dead-lettered";

/** Counters since the start. */
export interface DeliveryCounts {
  readonly delivered: number;
  /** Delivered once more on purpose, by `shouldDuplicate`. */
  readonly duplicated: number;
  readonly retried: number;
  readonly deadLettered: number;
  readonly lost: number;
}

interface DeliveryOptions {
  readonly call: CallAws;
  readonly clock: RuntimeClock;
  readonly journal: Journal;
  readonly faults: EventFaults;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
  readonly onLost: (delivery: LostDelivery) => void;
  readonly onFate?: (rule: RuleConfig, fate: RuleFate) => void;
}

interface Delivery extends JournalEntry {
  readonly route: Route;
  failedAttempts: number;
  /** Set once the target is given up: from then on its dead-letter queue is tried. */
  deadLetter?: { readonly message: Record<string, unknown>; readonly reason: string };
}

/** Calls at a time: more would only wait for each other on the one thread that they share. */
const concurrency = 64;

export class Deliverer {
  readonly #options: DeliveryOptions;
  readonly #queue = new WorkQueue<Delivery>(concurrency, (delivery) => this.#attempt(delivery));
  readonly #pending = new Set<number>();
  readonly #counts = { delivered: 0, duplicated: 0, retried: 0, deadLettered: 0, lost: 0 };
  #idleWaiters: (() => void)[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  get counts(): DeliveryCounts {
    return { ...this.#counts };
  }

  /** Accepted by this process, or found in the journal, and neither delivered nor dead-lettered nor lost. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Journals events for their routes, then delivers in the background. Durable when it returns. */
  accept(accepted: readonly { readonly event: BusEvent; readonly route: Route }[]): void {
    const records = accepted.map(({ event, route }) => {
      return { event, route, ruleArn: route.rule.arn, targetId: route.target.id, failedAttempts: 0 };
    });
    this.#enqueue(this.#options.journal.add(records));
  }

  /** Starts delivering, first what an earlier process had accepted and not delivered. */
  start(routeOf: (entry: JournalEntry) => Route | undefined): void {
    this.#queue.start();
    for (const entry of this.#options.journal.pending()) {
      const { id, event, ruleArn, targetId } = entry;
      if (this.#pending.has(id)) continue;
      const route = routeOf(entry);
      if (route) this.#enqueue([{ id, event, ruleArn, targetId, route, failedAttempts: 0 }]);
      else this.#lose(entry, "the rule or its target no longer exists");
    }
  }

  /** Lets the calls under way finish; the journal keeps the rest. */
  async stop(): Promise<void> {
    await this.#queue.stop();
    this.#pending.clear();
    this.#resolveIdle();
  }

  /** Resolves when nothing is pending. */
  idle(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  #enqueue(deliveries: readonly Delivery[]): void {
    for (const { id } of deliveries) this.#pending.add(id);
    this.#queue.add(deliveries);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    try {
      if (delivery.deadLetter) await this.#sendDeadLetter(delivery, delivery.deadLetter.message);
      else await this.#send(delivery);
    } catch (error) {
      delivery.failedAttempts++;
      const failure = failureOf(error);
      if (delivery.deadLetter) this.#deadLetterFailed(delivery, failure);
      else this.#failed(delivery, failure);
      return;
    }
    this.#settle(delivery.id);
  }

  async #send({ event, route }: Delivery): Promise<void> {
    await route.send(event);
    this.#counts.delivered++;
    this.#options.onFate?.(route.rule, "delivered");
    if (!this.#options.faults.shouldDuplicate()) return;
    this.#counts.duplicated++;
    // The event has arrived already, so the fate of the repetition changes nothing.
    await route.send(event).catch(() => {});
  }

  async #sendDeadLetter({ route }: Delivery, message: Record<string, unknown>): Promise<void> {
    await this.#options.call(deliveryPrincipal(route.rule), "sqs", "SendMessage", message);
    this.#counts.deadLettered++;
    this.#options.onFate?.(route.rule, "dead-lettered");
  }

  #failed(delivery: Delivery, failure: DeliveryFailure): void {
    const { event, failedAttempts, route } = delivery;
    const attempt = { failed: failedAttempts, ingestedAt: event.ingestedAt, failure };
    const verdict = retryVerdict(route.target, attempt, this.#options.clock);
    this.#options.onFate?.(route.rule, verdict.kind === "retry" ? "retried" : "failed");
    if (verdict.kind === "retry") this.#retryLater(delivery);
    else if (route.target.deadLetterArn === undefined) {
      this.#lose(delivery, `${failure.code}, ${failure.message}; the target has no dead-letter queue`);
    } else this.#giveUp(delivery, failure, verdict.exhausted);
  }

  #giveUp(delivery: Delivery, failure: DeliveryFailure, exhausted: ExhaustedCondition | undefined): void {
    const { event, failedAttempts, route } = delivery;
    const message = deadLetterOf({ event, route, failure, exhausted, retryAttempts: failedAttempts - 1 });
    delivery.deadLetter = { message, reason: `${failure.code}, ${failure.message}` };
    delivery.failedAttempts = 0;
    this.#queue.add([delivery]);
  }

  /** A dead-letter queue that is merely out of reach is tried until the runtime stops; the journal keeps it for later. */
  #deadLetterFailed(delivery: Delivery, failure: DeliveryFailure): void {
    if (failure.isRetriable) {
      this.#retryLater(delivery);
      return;
    }
    this.#options.onFate?.(delivery.route.rule, "not-dead-lettered");
    this.#lose(delivery, `${delivery.deadLetter?.reason}; its dead-letter queue: ${failure.code}, ${failure.message}`);
  }

  #retryLater(delivery: Delivery): void {
    this.#counts.retried++;
    const { clock, random } = this.#options;
    this.#queue.addLater(delivery, clock.scaled(retryWaitMilliseconds(delivery.failedAttempts, random())));
  }

  #lose({ id, event, ruleArn, targetId }: JournalEntry, reason: string): void {
    this.#counts.lost++;
    this.#options.onLost({ eventId: event.envelope.id, ruleArn, targetId, reason });
    this.#settle(id);
  }

  #settle(id: number): void {
    this.#options.journal.done(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#resolveIdle();
  }

  #resolveIdle(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }
}
