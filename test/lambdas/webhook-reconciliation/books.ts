/** A provider's books for tests: events and money of accounts, in pages that may shift while they are read. */
import {
  type LedgerAccount,
  LedgerError,
  type LedgerErrorCode,
  type LedgerPage,
  type MoneyMovement,
  type ProviderLedger,
} from "../../../lambdas/shared/domain/reconciliation/provider-ledger.ts";

export interface ListedEvent {
  readonly id: string;
  readonly occurredAt: string;
  readonly body: string;
}

export interface Books {
  /** By account; "" is the key's own. */
  readonly events: Map<string, ListedEvent[]>;
  readonly movements: Map<string, MoneyMovement[]>;
  /** Ids on a page of events that can't be read. */
  readonly unreadable: Set<string>;
  /** Whatever it throws, by `<part>` or `<part>:<account>`. */
  readonly failures: Map<string, LedgerErrorCode>;
  /** What it says of events that it doesn't list. */
  readonly known: Map<string, boolean>;
  pageItems: number;
  /** A page begins with the last item of the one before, as when something new came in on top. */
  isShifting: boolean;
  readonly asked: string[];
}

export function someBooks(...accounts: readonly string[]): Books {
  return {
    events: new Map(["", ...accounts].map((account) => [account, []])),
    movements: new Map(["", ...accounts].map((account) => [account, []])),
    unreadable: new Set(),
    failures: new Map(),
    known: new Map(),
    pageItems: 3,
    isShifting: false,
    asked: [],
  };
}

export function aLedger(books: Books): ProviderLedger {
  function fail(part: string, account?: string): void {
    books.asked.push(account === undefined ? part : `${part}:${account}`);
    const code = books.failures.get(part) ?? books.failures.get(`${part}:${account ?? ""}`);
    if (code !== undefined) throw new LedgerError(code, `${part} can't be read`);
  }

  function pageOf<Item>(items: readonly Item[], after: string | undefined): LedgerPage<Item> {
    const start = Number(after ?? 0);
    const end = start + books.pageItems;
    const first = books.isShifting ? Math.max(0, start - 1) : start;
    return { items: items.slice(first, end), unreadable: [], ...(end < items.length && { next: String(end) }) };
  }

  const nameOf = ({ account = "" }: LedgerAccount) => account;
  return {
    provider: "stripe",
    async accounts(after) {
      fail("accounts");
      const accounts = [...books.events.keys()].map((name): LedgerAccount => (name === "" ? {} : { account: name }));
      return pageOf(accounts, after);
    },
    async events(account, { from, to }, after) {
      fail("events", nameOf(account));
      const its = (books.events.get(nameOf(account)) ?? []).filter(
        ({ occurredAt }) => occurredAt >= from && occurredAt < to,
      );
      const { items, ...page } = pageOf(its, after);
      const isReadable = ({ id }: ListedEvent) => !books.unreadable.has(id);
      return {
        ...page,
        items: items.filter(isReadable).map(({ id, body }) => ({ providerEventId: id, body: Buffer.from(body) })),
        unreadable: items.filter((item) => !isReadable(item)).map(({ id }) => ({ id, detail: "not an event" })),
      };
    },
    async movements(account, { from, to }, after) {
      fail("money", nameOf(account));
      const its = (books.movements.get(nameOf(account)) ?? []).filter(
        ({ occurredAt }) => occurredAt >= from && occurredAt < to,
      );
      return pageOf(its, after);
    },
    async event(account, providerEventId) {
      fail("event", nameOf(account));
      const found = books.events.get(nameOf(account))?.find(({ id }) => id === providerEventId);
      return found && { providerEventId, body: Buffer.from(found.body) };
    },
    async knowsEvent(account, providerEventId) {
      fail("knows", nameOf(account));
      return books.known.has(providerEventId) ? books.known.get(providerEventId) : undefined;
    },
  };
}

/** What Stripe lists of a payment. */
export function aStripeEvent(change: {
  readonly id: string;
  readonly occurredAt?: string;
  readonly type?: string;
  readonly object?: Readonly<Record<string, unknown>>;
  readonly account?: string;
}): ListedEvent {
  const { id, occurredAt = "2026-11-19T12:00:00.000Z", type = "payment_intent.succeeded", account } = change;
  const object = { id: `pi_${id}`, object: "payment_intent", amount: 5000, currency: "usd", ...change.object };
  const body = { id, object: "event", type, created: Date.parse(occurredAt) / 1000, account, data: { object } };
  return { id, occurredAt, body: JSON.stringify(body) };
}

export function aMovement(change: Partial<MoneyMovement> & { readonly movementId: string }): MoneyMovement {
  return {
    kind: "payment",
    providerType: "charge",
    objectId: "pi_1",
    amountMinor: "5000",
    currency: "USD",
    occurredAt: "2026-11-19T12:00:00.000Z",
    ...change,
  };
}
