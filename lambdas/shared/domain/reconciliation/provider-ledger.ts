/**
 * A provider's own account of what happened, read to compare it with ours: its list of events and its money. One
 * implementation per provider, in `providers/<name>/ledger.ts`; it knows the provider's SDK, nobody else does.
 */
import type { LedgerProvider } from "../../../../config/reconciliation.ts";

/** Whose books are read: the account that the key belongs to, or one that is connected to it. */
export interface LedgerAccount {
  /** Absent for the account of the key. */
  readonly account?: string;
}

/** What happened at or after `from` and before `to`, by the provider's clock; ISO 8601 UTC with milliseconds. */
export interface LedgerWindow {
  readonly from: string;
  readonly to: string;
}

/** An event as the provider lists it: what its webhook's body would have been. */
export interface LedgerEvent {
  /** The provider's own id. */
  readonly providerEventId: string;
  /** The JSON that `translate` takes, as bytes. */
  readonly body: Uint8Array;
}

/** What money moves for. A failure is money that comes back, or that never came after all. */
export const movementKinds = [
  "payment",
  "payment-failure",
  "refund",
  "refund-failure",
  "payout",
  "payout-failure",
  "dispute",
] as const;

/** Money that moved, by the provider's books. */
export interface MoneyMovement {
  /** The provider's id of the movement (Stripe: `txn_…`). */
  readonly movementId: string;
  readonly kind: (typeof movementKinds)[number];
  /** The provider's word for it. */
  readonly providerType: string;
  /** Object id that our transactions go by, without the provider's prefix. */
  readonly objectId: string;
  /** In the currency that the customer was charged in, integer minor units; refunds and payouts above zero, too. */
  readonly amountMinor: string;
  readonly currency: string;
  readonly occurredAt: string;
  /** When what it is of was made, if its money may move later: no fact tells of it before. */
  readonly madeAt?: string;
}

/** One page of a list, in the provider's order, and where the next one begins; `next` is absent on the last. */
export interface LedgerPage<Item> {
  readonly items: readonly Item[];
  /** Items of the page that can't be read: the run says so, by their ids where they have one. */
  readonly unreadable: readonly { readonly id?: string; readonly detail: string }[];
  readonly next?: string;
}

/**
 * Pages may shift while they are read: a caller must bear an item twice, and an implementation must page so that none
 * is left out. Every method throws LedgerError.
 */
export interface ProviderLedger {
  readonly provider: LedgerProvider;
  /** The key's own account first, then those connected to it. */
  accounts(after?: string): Promise<LedgerPage<LedgerAccount>>;
  events(account: LedgerAccount, window: LedgerWindow, after?: string): Promise<LedgerPage<LedgerEvent>>;
  movements(account: LedgerAccount, window: LedgerWindow, after?: string): Promise<LedgerPage<MoneyMovement>>;
  /** One event by its id, as `events` lists it; undefined where the provider hasn't got it, or not any more. */
  event(account: LedgerAccount, providerEventId: string): Promise<LedgerEvent | undefined>;
  /** Whether the provider knows an event by its id. Providers forget: undefined where it can't tell by now. */
  knowsEvent(account: LedgerAccount, providerEventId: string, occurredAt: string): Promise<boolean | undefined>;
}

/** Why a provider's books couldn't be read. */
export type LedgerErrorCode =
  /** Down, or no answer in time; asked again before this is thrown. */
  | "unavailable"
  | "rate-limited"
  /** The key is wrong, expired or may not read this. */
  | "unauthorized"
  /** The account was deleted or disconnected. */
  | "account-gone"
  | "unexpected-answer";

export class LedgerError extends Error {
  readonly code: LedgerErrorCode;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LedgerError";
    this.code = code;
  }
}
