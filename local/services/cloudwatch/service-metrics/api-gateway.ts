/** Source: API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics". */
import { type Book, tellerOf } from "./teller.ts";

export interface AnsweredRequest {
  readonly status: number;
  readonly latencyMs: number;
  /** Of the function; undefined where the gateway answered by itself. */
  readonly integrationLatencyMs: number | undefined;
}

export function apiGatewayMetrics(
  book: Book,
  api: { readonly name: string; readonly stage: string },
): (answered: AnsweredRequest) => void {
  const teller = tellerOf(book, "AWS/ApiGateway");
  const tells = [teller(["ApiName", api.name]), teller(["ApiName", api.name], ["Stage", api.stage])];
  return ({ status, latencyMs, integrationLatencyMs }) => {
    for (const tell of tells) {
      tell("Count", 1);
      // Their averages are rates: who answered well counts as 0.
      tell("4XXError", status >= 400 && status < 500 ? 1 : 0);
      tell("5XXError", status >= 500 ? 1 : 0);
      tell("Latency", latencyMs, "Milliseconds");
      if (integrationLatencyMs !== undefined) tell("IntegrationLatency", integrationLatencyMs, "Milliseconds");
    }
  };
}
