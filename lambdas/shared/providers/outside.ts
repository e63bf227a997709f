/** What providers fetch before they verify: kept for as long as it is likely to be asked for, and never too much of it. */
import type { ProviderName } from "../../../config/providers.ts";
import { createApiQuestions } from "./api-questions.ts";
import { type Get, hasNothing, request, tries, unavailable } from "./outside-request.ts";
import type { Outside } from "./types.ts";

export interface OutsidePorts {
  readonly get: Get;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Where a provider's API is stood in for; only the local runtime says so. */
  readonly apiUrls?: Readonly<Partial<Record<ProviderName, string | undefined>>>;
}

const dayMs = 24 * 60 * 60_000;
/** What isn't there may be there soon. */
const absentMs = 60_000;
const maxBytes = 16_384;
const maxKept = 50;
/** Strangers can make us ask; what is kept doesn't count. */
const maxQuestionsPerMinute = 20;

interface Kept {
  readonly text: string | undefined;
  readonly untilMs: number;
}

/** Redirects are refused: the provider has allowed this URL, and no other. */
export function createOutside({ get, now, apiUrls = {} }: OutsidePorts): Outside {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<string | undefined>>();
  let questionsAt: readonly number[] = [];

  function keep(url: string, text: string | undefined): string | undefined {
    const oldest = kept.keys().next();
    if (kept.size >= maxKept && oldest.done !== true) kept.delete(oldest.value);
    kept.set(url, { text, untilMs: now() + (text === undefined ? absentMs : dayMs) });
    return text;
  }

  async function fetched(url: string): Promise<string | undefined> {
    return tries(async () => {
      const answer = await request(get, { url, headers: {}, maxBytes });
      if (hasNothing(answer)) return keep(url, undefined);
      if (answer.text === undefined) throw unavailable(`answers ${answer.status}`);
      return keep(url, answer.text);
    });
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
      const answer = fetched(url).finally(() => asked.delete(url));
      asked.set(url, answer);
      return answer;
    },
    ask: createApiQuestions({ get, now, apiUrls }),
    now,
  };
}
