/** Fetches what a webhook of Mollie's only has the id of. */
import { parseExactJson } from "../../domain/exact-json.ts";
import { RetryableError } from "../../domain/retryable-error.ts";
import { fetchedParts, macOf, missingSignature, refused } from "../signatures.ts";
import type { ApiAnswer, Outside, Preparation, WebhookRequest } from "../types.ts";
import {
  apiKeysOf,
  attestationHeader,
  entityHeader,
  type MollieSettings,
  modeOf,
  mollieScheme,
  postedHeader,
  signatureHeader,
} from "./capabilities.ts";
import { modeIn, mollieApiUrl, type Wanted, wantedByEvent, wantedById } from "./objects.ts";
import { verifyMollie } from "./verify.ts";

/**
 * A classic webhook is a form with an id, and whoever knows one can post it: what Mollie's API says of the id takes the
 * body's place, and the form goes into a header. A signed event may come without the object that it is about, which is
 * fetched as well; it goes into a header, since the signature is of the body.
 */
export async function prepareMollie(
  incoming: WebhookRequest,
  settings: MollieSettings,
  outside: Outside,
): Promise<Preparation> {
  const headers = new Map(incoming.headers);
  for (const name of [postedHeader, entityHeader, attestationHeader]) headers.delete(name);
  const request = { body: incoming.body, headers };
  const isSigned = (headers.get(signatureHeader) ?? "") !== "";
  return isSigned ? withEntity(request, settings, outside) : withState(request, settings, outside);
}

async function withState(request: WebhookRequest, settings: MollieSettings, outside: Outside): Promise<Preparation> {
  const posted = formIn(request.body);
  if (posted === undefined) return missingSignature;
  const wanted = wantedById(new URLSearchParams(posted).get("id"));
  if (wanted === undefined) return refused("object_unknown", "The id is not one of a payment or an order.");
  if (apiKeysOf(settings).length === 0) {
    return refused("object_unknown", "There is no API key here to ask Mollie with, as classic webhooks need.");
  }
  const found = await ask({ wanted, isSigned: false }, settings, outside);
  if (found.kind === "unasked") throw new RetryableError("provider-unavailable", "Mollie's API was not asked.");
  if (found.kind === "forbidden") {
    return { kind: "undecided", code: "api_key_refused", detail: "Mollie refuses an API key of the secret's value." };
  }
  if (found.kind !== "found") return refused("object_unknown", "Mollie knows no such id with the API keys put here.");
  if (found.mode !== modeOf(found.apiKey)) return refused("mode_mismatch", "The object is not of the API key's mode.");
  const body = Buffer.from(found.text);
  const proof = macOf(mollieScheme, found.apiKey, fetchedParts(postedHeader, posted, body));
  const headers = new Map([...request.headers, [postedHeader, posted], [attestationHeader, proof]]);
  return { kind: "prepared", request: { body, headers } };
}

/** Only for what Mollie has signed. What can't be had for good stays away: money without an amount is looked at. */
async function withEntity(request: WebhookRequest, settings: MollieSettings, outside: Outside): Promise<Preparation> {
  const asItCame: Preparation = { kind: "prepared", request };
  // Most events have what they are about with them; looking for the word is cheaper than parsing.
  if (Buffer.from(request.body).includes('"_embedded"') || apiKeysOf(settings).length === 0) return asItCame;
  if (verifyMollie(request, settings).kind === "refused") return asItCame;
  const event = parseExactJson(request.body);
  const wanted = event.kind === "parsed" ? wantedByEvent(event.value) : undefined;
  if (wanted === undefined) return asItCame;
  const found = await ask({ wanted, isSigned: true }, settings, outside);
  if (found.kind !== "found" || (found.mode !== undefined && found.mode !== modeOf(found.apiKey))) return asItCame;
  const proof = macOf(mollieScheme, found.apiKey, fetchedParts(entityHeader, found.text, request.body));
  const headers = new Map([...request.headers, [entityHeader, found.text], [attestationHeader, proof]]);
  return { kind: "prepared", request: { ...request, headers } };
}

/** The form as it was posted, if it could be one of Mollie's: short, plain, and with an id. */
function formIn(body: Uint8Array): string | undefined {
  if (body.length > 500) return undefined;
  const text = Buffer.from(body).toString("latin1");
  return /^(?:[!-~]*&)?id=[!-~]+$/.test(text) ? text : undefined;
}

type Found = (Extract<ApiAnswer, { readonly kind: "found" }> & { readonly mode: unknown }) | Missing;
type Missing = Exclude<ApiAnswer, { readonly kind: "found" }>;

/**
 * Asks with each key: every profile has its own, and a new one comes beside the old.
 * @throws RetryableError where one that might know it can't be asked now
 */
async function ask({ wanted, isSigned }: Asked, settings: MollieSettings, outside: Outside): Promise<Found> {
  const apiKeys = apiKeysOf(settings);
  const { path } = wanted;
  const answer = await outside.ask({ provider: "mollie", apiUrl: mollieApiUrl, path, apiKeys, isSigned });
  return answer.kind === "found" ? { ...answer, mode: modeIn(answer.text, wanted) } : answer;
}

interface Asked {
  readonly wanted: Wanted;
  /** Whether Mollie's signature holds for the webhook that speaks of it. */
  readonly isSigned: boolean;
}
