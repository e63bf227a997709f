/** The objects of each account, typed by Stripe's own SDK, and the events that tell of what happens to them. */
import type Stripe from "stripe";
import type { RuntimeClock } from "../../aws/types.ts";
import type { Deliveries } from "../deliveries.ts";
import type { Objects, Part } from "../objects.ts";
import { noSuch } from "./errors.ts";
import { newId } from "./ids.ts";

/** The version in which events are rendered: that of the SDK which this project uses. */
export const apiVersion = "2026-10-28.endive";

/** A payment method that somebody's test card became, by the card's name in test-cards.ts. */
interface StoredPaymentMethod {
  readonly id: string;
  readonly object: "payment_method";
  readonly created: number;
  readonly card: string;
}

export interface Kinds {
  readonly account: Stripe.Account & { created: number };
  readonly balance_transaction: Stripe.BalanceTransaction;
  readonly charge: Stripe.Charge;
  readonly dispute: Stripe.Dispute;
  readonly event: Stripe.Event;
  readonly payment_intent: Stripe.PaymentIntent;
  readonly payment_method: StoredPaymentMethod;
  readonly payout: Stripe.Payout;
  readonly refund: Stripe.Refund;
}
export type Kind = keyof Kinds;

/** What an id begins with. */
export const prefixes = {
  account: "acct_",
  balance_transaction: "txn_",
  charge: "ch_",
  dispute: "dp_",
  event: "evt_",
  payment_intent: "pi_",
  payment_method: "pm_",
  payout: "po_",
  refund: "re_",
} as const satisfies Record<Kind, string>;

/** The platform: the account that every key belongs to. */
export const platformId = "acct_1LocalPlatform00";

/** Who asked for what happens, as events say it; null members for what happens by itself. */
export interface Asked {
  readonly id: string | null;
  readonly idempotency_key: string | null;
}
export const byItself: Asked = { id: null, idempotency_key: null };

/** The books of one account. */
export interface Books {
  readonly account: string;
  /** Seconds since 1970. */
  now(): number;
  newId(kind: Kind): string;
  get<K extends Kind>(kind: K, id: string): Kinds[K] | undefined;
  /** @throws StripeRefusal as Stripe refuses an unknown id; `param` is where the id stood */
  require<K extends Kind>(kind: K, id: string, param?: string): Kinds[K];
  put<K extends Kind>(kind: K, object: Kinds[K]): void;
  remove(kind: Kind, id: string): void;
  newestFirst<K extends Kind>(kind: K, part?: Part): Iterable<Kinds[K]>;
  /** Notes an event and has it sent. `before` holds the old values of what changed. */
  emit(type: string, object: object, asked: Asked, before?: object): void;
  /** Seconds that pass here while so many pass at Stripe. */
  scaledSeconds(seconds: number): number;
  /** Has the payout or refund end by itself at that second: a payout arrives, a refund fails. */
  awaitEnd(kind: AwaitedKind, id: string, atSecond: number): void;
}

/** What ends by itself some time after it was made. */
export const awaitedKinds = ["payout", "refund"] as const satisfies readonly Kind[];
type AwaitedKind = (typeof awaitedKinds)[number];

/** A payout or refund that is under way, until the second in `created`. */
export interface Awaited {
  readonly id: string;
  readonly created: number;
  readonly account: string;
}

export function awaitedCollection(kind: AwaitedKind): string {
  return `awaited-${kind}s`;
}

export interface BooksOptions {
  readonly objects: Objects;
  readonly deliveries: Pick<Deliveries, "add">;
  readonly clock: RuntimeClock;
}

/** Where an account's objects of a kind are kept; the accounts themselves are kept in one place. */
export function collectionOf(account: string, kind: Kind): string {
  return kind === "account" ? "account" : `${account}/${kind}`;
}

export function openBooks({ objects, deliveries, clock }: BooksOptions, account: string): Books {
  const collection = (kind: Kind) => collectionOf(account, kind);
  const seconds = () => Math.floor(clock.now() / 1000);
  const get = <K extends Kind>(kind: K, id: string) => objects.get<Kinds[K]>(collection(kind), id);
  return {
    account,
    now: seconds,
    newId: (kind) => newId(prefixes[kind], kind === "account" ? 16 : 24),
    get,
    require(kind, id, param = "id") {
      const object = get(kind, id);
      if (object === undefined) throw noSuch(nouns[kind] ?? kind, id, param);
      return object;
    },
    put: (kind, object) => objects.put(collection(kind), object),
    remove: (kind, id) => objects.remove(collection(kind), id),
    newestFirst: (kind, wanted) => objects.newestFirst(collection(kind), wanted),
    emit(type, object, asked, before) {
      const event = {
        id: newId(prefixes.event),
        object: "event",
        ...(account !== platformId && { account }),
        api_version: apiVersion,
        created: seconds(),
        data: { object, ...(before !== undefined && { previous_attributes: before }) },
        // As a live one: whatever the webhook's secret says of tests, it is routed.
        livemode: true,
        pending_webhooks: 1,
        request: asked,
        type,
      };
      objects.put(collection("event"), event);
      deliveries.add({
        id: event.id,
        created: event.created,
        type,
        ...(account !== platformId && { account }),
      });
    },
    scaledSeconds: (passed) => clock.scaled(passed * 1000) / 1000,
    awaitEnd: (kind, id, atSecond) => {
      objects.put(awaitedCollection(kind), { id, created: atSecond, account } as Awaited);
    },
  };
}

/** Where Stripe's sentences call a kind otherwise than its objects do. */
const nouns: Readonly<Partial<Record<Kind, string>>> = {
  balance_transaction: "balance transaction",
  payment_method: "PaymentMethod",
};
