/** The registry of providers whose books are read: one entry per name of config/reconciliation.ts, or it doesn't compile. */
import * as v from "valibot";
import type { LedgerProvider } from "../../../config/reconciliation.ts";
import { field } from "../domain/exact-json.ts";
import { type EventContext, plainText, type Translation } from "../domain/payment-event.ts";
import type { OpenedLedger } from "../domain/reconciliation/ports.ts";
import type { LedgerAccount, ProviderLedger } from "../domain/reconciliation/provider-ledger.ts";
import { createPaypalLedger } from "./paypal/ledger.ts";
import { translatePaypal } from "./paypal/translate.ts";
import { createStripeLedger } from "./stripe/ledger.ts";
import { translateStripe } from "./stripe/translate.ts";
import type { VerifiedWebhook } from "./types.ts";

interface LedgerOptions {
  /** Where its API is, if not at the provider's own host. */
  readonly apiUrl?: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface LedgerParts {
  /** Opens the books with the value of the secret `provider-api-keys/<provider>-<env>`. */
  open(secretValue: unknown, options: LedgerOptions): OpenedLedger;
  /** As the validator translates the provider's webhooks: the body of an event needs no signature to be read. */
  translate(webhook: VerifiedWebhook, context: EventContext): readonly Translation[];
  /** The connected account that a webhook's body tells of; undefined where what it names can be none. */
  accountIn(body: unknown): LedgerAccount | undefined;
}

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096));

export const ledgers: Readonly<Record<LedgerProvider, LedgerParts>> = {
  stripe: {
    open: opening(v.object({ apiKey: text }), ({ apiKey }, options) => createStripeLedger({ apiKey, ...options })),
    // The key says whose events are listed: those of test mode to a key of test mode, and to no other.
    translate: (webhook, context) => translateStripe(webhook, context, { testEvents: "route" }),
    accountIn(body) {
      const stated = field(body, "account");
      if (typeof stated !== "string") return {};
      const account = plainText(stated, 200);
      return account === undefined ? undefined : { account };
    },
  },
  paypal: {
    open: opening(
      v.object({ clientId: text, clientSecret: text, sandbox: v.optional(v.boolean()) }),
      ({ sandbox, ...credentials }, options) => createPaypalLedger({ ...credentials, isSandbox: sandbox, ...options }),
    ),
    translate: translatePaypal,
    accountIn: () => ({}),
  },
};

/** Reads the key with its schema; what is wrong with it is said without quoting it. */
function opening<TKey>(
  schema: v.GenericSchema<unknown, TKey>,
  create: (key: TKey, options: LedgerOptions) => ProviderLedger,
): LedgerParts["open"] {
  return (secretValue, options) => {
    const parsed = v.safeParse(schema, secretValue);
    if (parsed.success) return { kind: "opened", ledger: create(parsed.output, options) };
    const places = parsed.issues.map((issue) => v.getDotPath(issue) ?? "(whole value)");
    const detail = `The API key's secret is wrong at: ${[...new Set(places)].join(", ")}.`;
    return { kind: "closed", code: "api-key-misconfigured", detail };
  };
}
