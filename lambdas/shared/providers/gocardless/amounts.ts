/** The amounts of what the events are about: fetched once the signature holds, and archived beside it. */
import { decimalText, field, fieldAt, parseExactJson } from "../../domain/exact-json.ts";
import { inParallel } from "../../domain/in-parallel.ts";
import { elementsOf, idText, isJsonObject } from "../fields.ts";
import { fetchedParts, macOf } from "../signatures.ts";
import type { ApiAnswer, Outside, Preparation, WebhookRequest } from "../types.ts";
import { amountsHeader, amountsProofHeader, type GocardlessSettings, gocardlessScheme } from "./capabilities.ts";
import { factOf } from "./facts.ts";
import { verifyGocardless } from "./verify.ts";

const apiUrls = { live: "https://api.gocardless.com", sandbox: "https://api-sandbox.gocardless.com" } as const;
/** Source: https://developer.gocardless.com/api-reference/#making-requests-versions */
const apiHeaders = { "gocardless-version": "2015-07-06" } as const;
/**
 * The most that are asked at a time: a body has up to 250 events, and GoCardless waits ten seconds for the answer. Five
 * rounds are in time while an answer takes less than 1.4 s.
 */
const questionsAtOnce = 50;
/** After that GoCardless gets its 503 before the function's own ten seconds are over. */
const askingMs = 7_000;

/** What is known of a resource: its amount in minor units, its currency, and the payment that a refund is of. */
type Known = readonly [amount: string, currency: string, paymentId?: string];

/**
 * Fetches the amounts, if there is a token to ask with and the signature holds: no stranger makes us ask. What GoCardless
 * doesn't have stays without one, and its event is looked at by a person. An amount never changes, so what was answered
 * is kept, and a webhook that took too long goes on from there when it comes again: going on without the rest would lose
 * it, since an event that comes again with an amount is another one.
 * Sources: https://developer.gocardless.com/api-reference/#payments-get-a-single-payment and, for what may change,
 * #payments-update-a-payment
 * @throws RetryableError where not all of them could be asked in time
 */
export async function prepareGocardless(
  incoming: WebhookRequest,
  settings: GocardlessSettings,
  outside: Outside,
): Promise<Preparation> {
  const headers = new Map(incoming.headers);
  for (const name of [amountsHeader, amountsProofHeader]) headers.delete(name);
  const request = { body: incoming.body, headers };
  const asItCame: Preparation = { kind: "prepared", request };
  const { accessToken, sandbox, secrets } = settings;
  if (accessToken === undefined || verifyGocardless(request, settings).kind === "refused") return asItCame;
  const wanted = wantedBy(request.body);
  if (wanted.size === 0) return asItCame;
  const apiUrl = sandbox ? apiUrls.sandbox : apiUrls.live;
  const common = { provider: "gocardless", apiUrl, apiKeys: [accessToken], headers: apiHeaders } as const;
  const untilMs = outside.now() + askingMs;
  const answers = await inParallel([...wanted], questionsAtOnce, async ([id, resource]) => {
    const question = { ...common, path: `/${resource}/${id}`, isSigned: true, isFixed: true, untilMs };
    return { id, resource, answer: await outside.ask(question) };
  });
  if (answers.some(({ answer }) => answer.kind === "forbidden")) return tokenRefused;
  if (answers.some(({ answer }) => answer.kind === "unasked")) return asItCame;
  const known = answers.map(({ id, resource, answer }) => [id, knownOf(resource, answer)] as const);
  const text = JSON.stringify(Object.fromEntries(known.filter(([, found]) => found !== undefined)));
  headers.set(amountsHeader, text);
  headers.set(
    amountsProofHeader,
    macOf(gocardlessScheme, secrets[0] ?? "", fetchedParts(amountsHeader, text, request.body)),
  );
  return asItCame;
}

const tokenRefused: Preparation = {
  kind: "undecided",
  code: "api_key_refused",
  detail: "GoCardless refuses the accessToken of the secret's value.",
};

/** Resource's id → its type, of the events that are about money. */
function wantedBy(body: Uint8Array): ReadonlyMap<string, string> {
  const parsed = parseExactJson(body);
  const events = parsed.kind === "parsed" ? elementsOf(field(parsed.value, "events")) : [];
  const facts = events.map(factOf).filter(({ isMonetary }) => isMonetary);
  return new Map(
    facts.flatMap(({ resource, resourceId = "" }) =>
      /^[A-Za-z0-9_-]{2,100}$/.test(resourceId) ? [[resourceId, resource] as const] : [],
    ),
  );
}

/** The answer is `{ payments: { id, amount, currency, links } }`, named like the path. */
function knownOf(resource: string, answer: ApiAnswer): Known | undefined {
  if (answer.kind !== "found") return undefined;
  const parsed = parseExactJson(Buffer.from(answer.text));
  const found = parsed.kind === "parsed" ? field(parsed.value, resource) : undefined;
  const [amount, currency] = [decimalText(field(found, "amount")), field(found, "currency")];
  if (amount === undefined || typeof currency !== "string") return undefined;
  const paymentId = idText(fieldAt(found, "links", "payment"));
  return paymentId === undefined ? [amount, currency] : [amount, currency, paymentId];
}

/** By the resource's id, what was fetched of it. */
export function amountsIn(header: string | undefined): ReadonlyMap<string, readonly unknown[]> {
  const parsed = header === undefined ? undefined : parseExactJson(Buffer.from(header));
  const value = parsed?.kind === "parsed" ? parsed.value : undefined;
  return new Map(isJsonObject(value) ? Object.entries(value).map(([id, known]) => [id, elementsOf(known)]) : []);
}
