import type { ProviderLedger } from "../../domain/reconciliation/provider-ledger.ts";

/** Stands for the adapter of another branch, which replaces this file. */
export function createStripeLedger(_options: {
  readonly apiKey: string;
  readonly apiUrl?: string;
  readonly now: () => number;
}): ProviderLedger {
  throw new Error("Stripe's ledger is in another branch");
}
