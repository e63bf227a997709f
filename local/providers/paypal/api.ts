/**
 * The part of PayPal's API that reconciliation reads. Sources: https://developer.paypal.com/api/rest/authentication/,
 * https://developer.paypal.com/api/webhooks/v1/webhooks-events-list and
 * https://developer.paypal.com/docs/transaction-search/
 */
import { randomBytes } from "node:crypto";
import { splitTarget } from "../../aws/wire.ts";
import type { Objects } from "../objects.ts";
import type { ProviderAnswer, ProviderRequest } from "../stand-in.ts";
import { collections, isAbout, type KeptEvent, type KeptTransaction } from "./books.ts";

/** What PayPal refuses with: its word for it, and one for the person who asks. */
class PaypalRefusal extends Error {
  readonly status: number;
  readonly word: string;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, word: string, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.word = word;
    this.more = more;
  }
}

export interface PaypalApiOptions {
  readonly objects: Objects;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** By how much Transaction Search is behind, in milliseconds. */
  readonly lagMs: () => number;
}

export interface PaypalStandInApi {
  answer(request: ProviderRequest): ProviderAnswer;
  rateLimited(): ProviderAnswer;
}

const eventsPath = "/v1/notifications/webhooks-events";
const transactionsPath = "/v1/reporting/transactions";
const tokenPath = "/v1/oauth2/token";
/** Nine hours, as PayPal's are. */
const tokenSeconds = 9 * 60 * 60;
const maxEventsPerPage = 100;
const maxTransactions = 10_000;
const longestRangeMs = 31 * 24 * 60 * 60_000;

export function isPaypalPath(path: string): boolean {
  return path === tokenPath || path === transactionsPath || path === eventsPath || path.startsWith(`${eventsPath}/`);
}

