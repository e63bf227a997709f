/** One request to a provider's host: with a time-out, a limit to its answer, and one kind of error. */
import { RetryableError } from "../domain/retryable-error.ts";

/** `fetch`, or what stands in for it. */
export type Get = (url: string, init: RequestInit) => Promise<Response>;

interface Wanted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  /** That is left for it, if it is less than any request has. */
  readonly leftMs?: number;
}

export interface HostAnswer {
  readonly status: number;
  /** Of a success alone. */
  readonly text: string | undefined;
}

const timeoutMs = 3_000;
const maxTries = 2;

/**
 * Asks once. Redirects are refused: the provider has allowed this URL, and no other.
 * @throws RetryableError where there is no answer, or too long a one
 */
export async function request(get: Get, { url, headers, maxBytes, leftMs = timeoutMs }: Wanted): Promise<HostAnswer> {
  const signal = AbortSignal.timeout(Math.min(timeoutMs, leftMs));
  const response = await get(url, { headers, redirect: "error", signal }).catch((cause: unknown) => {
    throw unavailable("gives no answer", cause);
  });
  if (!response.ok) {
    await response.body?.cancel();
    return { status: response.status, text: undefined };
  }
  return { status: response.status, text: await textOf(response, maxBytes) };
}

/** Twice at the most, and not after a refusal for haste: that one would only be repeated. */
export async function tries<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === maxTries || (error instanceof RetryableError && error.code === "provider-rate-limited")) {
        throw error;
      }
    }
  }
}

export function hasNothing({ status }: HostAnswer): boolean {
  return status === 404 || status === 410;
}

/** Says nothing of the URL, which a stranger may have chosen. */
export function unavailable(what: string, cause?: unknown): RetryableError {
  return new RetryableError("provider-unavailable", `The provider's host ${what}.`, { cause });
}

/** Reads no further than the limit, whatever the length is said to be. */
async function textOf(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, sizeBytes] = ["", 0];
  try {
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) break;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    throw unavailable("breaks off its answer", cause);
  }
  if (sizeBytes > maxBytes) throw unavailable(`answers more than ${maxBytes} bytes`);
  return text + decoder.decode();
}
