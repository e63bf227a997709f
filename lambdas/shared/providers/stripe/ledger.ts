/**
 * Stripe's own books, read through its official SDK. Nothing else imports the SDK, so that only the function that
 * reconciles pays for loading it.
 */
import { setTimeout as waitMs } from "node:timers/promises";
import Stripe from "stripe";
import { plainText } from "../../domain/payment-event.ts";
import {
  type LedgerAccount,
  LedgerError,
  type LedgerEvent,
  type LedgerPage,
  type LedgerWindow,
  type ProviderLedger,
} from "../../domain/reconciliation/provider-ledger.ts";
import { isJsonObject } from "../fields.ts";
import { movementsIn } from "../movement-reading.ts";
import { bodiesOfErrors, ledgerErrorOf } from "./ledger-errors.ts";
import { type Cursor, cursorText, parseCursor, readList } from "./ledger-list.ts";
import { idIn, movementOfPayout, movementOfTransaction } from "./movements.ts";

export interface StripeLedgerOptions {
  /** Secret or restricted key; it needs to read events, balance transactions, payouts and connected accounts. */
  readonly apiKey: string;
  /** Stripe's API elsewhere, such as the local stand-in's; the SDK knows a host and no path. */
  readonly apiUrl?: string;
  readonly now: () => number;
  /** How long an answer is waited for, three times; 15 s if absent. */
  readonly timeoutMs?: number;
  /** How long pauses are waited; real time if absent. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** The most that Stripe gives. */
const pageSize = 100;
/** With the SDK's two further tries and its pauses, less than the minute that a run keeps in hand. */
const usualTimeoutMs = 15_000;
const networkRetries = 2;
/** Stripe lets 100 requests a second pass (25 in a sandbox) and asks for growing pauses: https://docs.stripe.com/rate-limits */
const rateLimitPausesMs = [1000, 2000, 4000, 8000] as const;
const longestPauseMs = 10_000;
/** Events can be asked for during 30 days (https://docs.stripe.com/api/events); a day is left for clocks and queues. */
const eventMemoryMs = 29 * 24 * 60 * 60 * 1000;
/** Payouts are paid on their day of arrival, some a day later: the look back is longer, so that none falls between. */
const arrivalLookBackSeconds = 2 * 24 * 60 * 60;

/**
 * @throws Error if `apiUrl` has a path
 */
export function createStripeLedger(options: StripeLedgerOptions): ProviderLedger {
  const { apiKey, apiUrl, now, timeoutMs = usualTimeoutMs, wait = waitMs } = options;
  const stripe = new Stripe(apiKey, {
    ...placeOf(apiUrl),
    timeout: timeoutMs,
    maxNetworkRetries: networkRetries,
    telemetry: false,
    httpClient: bodiesOfErrors(Stripe.createNodeHttpClient()),
  });
  const ask = patientAsk(wait);
  const lists = listsOf(stripe, ask);
  const event: ProviderLedger["event"] = async ({ account }, providerEventId) => {
    try {
      const retrieve = () => stripe.events.retrieve(providerEventId, {}, optionsFor(account));
      return onlyEvent(await ask("an event", account, retrieve));
    } catch (error) {
      if (!isMissing(error)) throw error;
      return undefined;
    }
  };
  return {
    provider: "stripe",
    // The own account needs no question, so it is checked even where the others can't be listed.
    async accounts(after) {
      if (after === undefined) return { items: [{}], unreadable: [], next: firstConnected };
      const { items, next } = await lists.accounts(after === firstConnected ? undefined : parseCursor(after));
      return { ...readAccounts(items), ...(next === undefined ? {} : { next: cursorText(next) }) };
    },
    async events({ account }, window, after) {
      const { items, next } = await lists.events(account, secondsOf(window), parseCursor(after));
      return { ...readEvents(items), ...(next === undefined ? {} : { next: cursorText(next) }) };
    },
    async movements({ account }, window, after) {
      const seconds = secondsOf(window);
      if (after?.startsWith(payoutsPart) === true) {
        const { items, next } = await lists.payouts(account, seconds, parseCursor(after.slice(payoutsPart.length)));
        const following = next === undefined ? {} : { next: payoutsPart + cursorText(next) };
        return { ...movementsIn(items.map(movementOfPayout)), ...following };
      }
      const { items, next } = await lists.transactions(account, seconds, parseCursor(after));
      const following = next === undefined ? payoutsPart : cursorText(next);
      return { ...movementsIn(items.map(movementOfTransaction)), next: following };
    },
    event,
    async knowsEvent(account, providerEventId, occurredAt) {
      if ((await event(account, providerEventId)) !== undefined) return true;
      return Date.parse(occurredAt) > now() - eventMemoryMs ? false : undefined;
    },
  };
}

/** Puts a question, and says in an error's words what was asked for and whose it is. */
type Ask = <T>(what: string, account: string | undefined, request: () => Promise<T>) => Promise<T>;

/** The SDK tries again by itself after failures, but not after a refusal for haste. */
function patientAsk(wait: (milliseconds: number) => Promise<unknown>): Ask {
  return async (what, account, request) => {
    for (const pauseMs of [...rateLimitPausesMs, undefined]) {
      try {
        return await request();
      } catch (cause) {
        const error = ledgerErrorOf(cause, { what, account });
        if (error.code !== "rate-limited" || pauseMs === undefined) throw error;
        await wait(Math.min(askedPauseMs(cause) ?? pauseMs, longestPauseMs));
      }
    }
    throw new LedgerError("rate-limited", `Stripe keeps refusing ${what} for haste.`);
  };
}

/** A page of each list that is asked for. */
function listsOf(stripe: Stripe, ask: Ask) {
  return {
    accounts: (after: Cursor | undefined) =>
      readList("accounts", undefined, after, (cursor) =>
        ask("a list of accounts", undefined, () => stripe.accounts.list({ limit: pageSize, ...cursor })),
      ),
    events: (account: string | undefined, { from, to }: Seconds, after: Cursor | undefined) =>
      readList("events", { gte: from, lt: to }, after, (cursor) =>
        ask("a list of events", account, () => stripe.events.list({ limit: pageSize, ...cursor }, optionsFor(account))),
      ),
    transactions: (account: string | undefined, { from, to }: Seconds, after: Cursor | undefined) =>
      readList("balance transactions", { gte: from, lt: to }, after, (cursor) =>
        ask("a list of balance transactions", account, () =>
          stripe.balanceTransactions.list({ limit: pageSize, expand: ["data.source"], ...cursor }, optionsFor(account)),
        ),
      ),
    /** By their day of arrival: when a payout was made says nothing about when it is paid. */
    payouts: (account: string | undefined, { from, to }: Seconds, after: Cursor | undefined) =>
      readList("payouts", undefined, after, (cursor) =>
        ask("a list of payouts", account, () =>
          stripe.payouts.list(
            {
              limit: pageSize,
              status: "paid",
              arrival_date: { gte: from - arrivalLookBackSeconds, lt: to },
              ...cursor,
            },
            optionsFor(account),
          ),
        ),
      ),
  };
}

/** Stripe's own have some twenty. */
const longestAccountId = 200;

/** Cursors of lists that come first in their question: the connected accounts', and the payouts' after the balance's. */
const firstConnected = "connected";
const payoutsPart = "payouts:";

interface Seconds {
  readonly from: number;
  readonly to: number;
}

/** Stripe's times are whole seconds: those at or after `from` and before `to`. */
function secondsOf({ from, to }: LedgerWindow): Seconds {
  return { from: Math.ceil(Date.parse(from) / 1000), to: Math.ceil(Date.parse(to) / 1000) };
}

function optionsFor(account: string | undefined): Stripe.RequestOptions {
  return account === undefined ? {} : { stripeAccount: account };
}

function placeOf(apiUrl: string | undefined): Pick<Stripe.StripeConfig, "host" | "port" | "protocol"> {
  if (apiUrl === undefined) return {};
  const { protocol, hostname, port, pathname } = new URL(apiUrl);
  if (pathname !== "/") throw new Error(`Stripe's SDK knows no path before /v1: give ${apiUrl} without ${pathname}.`);
  const isPlain = protocol === "http:";
  return { host: hostname, port: port || (isPlain ? 80 : 443), protocol: isPlain ? "http" : "https" };
}

function readAccounts(items: readonly unknown[]): Pick<LedgerPage<LedgerAccount>, "items" | "unreadable"> {
  const ids = items.map((item) => plainText(idIn(item), longestAccountId));
  return {
    items: ids.flatMap((account) => (account === undefined ? [] : [{ account }])),
    unreadable: ids.includes(undefined) ? [{ detail: "An account without an id that can be used." }] : [],
  };
}

function readEvents(items: readonly unknown[]): Pick<LedgerPage<LedgerEvent>, "items" | "unreadable"> {
  const events: LedgerEvent[] = [];
  const unreadable: { id?: string; detail: string }[] = [];
  for (const item of items) {
    const id = idIn(item);
    const isEvent = isJsonObject(item) && typeof item.type === "string";
    if (id !== undefined && isEvent) events.push({ providerEventId: id, body: Buffer.from(JSON.stringify(item)) });
    else
      unreadable.push({ ...(id === undefined ? {} : { id }), detail: "It is not an event: it has no id or no type." });
  }
  return { items: events, unreadable };
}

/** @throws LedgerError for an answer that is no event */
function onlyEvent(answer: unknown): LedgerEvent {
  const [event] = readEvents([answer]).items;
  if (event === undefined) throw new LedgerError("unexpected-answer", "Stripe's answer to an event's id is no event.");
  return event;
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof LedgerError ? error.cause : undefined;
  return cause instanceof Stripe.errors.StripeError && cause.code === "resource_missing";
}

/** The pause that the answer asks for, if it does. */
function askedPauseMs(cause: unknown): number | undefined {
  const asked = cause instanceof Stripe.errors.StripeError ? cause.headers?.["retry-after"] : undefined;
  const seconds = asked === undefined ? Number.NaN : Number(asked);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
