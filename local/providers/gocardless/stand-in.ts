import type { ProviderAnswer, StandIn } from "../stand-in.ts";

/** `PM0123ABCD-1250-EUR` is a payment of 12.50 EUR, `RF4567-500-EUR-PM0123ABCD` a refund of 5.00 EUR of the payment PM0123ABCD. */
const statedId = /^[A-Z]{2,3}[A-Z0-9]+-(?<amount>\d{1,15})-(?<currency>[A-Z]{3})(?:-(?<payment>[\w-]+))?$/;
const path = /^\/(?<resource>payments|refunds|payouts|outbound_payments)\/(?<id>[\w-]+)$/;

/**
 * GoCardless's API on this machine, as far as its webhooks need it: they say no amounts, so that who takes one asks for
 * them. It keeps no books: what `cli send` makes up has its amount in its id, and nothing else is known here.
 */
export function createGocardlessStandIn(): StandIn {
  return {
    serves: (asked) => path.test(asked),
    answer: async ({ url, headers }) => answerTo(url, headers),
    rateLimited: () => refusal(429, "rate_limit_exceeded"),
    control: () => undefined,
    pending: () => 0,
    start: () => {},
    stop: async () => {},
  };
}

function answerTo(url: string, headers: Readonly<Record<string, string>>): ProviderAnswer {
  if (!/^Bearer \S+$/.test(headers.authorization ?? "")) return refusal(401, "access_token_not_found");
  if (headers["gocardless-version"] === undefined) return refusal(400, "missing_version_header");
  const { resource = "", id = "" } = path.exec(url)?.groups ?? {};
  const { amount, currency, payment } = statedId.exec(id)?.groups ?? {};
  if (amount === undefined) return refusal(404, "resource_not_found");
  const links = payment === undefined ? {} : { payment };
  return json(200, { [resource]: { id, amount: Number(amount), currency, links } });
}

function refusal(status: number, reason: string): ProviderAnswer {
  return json(status, { error: { code: status, message: reason, errors: [{ reason }] } });
}

function json(status: number, body: object): ProviderAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
