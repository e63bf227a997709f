/** What providers fetch before they verify: kept for as long as it is likely to be asked for, and never too much of it. */
import { RetryableError } from "../domain/retryable-error.ts";
import type { Outside } from "./types.ts";

export interface OutsidePorts {
  /** `fetch`, or what stands in for it. */
  readonly get: (url: string, init: RequestInit) => Promise<Response>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const dayMs = 24 * 60 * 60_000;
/** What isn't there may be there soon. */
const absentMs = 60_000;
const timeoutMs = 3_000;
const tries = 2;
const maxBytes = 16_384;
const maxKept = 50;
/** Strangers can make us ask; what is kept doesn't count. */
const maxQuestionsPerMinute = 20;

interface Kept {
  readonly text: string | undefined;
  readonly untilMs: number;
}

/** Redirects are refused: the provider has allowed this URL, and no other. */
export function createOutside({ get, now }: OutsidePorts): Outside {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<string | undefined>>();
  let questionsAt: readonly number[] = [];

  function keep(url: string, text: string | undefined): string | undefined {
    const oldest = kept.keys().next();
    if (kept.size >= maxKept && oldest.done !== true) kept.delete(oldest.value);
    kept.set(url, { text, untilMs: now() + (text === undefined ? absentMs : dayMs) });
    return text;
  }

  async function ask(url: string): Promise<string | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return keep(url, await once(url));
      } catch (error) {
        if (attempt === tries) throw error;
      }
    }
  }

  async function once(url: string): Promise<string | undefined> {
    const response = await get(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) }).catch(
      (cause: unknown) => {
        throw unavailable("gives no answer", cause);
      },
    );
    if (response.status === 404 || response.status === 410) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw unavailable(`answers ${response.status}`);
    }
    const text = await response.text().catch((cause: unknown) => {
      throw unavailable("breaks off its answer", cause);
    });
    if (text.length > maxBytes) throw unavailable(`answers more than ${maxBytes} bytes`);
    return text;
  }

  function isTooMuch(): boolean {
    questionsAt = questionsAt.filter((at) => at > now() - 60_000);
    if (questionsAt.length >= maxQuestionsPerMinute) return true;
    questionsAt = [...questionsAt, now()];
    return false;
  }

  return {
    async text(url) {
      const known = kept.get(url);
      if (known !== undefined && now() < known.untilMs) return known.text;
      const underWay = asked.get(url);
      if (underWay !== undefined) return underWay;
      if (isTooMuch()) throw unavailable("was asked too often within a minute");
      const answer = ask(url).finally(() => asked.delete(url));
      asked.set(url, answer);
      return answer;
    },
  };
}

/** Says nothing of the URL, which a stranger may have chosen. */
function unavailable(what: string, cause?: unknown): RetryableError {
  return new RetryableError("provider-unavailable", `The provider's host ${what}.`, { cause });
}
