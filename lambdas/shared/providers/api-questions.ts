/**
 * Questions to a provider's API whose answers are never kept, since the next webhook comes because they have changed.
 * Why, and what is remembered all the same: docs/adr/0021.
 */
import { limits } from "../../../config/limits.ts";
import { RetryableError } from "../domain/retryable-error.ts";
import type { OutsidePorts } from "./outside.ts";
import { type HostAnswer, hasNothing, request, tries, unavailable } from "./outside-request.ts";
import type { ApiAnswer, ApiQuestion, Outside } from "./types.ts";

const minuteMs = 60_000;
/** So long nobody asks again about what the provider hasn't got; shorter than its own first pause. */
const absentMs = 30_000;
const maxRemembered = 1_000;
/** Strangers guess ids: so many guesses within a minute, then nobody is asked about ids that were never found. */
const maxInVainPerMinute = 60;
/** One webhook tells of one change; more of one object than these are somebody's game. */
const maxSamePerMinute = 12;

const absent: ApiAnswer = { kind: "absent" };

/** What a provider's API answers becomes the webhook's body, so the body's limit holds for it. */
export function createApiQuestions({ get, now, apiUrls = {} }: OutsidePorts): Outside["ask"] {
  /** Question → until when it is known to have no answer. */
  const absentUntil = new Map<string, number>();
  /** Question → when it was asked within the last minute; only those that have found something. */
  const found = new Map<string, readonly number[]>();
  /** When others of them found nothing. */
  let inVainAt: readonly number[] = [];

  const recent = (times: readonly number[]) => times.filter((at) => at > now() - minuteMs);

  function refuseTooMuch(key: string): void {
    const asked = found.get(key);
    if (asked === undefined) {
      inVainAt = recent(inVainAt);
      if (inVainAt.length >= maxInVainPerMinute) throw unavailable("was asked too often in vain");
      return;
    }
    if (recent(asked).length >= maxSamePerMinute) throw unavailable("was asked too often about the same object");
  }

  async function once(question: ApiQuestion): Promise<HostAnswer> {
    const { provider, path, apiKey } = question;
    const url = `${apiUrls[provider] ?? question.apiUrl}${path}`;
    const headers = { ...question.headers, accept: "application/json", authorization: `Bearer ${apiKey}` };
    const answer = await request(get, { url, headers, maxBytes: limits.webhookBodyBytes });
    if (answer.status === 429) throw new RetryableError("provider-rate-limited", "The provider is asked too much.");
    const isDecided = answer.text !== undefined || hasNothing(answer) || isForbidden(answer);
    if (!isDecided) throw unavailable(`answers ${answer.status}`);
    return answer;
  }

  return async (question) => {
    const key = `${question.apiKey} ${question.path}`;
    if (now() < (absentUntil.get(key) ?? 0)) return absent;
    refuseTooMuch(key);
    const answer = await tries(() => once(question));
    if (answer.text === undefined) {
      inVainAt = [...inVainAt, now()];
      if (isForbidden(answer)) return { kind: "forbidden" };
      put(absentUntil, key, now() + absentMs);
      return absent;
    }
    put(found, key, [...recent(found.get(key) ?? []), now()]);
    return { kind: "found", text: answer.text };
  };
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
