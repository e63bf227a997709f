/**
 * Questions to a provider's API. Answers aren't kept, since the next webhook comes because they have changed, but for
 * those that can't change. Why, and what is remembered all the same: docs/adr/0021.
 */
import { limits } from "../../../config/limits.ts";
import type { ProviderName } from "../../../config/providers.ts";
import { RetryableError } from "../domain/retryable-error.ts";
import type { OutsidePorts } from "./outside.ts";
import { type HostAnswer, hasNothing, request, tries, unavailable } from "./outside-request.ts";
import type { ApiAnswer, ApiQuestion, Outside } from "./types.ts";

const minuteMs = 60_000;
/** So long nobody asks again about what the provider hasn't got; shorter than its own first pause. */
const absentMs = 30_000;
/** So long an answer is kept that can't change: for the next try of a webhook that took too long. */
const fixedMs = 60 * minuteMs;
/** Longer answers aren't kept. */
const maxKeptChars = 16_384;
const maxRemembered = 1_000;
/** Strangers guess ids: so many guesses within a minute, then the provider isn't asked about ids never found. */
const maxInVainPerMinute = 60;
/** One webhook tells of one change; more of one object than these are somebody's game. */
const maxSamePerMinute = 12;

const absent: ApiAnswer = { kind: "absent" };

interface Kept {
  readonly answer: ApiAnswer;
  readonly untilMs: number;
}

/** What a provider's API answers becomes the webhook's body, so the body's limit holds for it. */
export function createApiQuestions({ get, now, apiUrls = {} }: OutsidePorts): Outside["ask"] {
  /** Key and question → until when it is known to have no answer. */
  const absentUntil = new Map<string, number>();
  /** Question → when it was asked within the last minute; only those that have found something. */
  const found = new Map<string, readonly number[]>();
  /** Question → its answer, if that can't change. */
  const fixed = new Map<string, Kept>();
  /** When strangers' questions to each provider found nothing: whoever guesses at one stops none of another's. */
  const inVainAt = new Map<ProviderName, readonly number[]>();

  const recent = (times: readonly number[] = []) => times.filter((at) => at > now() - minuteMs);

  function refuseTooMuch(name: string, { provider, isSigned }: ApiQuestion): void {
    const asked = found.get(name);
    if (asked !== undefined && recent(asked).length >= maxSamePerMinute) {
      throw unavailable("was asked too often about the same object");
    }
    if (asked !== undefined || isSigned) return;
    if (recent(inVainAt.get(provider)).length >= maxInVainPerMinute) throw unavailable("was asked too often in vain");
  }

  async function once({ provider, path, untilMs, ...question }: ApiQuestion, apiKey: string): Promise<HostAnswer> {
    const leftMs = untilMs === undefined ? undefined : untilMs - now();
    if (leftMs !== undefined && leftMs <= 0) throw unavailable("answers too slowly");
    const url = `${apiUrls[provider] ?? question.apiUrl}${path}`;
    const headers = { ...question.headers, accept: "application/json", authorization: `Bearer ${apiKey}` };
    const maxBytes = limits.webhookBodyBytes;
    const answer = await request(get, { url, headers, maxBytes, ...(leftMs === undefined ? {} : { leftMs }) });
    if (answer.status === 429) throw new RetryableError("provider-rate-limited", "The provider is asked too much.");
    const isDecided = answer.text !== undefined || hasNothing(answer) || isForbidden(answer);
    if (!isDecided) throw unavailable(`answers ${answer.status}`);
    return answer;
  }

  async function withKey(name: string, question: ApiQuestion, apiKey: string): Promise<ApiAnswer> {
    const answer = await tries(() => once(question, apiKey));
    if (answer.text !== undefined) return { kind: "found", text: answer.text, apiKey };
    if (isForbidden(answer)) return { kind: "forbidden" };
    put(absentUntil, `${apiKey} ${name}`, now() + absentMs);
    return absent;
  }

  function remember(name: string, answer: ApiAnswer, { provider, isSigned, isFixed = false }: ApiQuestion): void {
    if (answer.kind !== "found") {
      // Once for all keys: that an object isn't of each account is nobody's guess.
      if (!isSigned) inVainAt.set(provider, [...recent(inVainAt.get(provider)), now()]);
    } else if (isFixed && answer.text.length <= maxKeptChars) {
      put(fixed, name, { answer, untilMs: now() + fixedMs });
    } else {
      put(found, name, [...recent(found.get(name)), now()]);
    }
  }

  return async (question) => {
    const name = `${question.apiUrl}${question.path}`;
    const kept = fixed.get(name);
    if (kept !== undefined && now() < kept.untilMs) return kept.answer;
    const apiKeys = question.apiKeys.filter((apiKey) => now() >= (absentUntil.get(`${apiKey} ${name}`) ?? 0));
    if (apiKeys.length === 0) return absent;
    refuseTooMuch(name, question);
    const answer = await firstFound(apiKeys.map((apiKey) => withKey(name, question, apiKey)));
    remember(name, answer, question);
    return answer;
  };
}

/** @throws what the first of them has thrown, where another might have found it */
async function firstFound(asked: readonly Promise<ApiAnswer>[]): Promise<ApiAnswer> {
  const answers = await Promise.allSettled(asked);
  const told = answers.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const found = told.find(({ kind }) => kind === "found");
  if (found !== undefined) return found;
  const failed = answers.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  return told.find(({ kind }) => kind === "forbidden") ?? absent;
}

function isForbidden({ status }: HostAnswer): boolean {
  return status === 401 || status === 403;
}

/** The newest stay. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  const oldest = map.keys().next();
  if (map.size >= maxRemembered && oldest.done !== true) map.delete(oldest.value);
  map.set(key, value);
}