export function createPaypalApi({ objects, now, lagMs }: PaypalApiOptions): PaypalStandInApi {
  /** Token → epoch milliseconds of its end. */
  const tokens = new Map<string, number>();

  function perform(request: ProviderRequest): unknown {
    const { path, query } = splitTarget(request.url);
    if (path === tokenPath) return newToken(request);
    const [scheme, token = ""] = (request.headers.authorization ?? "").split(" ");
    if (scheme !== "Bearer" || (tokens.get(token) ?? 0) <= now()) {
      throw new PaypalRefusal(401, "AUTHENTICATION_FAILURE", "Authentication failed due to invalid credentials.");
    }
    if (request.method !== "GET") throw new PaypalRefusal(405, "METHOD_NOT_SUPPORTED", "Only GET is stood in for.");
    if (path === transactionsPath) return searchTransactions(query);
    if (path === eventsPath) return listEvents(query);
    const kept = objects.get<KeptEvent>(collections.events, decodeURIComponent(path.slice(eventsPath.length + 1)));
    if (kept === undefined)
      throw new PaypalRefusal(404, "RESOURCE_NOT_FOUND", "The specified resource does not exist.");
    return kept.event;
  }

  function newToken({ method, headers, body }: ProviderRequest): unknown {
    const [scheme, encoded = ""] = (headers.authorization ?? "").split(" ");
    const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString().split(":");
    const isAsked = new URLSearchParams(String(body)).get("grant_type") === "client_credentials";
    if (method !== "POST" || !isAsked) throw new PaypalRefusal(400, "unsupported_grant_type", "Grant Type is NULL");
    if (scheme !== "Basic" || !/^\w{8,}$/.test(id) || !/^\w{8,}$/.test(secret)) {
      throw new PaypalRefusal(401, "invalid_client", "Client Authentication failed");
    }
    const token = `A21AA${randomBytes(24).toString("base64url")}`;
    tokens.set(token, now() + tokenSeconds * 1000);
    return { access_token: token, token_type: "Bearer", app_id: "APP-LOCAL", expires_in: tokenSeconds };
  }

  function listEvents(query: URLSearchParams): unknown {
    const size = Math.min(wholeNumber(query, "page_size", 10), maxEventsPerPage);
    const skip = wholeNumber(query, "start_index", 0);
    const [from, to] = [timeIn(query, "start_time") ?? 0, timeIn(query, "end_time") ?? now()];
    const [name, about] = [query.get("event_type"), query.get("transaction_id")];
    const part = { from: Math.floor(from / 1000), to: Math.floor(to / 1000) + 1 };
    const wanted = [...objects.newestFirst<KeptEvent>(collections.events, part)].filter(
      ({ event }) => (name === null || event.event_type === name) && (about === null || isAbout(event, about)),
    );
    const page = wanted.slice(skip, skip + size);
    const next = new URLSearchParams(query);
    next.set("start_index", String(skip + size));
    const href = `https://api-m.paypal.com${eventsPath}?${next}`;
    const links = wanted.length > skip + size ? [{ href, rel: "next", method: "GET" }] : [];
    return { events: page.map(({ event }) => event), count: page.length, links };
  }

  function searchTransactions(query: URLSearchParams): unknown {
    const [from, to] = [timeIn(query, "start_date"), timeIn(query, "end_date")];
    if (from === undefined || to === undefined || from > to || to - from > longestRangeMs) {
      throw invalid("start_date and end_date are required, and at most 31 days apart.");
    }
    const [size, page] = [wholeNumber(query, "page_size", 100), wholeNumber(query, "page", 1)];
    if (size < 1 || size > 500 || page < 1) throw invalid("page_size lies between 1 and 500, page from 1 on.");
    const refreshedMs = now() - lagMs();
    const end = Math.min(Math.floor(to / 1000), Math.floor(refreshedMs / 1000)) + 1;
    const part = { from: Math.ceil(from / 1000), to: end };
    const found = [...objects.newestFirst<KeptTransaction>(collections.transactions, part)].reverse();
    if (found.length > maxTransactions) {
      const more = { total_items: found.length, maximum_items: maxTransactions };
      throw new PaypalRefusal(400, "RESULTSET_TOO_LARGE", "Result set size is greater than the maximum limit.", more);
    }
    return {
      transaction_details: found
        .slice((page - 1) * size, page * size)
        .map(({ transaction_info }) => ({ transaction_info })),
      start_date: query.get("start_date"),
      end_date: query.get("end_date"),
      last_refreshed_datetime: new Date(refreshedMs).toISOString().replace(/\.\d+Z$/, "+0000"),
      page,
      total_items: found.length,
      total_pages: Math.ceil(found.length / size),
      links: [],
    };
  }

  return {
    answer(request) {
      try {
        return answerOf(200, perform(request));
      } catch (error) {
        if (error instanceof PaypalRefusal) return refusalOf(error);
        // A bug of the stand-in's own: answered as PayPal would, and loud.
        console.error(error);
        return refusalOf(new PaypalRefusal(500, "INTERNAL_SERVER_ERROR", "An internal server error occurred."));
      }
    },
    rateLimited: () => refusalOf(new PaypalRefusal(429, "RATE_LIMIT_REACHED", "Too many requests.")),
  };
}

/** The token's endpoint speaks OAuth, whose errors have other words. */
function refusalOf({ status, word, message, more }: PaypalRefusal): ProviderAnswer {
  const isOfOauth = word === "invalid_client" || word === "unsupported_grant_type";
  const debugId = randomBytes(6).toString("hex");
  return answerOf(
    status,
    isOfOauth ? { error: word, error_description: message } : { name: word, message, debug_id: debugId, ...more },
  );
}

function answerOf(status: number, body: unknown): ProviderAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function invalid(message: string): PaypalRefusal {
  return new PaypalRefusal(400, "INVALID_REQUEST", message);
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const given = query.get(name);
  if (given === null) return otherwise;
  if (!/^\d{1,9}$/.test(given)) throw invalid(`${name} is not a whole number.`);
  return Number(given);
}

/** Seconds are required, as PayPal requires them. */
function timeIn(query: URLSearchParams, name: string): number | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(given);
  const milliseconds = Date.parse(given);
  if (!isTime || Number.isNaN(milliseconds)) throw invalid(`${name} is not a time in RFC 3339's form.`);
  return milliseconds;
}
