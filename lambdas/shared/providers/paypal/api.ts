/** Asking PayPal's REST API: with a token of its own, patiently, and with one kind of error. */
import { field } from "../../domain/exact-json.ts";
import { LedgerError, type LedgerErrorCode } from "../../domain/reconciliation/provider-ledger.ts";

export interface PaypalApiOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  readonly wait: (milliseconds: number) => Promise<unknown>;
  /** `fetch`, or what stands in for it. */
  readonly send: (url: string, init: RequestInit) => Promise<Response>;
}

export interface PaypalApi {
  /**
   * Asks for a path with its query.
   * @param what is asked for, as it stands in a sentence
   * @throws LedgerError; its cause is a PaypalRefusal where PayPal has answered
   */
  get(what: string, target: string): Promise<unknown>;
}

/** An answer other than success. Source: https://developer.paypal.com/api/rest/responses/ */
export interface PaypalRefusal {
  readonly status: number;
  /** PayPal's word for it, such as RESOURCE_NOT_FOUND. */
  readonly name: string | undefined;
}

/** After failures, and after refusals for haste: https://developer.paypal.com/api/rest/reference/rate-limiting/ */
const pausesMs: Readonly<Record<"unavailable" | "rate-limited", readonly number[]>> = {
  unavailable: [500, 1_000],
  "rate-limited": [1_000, 2_000, 4_000, 8_000],
};
const longestPauseMs = 10_000;
/** A token is renewed so long before its end. */
const tokenReserveMs = 60_000;

export function createPaypalApi(options: PaypalApiOptions): PaypalApi {
  const { now } = options;
  let token: { readonly text: string; readonly untilMs: number } | undefined;

  async function freshToken(): Promise<string> {
    const credentials = Buffer.from(`${options.clientId}:${options.clientSecret}`).toString("base64");
    const answer = await patiently(options, () =>
      request(options, "a token", "/v1/oauth2/token", {
        method: "POST",
        headers: { authorization: `Basic ${credentials}`, "content-type": "application/x-www-form-urlencoded" },
        body: "grant_type=client_credentials",
      }),
    );
    const [text, seconds] = [field(answer, "access_token"), field(answer, "expires_in")];
    if (typeof text !== "string" || typeof seconds !== "number") {
      throw new LedgerError("unexpected-answer", "PayPal's answer to a request for a token has none.");
    }
    token = { text, untilMs: now() + seconds * 1000 - tokenReserveMs };
    return text;
  }

  async function ask(what: string, target: string): Promise<unknown> {
    const known = token !== undefined && now() < token.untilMs ? token.text : undefined;
    const get = (text: string) =>
      patiently(options, () => request(options, what, target, { headers: { authorization: `Bearer ${text}` } }));
    try {
      return await get(known ?? (await freshToken()));
    } catch (error) {
      // A token may be withdrawn before its time; the credentials then still open the door.
      if (known === undefined || !(error instanceof LedgerError) || error.code !== "unauthorized") throw error;
      return await get(await freshToken());
    }
  }

  return { get: ask };
}

/** What PayPal refused with, if an error comes of its refusal. */
export function refusalIn(error: unknown): PaypalRefusal | undefined {
  const cause = error instanceof LedgerError ? error.cause : undefined;
  return typeof field(cause, "status") === "number" ? (cause as PaypalRefusal) : undefined;
}

/** A LedgerError, and how long PayPal asks to wait. */
class Failure extends LedgerError {
  readonly askedPauseMs: number | undefined;

  constructor(code: LedgerErrorCode, message: string, cause: unknown, askedPauseMs?: number) {
    super(code, message, { cause });
    this.askedPauseMs = askedPauseMs;
  }
}

async function patiently<T>({ wait }: PaypalApiOptions, ask: () => Promise<T>): Promise<T> {
  const left = { unavailable: [...pausesMs.unavailable], "rate-limited": [...pausesMs["rate-limited"]] };
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isPassing = error instanceof Failure && (error.code === "unavailable" || error.code === "rate-limited");
      const pauseMs = isPassing ? left[error.code as keyof typeof left].shift() : undefined;
      if (pauseMs === undefined) throw error;
      await wait(Math.min((error as Failure).askedPauseMs ?? pauseMs, longestPauseMs));
    }
  }
}

async function request(
  { apiUrl, timeoutMs, send }: PaypalApiOptions,
  what: string,
  target: string,
  init: RequestInit,
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    response = await send(`${apiUrl}${target}`, { ...init, redirect: "error", signal });
    text = await response.text();
  } catch (cause) {
    throw new Failure("unavailable", `PayPal gave no answer when asked for ${what}. ${advice.unavailable}`, cause);
  }
  const body = jsonOf(text);
  if (response.ok) {
    if (body !== undefined) return body;
    throw new Failure("unexpected-answer", `PayPal's answer to a request for ${what} is no JSON.`, undefined);
  }
  const name = field(body, "name") ?? field(body, "error");
  const debugId = field(body, "debug_id") ?? response.headers.get("paypal-debug-id");
  const refusal: PaypalRefusal = { status: response.status, name: typeof name === "string" ? name : undefined };
  const code = codeOf(refusal.status);
  const said = [refusal.status, refusal.name, typeof debugId === "string" ? `(${debugId})` : undefined]
    .filter((part) => part !== undefined)
    .join(" ");
  const message = `PayPal answered ${said} when asked for ${what}. ${advice[code]}`;
  throw new Failure(code, message, refusal, askedPauseMs(response.headers.get("retry-after")));
}

const advice: Readonly<Record<LedgerErrorCode, string>> = {
  unavailable: "The next run asks again.",
  "rate-limited": "The next run asks again; other programs with these credentials may be asking too much.",
  unauthorized: 'Put credentials of an app for which "Transaction Search" is switched on.',
  "account-gone": "The account took its permission back.",
  "unexpected-answer": "Look at the request in PayPal's developer dashboard.",
};

function codeOf(status: number): LedgerErrorCode {
  if (status === 429) return "rate-limited";
  if (status === 401 || status === 403) return "unauthorized";
  return status >= 500 ? "unavailable" : "unexpected-answer";
}

function askedPauseMs(retryAfter: string | null): number | undefined {
  const seconds = retryAfter === null || retryAfter.trim() === "" ? Number.NaN : Number(retryAfter);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
