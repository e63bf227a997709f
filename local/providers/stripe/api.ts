/** Stripe's API over HTTP: who asks, about which account, once or again. Source: https://docs.stripe.com/api */
import { splitTarget } from "../../aws/wire.ts";
import type { Objects } from "../objects.ts";
import type { ProviderAnswer, ProviderRequest } from "../stand-in.ts";
import { type Asked, apiVersion, type Books, platformId } from "./books.ts";
import type { Call } from "./call.ts";
import {
  noAccess,
  noKey,
  otherParameters,
  StripeRefusal,
  tooManyRequests,
  unrecognizedUrl,
  wrongKey,
} from "./errors.ts";
import { expanded } from "./expand.ts";
import { type Form, parseForm } from "./form.ts";
import { newId } from "./ids.ts";
import { route } from "./routes.ts";

export interface ApiOptions {
  readonly objects: Objects;
  readonly booksOf: (account: string) => Books;
  readonly isUndelivered: (eventId: string) => boolean;
}

/** The outcome of a request that was made under a key, kept for those who ask again. */
interface Outcome {
  readonly id: string;
  readonly created: number;
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

const outcomes = "outcomes";
/** Stripe forgets a key after a day: https://docs.stripe.com/api/idempotent_requests */
const outcomeSeconds = 24 * 60 * 60;

export function createApi({ objects, booksOf, isUndelivered }: ApiOptions) {
  const platform = booksOf(platformId);

  function callOf(request: ProviderRequest, form: Form, id: string, asked: Asked): Call {
    const key = keyOf(request.headers.authorization);
    const account = request.headers["stripe-account"] ?? platformId;
    if (platform.get("account", account) === undefined) throw noAccess(key, account);
    return { books: booksOf(account), platform, booksOf, form, id, asked, key, isUndelivered };
  }

  function perform(request: ProviderRequest, asked: Asked): string {
    keyOf(request.headers.authorization);
    const { path, query } = splitTarget(request.url);
    const routed = route(request.method, path);
    if (routed === undefined) throw unrecognizedUrl(request.method, path);
    const form = parseForm(request.method === "POST" ? String(request.body) : query.toString());
    const call = callOf(request, form, routed.id, asked);
    return JSON.stringify(expanded(call.books, routed.operation(call), pathsIn(form)), null, 2);
  }

  /** What was answered to the same request under this key; undefined if it is new. */
  function earlier(id: string, request: string, key: string): Outcome | undefined {
    const known = objects.get<Outcome>(outcomes, id);
    if (known === undefined) return undefined;
    if (known.created < platform.now() - outcomeSeconds) {
      objects.remove(outcomes, id);
      return undefined;
    }
    if (known.request !== request) throw otherParameters(key);
    return known;
  }

  function answerOnce(request: ProviderRequest, key: string, asked: Asked): ProviderAnswer {
    const id = `${request.headers["stripe-account"] ?? platformId}:${key}`;
    const wanted = `${request.method} ${request.url} ${request.body}`;
    const known = earlier(id, wanted, key);
    if (known !== undefined) {
      return answerOf(known.status, known.body, { "original-request": known.id, "idempotent-replayed": "true" });
    }
    const keep = (status: number, body: string) => {
      objects.put(outcomes, { id, created: platform.now(), request: wanted, status, body } as Outcome);
      return answerOf(status, body, {});
    };
    try {
      return keep(200, perform(request, asked));
    } catch (error) {
      // A request that was refused before it began may be put right and sent again under its key; a decline stands.
      if (error instanceof StripeRefusal && error.status === 402) return keep(error.status, bodyOf(error));
      throw error;
    }
  }

  return {
    answer(request: ProviderRequest): ProviderAnswer {
      const requestId = newId("req_", 14);
      const key = request.method === "POST" ? request.headers["idempotency-key"] : undefined;
      const asked: Asked = { id: requestId, idempotency_key: key ?? null };
      const told = {
        "request-id": requestId,
        "stripe-version": request.headers["stripe-version"] ?? apiVersion,
        ...(key !== undefined && { "idempotency-key": key }),
        ...(request.headers["stripe-account"] !== undefined && { "stripe-account": request.headers["stripe-account"] }),
      };
      try {
        const answer = key === undefined ? answerOf(200, perform(request, asked), {}) : answerOnce(request, key, asked);
        return { ...answer, headers: { ...told, ...answer.headers } };
      } catch (error) {
        return answerOf(statusOf(error), bodyOf(error), told);
      } finally {
        objects.commit();
      }
    },
    rateLimited: () => answerOf(429, bodyOf(tooManyRequests()), { "stripe-rate-limited-reason": "global-rate" }),
  };
}

/**
 * Any secret or restricted test key opens the one platform that there is.
 * @throws StripeRefusal for none, and for live or publishable ones
 */
function keyOf(authorization: string | undefined): string {
  const [scheme = "", given = ""] = (authorization ?? "").split(" ");
  const isBasic = scheme.toLowerCase() === "basic";
  const key = isBasic ? (Buffer.from(given, "base64").toString().split(":")[0] ?? "") : given;
  if (key === "") throw noKey();
  if (!/^(sk|rk)_test_\w{4,}$/.test(key)) throw wrongKey(key);
  return key;
}

function pathsIn({ expand }: Form): readonly string[] {
  if (typeof expand === "string") return [expand];
  return Array.isArray(expand) ? expand.map(String) : [];
}

function statusOf(error: unknown): number {
  if (error instanceof StripeRefusal) return error.status;
  // A bug of the stand-in's own: answered as Stripe would, and loud.
  console.error(error);
  return 500;
}

function bodyOf(error: unknown): string {
  const unknown = { type: "api_error", message: "An unknown error occurred." };
  return JSON.stringify({ error: error instanceof StripeRefusal ? error.body : unknown }, null, 2);
}

function answerOf(status: number, body: string, headers: Readonly<Record<string, string>>): ProviderAnswer {
  return { status, headers: { "content-type": "application/json", ...headers }, body };
}
