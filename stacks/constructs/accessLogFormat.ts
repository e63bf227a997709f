/**
 * One JSON line for each request: who answered what, and how fast. No header, body or query string, and no path but
 * the resource's own, since a sender chooses those (WEBHOOK_RULES 19).
 * Variables: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  traceId: "$context.xrayTraceId",
  time: "$context.requestTimeEpoch",
  method: "$context.httpMethod",
  resource: "$context.resourcePath",
  status: "$context.status",
  responseType: "$context.error.responseType",
  responseBytes: "$context.responseLength",
  ms: "$context.responseLatency",
  integrationStatus: "$context.integration.status",
  integrationMs: "$context.integrationLatency",
});
