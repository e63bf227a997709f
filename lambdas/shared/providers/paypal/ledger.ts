/**
 * PayPal's own books: its list of event notifications, and its Transaction Search. Both know the account of the
 * credentials alone; other merchants' books are for PayPal's partners, whom this doesn't speak for.
 *
 * For how long an event can be asked for isn't published: PayPal's dashboard shows 30 days, so that an older one is never
 * said to be unknown.
 */
import { setTimeout as waitMs } from "node:timers/promises";
import type { LedgerWindow, ProviderLedger } from "../../domain/reconciliation/provider-ledger.ts";
import { createPaypalApi, refusalIn } from "./api.ts";
import { eventsPath, onlyEvent, readEvents } from "./event-list.ts";
import { latencyMs, readMovements } from "./transaction-list.ts";
import { parsePlace, placeOf, type Span } from "./windows.ts";

export interface PaypalLedgerOptions {
  /** Of a REST app whose settings have "Transaction Search" switched on. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whether they are credentials of PayPal's sandbox. */
  readonly isSandbox?: boolean | undefined;
  /** PayPal's API elsewhere, such as the local stand-in's. */
  readonly apiUrl?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long an answer is waited for; 15 s if absent. */
  readonly timeoutMs?: number;
  /** How long pauses are waited; real time if absent. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

const hosts = { live: "https://api-m.paypal.com", sandbox: "https://api-m.sandbox.paypal.com" };
const dayMs = 24 * 60 * 60_000;
/** Transaction Search takes ranges of 31 days at most. */
const longestSpanMs = 31 * dayMs;
/** A day is left for clocks and queues. */
const eventMemoryMs = 29 * dayMs;

export function createPaypalLedger(options: PaypalLedgerOptions): ProviderLedger {
  const { isSandbox = false, timeoutMs = 15_000, wait = waitMs, now } = options;
  const apiUrl = (options.apiUrl ?? (isSandbox ? hosts.sandbox : hosts.live)).replace(/\/+$/, "");
  const api = createPaypalApi({ ...options, apiUrl, timeoutMs, wait, send: fetch });
  const event: ProviderLedger["event"] = async (_account, providerEventId) => {
    try {
      return onlyEvent(await api.get("an event", `${eventsPath}/${encodeURIComponent(providerEventId)}`));
    } catch (error) {
      if (refusalIn(error)?.status !== 404) throw error;
      return undefined;
    }
  };
  return {
    provider: "paypal",
    accounts: async () => ({ items: [{}], unreadable: [] }),
    events: (_account, window, after) =>
      readEvents(api, after === undefined ? placeOf(spanOf(window), longestSpanMs) : parsePlace(after)),
    movements(_account, window, after) {
      const [from, to] = spanOf(window);
      // What the window before this one was too early to see lies in this one.
      return readMovements(
        api,
        after === undefined ? placeOf([from - latencyMs, to], longestSpanMs) : parsePlace(after),
      );
    },
    event,
    async knowsEvent(account, providerEventId, occurredAt) {
      if ((await event(account, providerEventId)) !== undefined) return true;
      return Date.parse(occurredAt) > now() - eventMemoryMs ? false : undefined;
    },
  };
}

/** Whole seconds, in which PayPal states its examples: from the one that `from` lies in, to the end of that of `to`. */
function spanOf({ from, to }: LedgerWindow): Span {
  return [Math.floor(Date.parse(from) / 1000) * 1000, Math.ceil(Date.parse(to) / 1000) * 1000];
}
