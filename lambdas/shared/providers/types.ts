/**
 * The one shape of a payment provider. Each has a folder with `capabilities.ts` (facts and settings), `verify.ts`,
 * `translate.ts` and `sign.ts` (the sender's half, for demo and tests). Reading one teaches all.
 */
import type * as v from "valibot";
import type { ProviderName } from "../../../config/providers.ts";
import { type ParsedBody, parseExactJson } from "../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation } from "../domain/payment-event.ts";
import { readSettings, type SchemeSettings } from "./secret-value.ts";

/** Headers by lower-case name. A Map, so that a header named like a prototype member is just a header. */
export type WebhookHeaders = ReadonlyMap<string, string>;

/** What a signature is checked over: the exact bytes as they came, before any parsing (WEBHOOK_RULES 1). */
export interface WebhookRequest {
  readonly headers: WebhookHeaders;
  readonly body: Uint8Array;
}

/** Why a signature was refused. All answer 401. */
export type RefusalCode =
  | "signature_missing"
  | "signature_malformed"
  | "signature_mismatch"
  | "timestamp_missing"
  | "timestamp_malformed"
  | "timestamp_stale"
  | "timestamp_future"
  | "certificate_missing"
  | "certificate_refused"
  | "certificate_unknown"
  | "certificate_invalid"
  | "object_unknown"
  | "mode_mismatch"
  | "credentials_missing"
  | "credentials_mismatch";

export interface Refusal {
  readonly kind: "refused";
  readonly code: RefusalCode;
  /** For the sender's developer; never quotes what was sent. */
  readonly detail: string;
}

export type Verification =
  | {
      readonly kind: "valid";
      /**
       * Places, from 0, of the items that are signed, where each item of a batch has a signature of its own and not all
       * of them hold. Absent: the whole body is signed.
       */
      readonly items?: readonly number[];
    }
  | Refusal;

/**
 * Where the places of a batch's signed items stand among the headers that are archived ("0,2"), if not all are: whoever
 * reads the body again must not take the others. HTTP allows no space in a header's name, so no request can bring it.
 */
export const signedItemsHeader = "signed-items (of the batch)";

/** What a provider may fetch before it verifies: the one way from a scheme to the network. */
export interface Outside {
  /**
   * The text at a URL, kept for a day; undefined where there is none.
   * @throws RetryableError when that can't be told now
   */
  text(url: string): Promise<string | undefined>;
  /**
   * What a provider's API says now: never an answer to a question that was asked before, unless it can't change.
   * @throws RetryableError when that can't be told now
   */
  ask(question: ApiQuestion): Promise<ApiAnswer>;
  /** Epoch milliseconds as it is by now, whenever the webhook came in. */
  now(): number;
}

/** A question that the API answers to the account alone whose key it is. */
export interface ApiQuestion {
  readonly provider: ProviderName;
  /** Scheme and host of the provider's API; the local runtime puts those of its stand-in in their place. */
  readonly apiUrl: string;
  /** With its query. */
  readonly path: string;
  /** Go to the provider alone, as bearer tokens; all are tried, since each opens an account of its own. */
  readonly apiKeys: readonly string[];
  /** What the API asks for besides, such as its version. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the provider itself has signed what is asked for. Others may be guessing, and their guesses are counted. */
  readonly isSigned: boolean;
  /** Whether what is read of the answer can never change, so that it may be kept for a while. */
  readonly isFixed?: boolean;
  /** When to give up, by `Outside.now`; absent: after each try's own time. */
  readonly untilMs?: number;
}

export type ApiAnswer =
  | { readonly kind: "found"; readonly text: string /** That has opened it. */; readonly apiKey: string }
  /** None of the accounts has anything there. */
  | { readonly kind: "absent" }
  /** A key isn't one, or may not ask this, and no other has found it. */
  | { readonly kind: "forbidden" }
  /** Nobody was asked: where somebody looks at a captured webhook, and nothing may be fetched. */
  | { readonly kind: "unasked" };

export type Preparation =
  | {
      readonly kind: "prepared";
      /** With a body of its own where the posted one only says what to fetch; what was posted is then a header. */
      readonly request: WebhookRequest;
    }
  /** By what the secret holds, and not by the request: somebody has to mend it, and the sender to send again. */
  | { readonly kind: "undecided"; readonly code: UndecidedCode; readonly detail: string }
  | Refusal;

export type UndecidedCode = "api_key_refused";

/** Facts about a provider, independent of any secret. */
export interface Capabilities<TSettings> {
  /** The value of the secret `webhook-secrets/<provider>`: live secrets, and the scheme's settings where it has any. */
  readonly settings: v.GenericSchema<unknown, TSettings>;
  /** Headers to keep for the archive: the ones that signature and translation are read from. */
  archivedHeaders(settings: TSettings): readonly string[];
  /** Status that tells the provider of a refused signature, where it asks for another than 401. */
  readonly refusalStatus?: number;
  /** Whether the signature covers a time, so that a captured webhook can't be sent again later. */
  isTimestamped(settings: TSettings): boolean;
  /** Where the provider documents all this: a URL, or a section of this project for a scheme of our own. */
  readonly documentation: string;
}

/** A webhook whose signature holds, parsed. */
export interface VerifiedWebhook {
  /** As the provider's `parse` read it; as exact-json.ts did, where it has none. */
  readonly body: unknown;
  readonly headers: WebhookHeaders;
}

