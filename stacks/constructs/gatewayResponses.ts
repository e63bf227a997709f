/**
 * What API Gateway itself answers, in the shape of the validator's own answers (WEBHOOK_RULES 4). Providers resend
 * after a 503, but give up or alarm after most 4xx, so whatever we cannot decide is a 503 with Retry-After.
 * Names: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export interface GatewayResponse {
  readonly responseType: string;
  /** Absent: the response keeps the status that API Gateway gives it. */
  readonly statusCode?: number;
  readonly retryAfterSeconds?: number;
  readonly error: { readonly type: string; readonly code: string; readonly message: string };
}

function unavailable(responseType: string, code: string, message: string): GatewayResponse {
  return { responseType, statusCode: 503, retryAfterSeconds: 5, error: { type: "unavailable", code, message } };
}

function notFound(responseType: string): GatewayResponse {
  return {
    responseType,
    statusCode: 404,
    error: { type: "not_found", code: "unknown_path", message: "Send webhooks to /webhooks/{provider} or /webhook." },
  };
}

export const gatewayResponses: readonly GatewayResponse[] = [
  unavailable("THROTTLED", "throttled", "Too many requests at the moment; send it again later."),
  unavailable("QUOTA_EXCEEDED", "throttled", "Too many requests at the moment; send it again later."),
  unavailable("INTEGRATION_FAILURE", "temporarily_unavailable", "The webhook could not be taken; send it again later."),
  unavailable(
    "INTEGRATION_TIMEOUT",
    "temporarily_unavailable",
    "The webhook could not be taken in time; send it again later.",
  ),
  unavailable("DEFAULT_5XX", "temporarily_unavailable", "The webhook could not be taken; send it again later."),
  {
    responseType: "REQUEST_TOO_LARGE",
    statusCode: 413,
    error: { type: "invalid_request", code: "body_too_large", message: "The body is too large." },
  },
  // API Gateway says "missing authentication token" when no resource has the path.
  notFound("MISSING_AUTHENTICATION_TOKEN"),
  notFound("RESOURCE_NOT_FOUND"),
  {
    responseType: "DEFAULT_4XX",
    error: { type: "invalid_request", code: "bad_request", message: "The request could not be understood." },
  },
];
