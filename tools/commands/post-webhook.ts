import { limits } from "../../config/limits.ts";
import type { ApiAnswer } from "./send-answer.ts";

/** Posts a signed webhook. Undefined when nobody answers. */
export async function postWebhook(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array<ArrayBuffer>,
): Promise<ApiAnswer | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(limits.apiGatewayTimeoutSeconds * 1000 + 1_000),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}