/** A provider's folder put together; `defineProvider` hides its settings' type. */
export interface ProviderParts<TSettings extends SchemeSettings> {
  readonly capabilities: Capabilities<TSettings>;
  /**
   * Adds to the request what `verify` needs besides the secret, such as the certificate that a signature names, or what
   * a webhook speaks of that only has its id. It goes under names that no request can have, and is archived, so that
   * `verify` needs nobody to prove the webhook again. What must not be archived, such as a password, is checked here.
   * Absent where neither is needed.
   * @throws RetryableError when it can't be had now
   */
  prepare?(request: WebhookRequest, settings: TSettings, outside: Outside, nowMs: number): Promise<Preparation>;
  /** Reads a body that isn't JSON; pure, never throws, whatever the bytes are. It is asked once the signature holds. */
  parse?(body: Uint8Array): ParsedBody;
  /** Pure, constant in time over the secrets, never throws. */
  verify(request: WebhookRequest, settings: NoInfer<TSettings>, nowMs: number): Verification;
  /** One translation per item of the body; never throws, whatever the body holds. */
  translate(webhook: VerifiedWebhook, context: EventContext, settings: NoInfer<TSettings>): readonly Translation[];
}

/** A provider whose secret has been read: ready to check and to translate. */
export interface OpenedProvider {
  readonly archivedHeaders: readonly string[];
  readonly isTimestamped: boolean;
  /** See `Capabilities`. */
  readonly refusalStatus?: number;
  /** Whether a secret is live now; if none is, nothing can be told of a webhook. */
  hasLiveSecret(nowMs: number): boolean;
  /** To be asked before `verify` with what came in; what comes from the archive has been prepared. */
  prepare(request: WebhookRequest, outside: Outside, nowMs: number): Promise<Preparation>;
  verify(request: WebhookRequest, nowMs: number): Verification;
  parse(body: Uint8Array): ParsedBody;
  /** One translation per item of the body. Items that `signedItemsHeader` leaves out are invalid. */
  translate(webhook: VerifiedWebhook, context: EventContext): readonly Translation[];
}

export interface Provider {
  readonly documentation: string;
  /** Names that the secret's value may have beside `secrets`, others are ignored; undefined where the schema can't tell. */
  readonly settingNames: readonly string[] | undefined;
  /** Reads the secret's value; `misconfigured` says what is wrong with it, without quoting it. */
  open(
    secretValue: unknown,
  ):
    | { readonly kind: "opened"; readonly provider: OpenedProvider }
    | { readonly kind: "misconfigured"; readonly detail: string };
}

export function defineProvider<TSettings extends SchemeSettings>(parts: ProviderParts<TSettings>): Provider {
  const { capabilities, prepare, parse = parseExactJson, verify, translate } = parts;
  return {
    documentation: capabilities.documentation,
    settingNames: settingNamesOf(capabilities.settings),
    open(secretValue) {
      const read = readSettings(capabilities.settings, secretValue);
      if (read.kind === "misconfigured") return read;
      const { all, at } = read;
      const { refusalStatus } = capabilities;
      const provider: OpenedProvider = {
        archivedHeaders: [...capabilities.archivedHeaders(all), signedItemsHeader],
        isTimestamped: capabilities.isTimestamped(all),
        ...(refusalStatus === undefined ? {} : { refusalStatus }),
        hasLiveSecret: (nowMs) => at(nowMs).secrets.length > 0,
        prepare: async (request, outside, nowMs) =>
          prepare === undefined ? { kind: "prepared", request } : prepare(request, at(nowMs), outside, nowMs),
        verify: (request, nowMs) => verify(request, at(nowMs), nowMs),
        parse,
        translate: (webhook, context) => onlySigned(translate(webhook, context, all), webhook.headers),
      };
      return { kind: "opened", provider };
    },
  };
}

function settingNamesOf(schema: v.GenericSchema): readonly string[] | undefined {
  const { entries } = schema as { readonly entries?: object };
  return entries && Object.keys(entries).filter((name) => name !== "secrets");
}

function onlySigned(items: readonly Translation[], headers: WebhookHeaders): readonly Translation[] {
  const listed = headers.get(signedItemsHeader);
  if (listed === undefined) return items;
  const places = new Set(listed.split(","));
  return items.map((item, place) => (places.has(String(place)) ? item : unsignedItem));
}

const unsignedItem = invalidItem("signature_mismatch", "The item's signature is not one of any live secret.");

/** What a sender needs to sign a webhook; used by the demo, `cli send` and tests, never by a function. */
export interface SignOptions<TSettings> {
  readonly body: Uint8Array;
  /** Read from the secret's value; every live secret signs, where the scheme has room for several signatures. */
  readonly settings: TSettings;
  readonly nowMs: number;
  /** The provider's id of the event or delivery, where it travels in a header. */
  readonly deliveryId: string;
  /** The provider's word for what happened, where it travels in a header (GitHub, Shopify). */
  readonly topic: string;
}

/** What a provider posts. */
export interface SignedWebhook {
  /** By lower-case name; with a content type where the body isn't JSON. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body that was given, except in schemes that put the signature into it. */
  readonly body: Uint8Array;
}

export type Sign<TSettings> = (options: SignOptions<TSettings>) => SignedWebhook;
