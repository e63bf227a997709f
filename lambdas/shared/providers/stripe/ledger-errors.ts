/** Why Stripe's books couldn't be read, from what its SDK throws. Knows the SDK's types and loads nothing of it. */
import type Stripe from "stripe";
import { field } from "../../domain/exact-json.ts";
import { LedgerError, type LedgerErrorCode } from "../../domain/reconciliation/provider-ledger.ts";

type HttpClient = NonNullable<Stripe.StripeConfig["httpClient"]>;

interface Question {
  /** What was asked for, as it stands in a sentence. */
  readonly what: string;
  readonly account: string | undefined;
}

/**
 * Stripe's own text isn't quoted, because it may show part of the key. Source of statuses and codes:
 * https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes
 */
export function ledgerErrorOf(cause: unknown, { what, account }: Question): LedgerError {
  const status = field(cause, "statusCode");
  const code = field(cause, "code");
  const requestId = field(cause, "requestId");
  const whose = account === undefined ? "" : ` of ${account}`;
  const said = [
    typeof status === "number" ? String(status) : undefined,
    typeof code === "string" ? code : undefined,
    typeof requestId === "string" ? `(${requestId})` : undefined,
  ].filter((part) => part !== undefined);
  const answer = said.length === 0 ? "gave no usable answer" : `answered ${said.join(" ")}`;
  const kind = codeOf(cause, { status, code, isOfAccount: account !== undefined });
  return new LedgerError(kind, `Stripe ${answer} when asked for ${what}${whose}. ${advice[kind]}`, { cause });
}

const advice: Readonly<Record<LedgerErrorCode, string>> = {
  unavailable: "The next run asks again.",
  "rate-limited": "The next run asks again; other programs with this key may be asking too much.",
  unauthorized: "Put a key that may read events, balance transactions, payouts and connected accounts.",
  "account-gone": "The account was deleted, or took its connection back.",
  "unexpected-answer": "Look at the request in Stripe's dashboard.",
};

function codeOf(
  cause: unknown,
  { status, code, isOfAccount }: { readonly status: unknown; readonly code: unknown; readonly isOfAccount: boolean },
): LedgerErrorCode {
  if (code === "account_invalid" && isOfAccount) return "account-gone";
  if (status === 429 || code === "rate_limit") return "rate-limited";
  if (status === 401 || status === 403 || code === "account_invalid") return "unauthorized";
  if (typeof status === "number") return status >= 500 || status === 409 ? "unavailable" : "unexpected-answer";
  return field(cause, "type") === "StripeConnectionError" ? "unavailable" : "unexpected-answer";
}

/**
 * A client whose failures keep their status. Outages answer by a page of HTML, which the SDK would call invalid JSON:
 * nobody could tell it from garbage with status 200.
 */
export function bodiesOfErrors(client: HttpClient): HttpClient {
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      const response = await client.makeRequest(...request);
      if (response.getStatusCode() < 400) return response;
      return {
        getStatusCode: () => response.getStatusCode(),
        getHeaders: () => response.getHeaders(),
        getRawResponse: () => response.getRawResponse(),
        toStream: (whenDone) => response.toStream(whenDone),
        toJSON: async () => {
          const body: unknown = await response.toJSON().catch(() => undefined);
          return field(body, "error") === undefined ? { error: { type: "api_error" } } : body;
        },
      };
    },
  };
}
