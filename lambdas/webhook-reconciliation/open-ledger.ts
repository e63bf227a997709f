import type { LedgerProvider } from "../../config/reconciliation.ts";
import type { OpenedLedger } from "../shared/domain/reconciliation/ports.ts";
import type { SecretStore } from "../shared/domain/webhook-ports.ts";
import { ledgers } from "../shared/providers/ledgers.ts";

export interface OpenLedgerPorts {
  readonly secrets: SecretStore;
  /** Where a provider's API is, if not at its own host. */
  readonly apiUrls: { readonly [provider in LedgerProvider]?: string | undefined };
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Opens a provider's books with the key that people have put into its secret. */
export function createOpenLedger({ secrets, apiUrls, now }: OpenLedgerPorts) {
  return async function openLedger(provider: LedgerProvider): Promise<OpenedLedger> {
    const secret = await secrets.fetch(provider);
    if (secret.kind === "no-value") {
      const detail = `No API key of ${provider} has been put into its secret yet: see README, "API keys".`;
      return { kind: "closed", code: "no-api-key", detail };
    }
    const apiUrl = apiUrls[provider];
    return ledgers[provider].open(secret.value, { now, ...(apiUrl !== undefined && { apiUrl }) });
  };
}
