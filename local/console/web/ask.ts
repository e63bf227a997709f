/** Asking the console's API: once, again and again, or to do something. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** What the API said was wrong, in words for a person. */
class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "Refusal";
    this.code = code;
  }
}

async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal("no_answer", "The local runtime doesn't answer. Is `npm start` still running?");
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as T;
  const { error } = (body ?? {}) as { readonly error?: { readonly code: string; readonly message: string } };
  throw new Refusal(error?.code ?? "failed", error?.message ?? `The console answered ${response.status}.`);
}

/** @param question below `/console/api/`, with its query. @throws Refusal */
export function ask<T>(question: string, signal?: AbortSignal): Promise<T> {
  return answerOf(fetch(`/console/api/${question}`, signal === undefined ? {} : { signal }));
}

/** Does something. @throws Refusal */
export function act<T>(deed: string, body: object): Promise<T> {
  const headers = { "content-type": "application/json" };
  return answerOf(fetch(`/console/api/${deed}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

export interface Asked<T> {
  /** The last answer; it stays while a newer one is on its way or fails. */
  readonly answer: T | undefined;
  readonly error: Error | undefined;
  /** Asks now. */
  again(): void;
}

/**
 * An answer that is kept fresh while the page is looked at.
 * @param everyMs 0 asks once
 */
export function useAnswer<T>(question: string, everyMs = 0): Asked<T> {
  const [state, setState] = useState<{ question: string; answer?: T | undefined; error?: Error | undefined }>({
    question,
  });
  const poke = useRef(() => {});
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function look(isWanted: boolean): Promise<void> {
      clearTimeout(timer);
      // Nobody looks at a hidden page's renewals; its first answer is there when somebody comes.
      if (isWanted || !document.hidden) {
        try {
          const answer = await ask<T>(question, controller.signal);
          setState({ question, answer });
        } catch (error) {
          if (controller.signal.aborted) return;
          setState((before) => ({
            question,
            answer: before.question === question ? before.answer : undefined,
            error: error as Error,
          }));
        }
      }
      if (everyMs > 0 && !controller.signal.aborted) timer = setTimeout(() => void look(false), everyMs);
    }
    poke.current = () => void look(true);
    const onShown = () => {
      if (!document.hidden && everyMs > 0) void look(false);
    };
    document.addEventListener("visibilitychange", onShown);
    void look(true);
    return () => {
      controller.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onShown);
    };
  }, [question, everyMs]);
  const again = useCallback(() => poke.current(), []);
  // The answer to another question is none.
  const isOurs = state.question === question;
  return { answer: isOurs ? state.answer : undefined, error: isOurs ? state.error : undefined, again };
}
