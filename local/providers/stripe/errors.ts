/** Stripe's errors as it words them. Source: https://docs.stripe.com/api/errors, https://docs.stripe.com/error-codes */

export interface ErrorBody {
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  /** Further members, such as `decline_code`, `charge` or the whole `payment_intent`. */
  readonly [member: string]: unknown;
}

export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.name = "StripeRefusal";
    this.status = status;
    this.body = { ...(body.code !== undefined && { doc_url: docUrl(body.code) }), ...body };
  }
}

function docUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;
}

export function invalid(message: string, { code, param }: { code?: string; param?: string } = {}): StripeRefusal {
  return new StripeRefusal(400, {
    type: "invalid_request_error",
    message,
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
  });
}

/**
 * @param noun Stripe's word for the kind of object in this sentence, such as `payment_intent` or `PaymentMethod`
 * @param param where the id stood; `id` where it is part of the path
 */
export function noSuch(noun: string, id: string, param = "id"): StripeRefusal {
  const refusal = {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${noun}: '${id}'`,
  } as const;
  return new StripeRefusal(param === "id" ? 404 : 400, { ...refusal, param });
}

export function unrecognizedUrl(method: string, path: string): StripeRefusal {
  const hint = "The local stand-in covers events, payments, refunds, payouts, disputes, accounts and the balance.";
  return new StripeRefusal(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${path}). ${hint}`,
  });
}

/** All but the last four characters of a key are stars in whatever Stripe says of it. */
function starred(key: string): string {
  return key.replace(
    /^((?:sk|rk|pk)_(?:test|live)_)?(.*?)(.{0,4})$/,
    (_all, kind = "", middle: string, end: string) => {
      return `${kind}${"*".repeat(middle.length)}${end}`;
    },
  );
}

export function noKey(): StripeRefusal {
  return new StripeRefusal(401, {
    type: "invalid_request_error",
    message:
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
  });
}

export function wrongKey(key: string): StripeRefusal {
  return new StripeRefusal(401, {
    type: "invalid_request_error",
    message: `Invalid API Key provided: ${starred(key)}`,
  });
}

export function noAccess(key: string, account: string): StripeRefusal {
  return new StripeRefusal(403, {
    type: "invalid_request_error",
    code: "account_invalid",
    message: `The provided key '${starred(key)}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
  });
}

export function otherParameters(key: string): StripeRefusal {
  return new StripeRefusal(400, {
    type: "idempotency_error",
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  });
}

export function tooManyRequests(): StripeRefusal {
  return new StripeRefusal(429, {
    type: "invalid_request_error",
    code: "rate_limit",
    message:
      "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
  });
}
