import { limits } from "../../config/limits.ts";
import type { ApiAnswer } from "./send-answer.ts";

/** Whether and what the API answers. */
export type Posted =
  | ({ readonly kind: "answer" } & ApiAnswer)
  /** `code` is Node's, such as ECONNREFUSED, or words where it has none; empty when an answer took too long. */
  | { readonly kind: "no-answer"; readonly code: string };

/** Posts a signed webhook. */
export async function postWebhook(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: new Uint8Array(body),
      redirect: "manual",
      signal: AbortSignal.timeout(limits.apiGatewayTimeoutSeconds * 1000 + 1_000),
    });
    return { kind: "answer", status: response.status, text: await response.text() };
  } catch (error) {
    return { kind: "no-answer", code: codeOf(error) };
  }
}

/** fetch wraps the network's error, and has one of its own, without a code, for a URL that it won't call. */
function codeOf(error: unknown): string {
  const { name, cause } = error as Error & { readonly cause?: { readonly code?: unknown; readonly message?: string } };
  if (typeof cause?.code === "string") return cause.code;
  return name === "TimeoutError" ? "" : (cause?.message ?? name);
}
