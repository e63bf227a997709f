/**
 * The one shape of a payment provider. Each has a folder with `capabilities.ts` (facts and settings), `verify.ts`,
 * `translate.ts` and `sign.ts` (the sender's half, for demo and tests). Reading one teaches all.
 */
import * as v from "valibot";
import type { EventContext, Translation } from "../domain/payment-event.ts";

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
  | "certificate_invalid";

export interface Refusal {
  readonly kind: "refused";
  readonly code: RefusalCode;
  /** For the sender's developer; never quotes what was sent. */
  readonly detail: string;
}

export type Verification = { readonly kind: "valid" } | Refusal;

/** What a provider may fetch before it verifies: the one way from a scheme to the network. */
export interface Outside {
  /**
   * The text at a URL; undefined where there is none.
   * @throws RetryableError when that can't be told now
   */
  text(url: string): Promise<string | undefined>;
}

export type Preparation = { readonly kind: "prepared"; readonly request: WebhookRequest } | Refusal;

/** Facts about a provider, independent of any secret. */
export interface Capabilities<TSettings> {
  /** The value of the secret `webhook-secrets/<provider>`: live secrets, and the scheme's settings where it has any. */
  readonly settings: v.GenericSchema<unknown, TSettings>;
  /** Headers to keep for the archive: the ones that signature and translation are read from. */
  archivedHeaders(settings: TSettings): readonly string[];
  /** Whether the signature covers a time, so that a captured webhook can't be sent again later. */
  isTimestamped(settings: TSettings): boolean;
  /** Where the provider documents all this: a URL, or a section of this project for a scheme of our own. */
  readonly documentation: string;
}

/** A webhook whose signature holds, parsed. */
export interface VerifiedWebhook {
  /** As exact-json.ts parsed it. */
  readonly body: unknown;
  readonly headers: WebhookHeaders;
}

/** A provider's folder put together; `defineProvider` hides its settings' type. */
export interface ProviderParts<TSettings> {
  readonly capabilities: Capabilities<TSettings>;
  /**
   * Adds to the headers what `verify` needs besides the secret, such as the certificate that a signature names. It goes
   * under a name that no request can have, and is archived with the headers, so that `verify` needs nobody to prove the
   * signature again. Absent where the secret is all that it takes.
   * @throws RetryableError when it can't be had now
   */
  prepare?(request: WebhookRequest, settings: TSettings, outside: Outside, nowMs: number): Promise<Preparation>;
  /** Pure, constant in time over the secrets, never throws. */
  verify(request: WebhookRequest, settings: TSettings, nowMs: number): Verification;
  /** One translation per item of the body; never throws, whatever the body holds. */
  translate(webhook: VerifiedWebhook, context: EventContext, settings: TSettings): readonly Translation[];
}

/** A provider whose secret has been read: ready to check and to translate. */
export interface OpenedProvider {
  readonly archivedHeaders: readonly string[];
  readonly isTimestamped: boolean;
  /** To be asked before `verify` with what came in; what comes from the archive has been prepared. */
  prepare(request: WebhookRequest, outside: Outside, nowMs: number): Promise<Preparation>;
  verify(request: WebhookRequest, nowMs: number): Verification;
  translate(webhook: VerifiedWebhook, context: EventContext): readonly Translation[];
}

export interface Provider {
  readonly documentation: string;
  /** Reads the secret's value; `misconfigured` says what is wrong with it, without quoting it. */
  open(
    secretValue: unknown,
  ):
    | { readonly kind: "opened"; readonly provider: OpenedProvider }
    | { readonly kind: "misconfigured"; readonly detail: string };
}

export function defineProvider<TSettings>(parts: ProviderParts<TSettings>): Provider {
  const { capabilities, prepare, verify, translate } = parts;
  return {
    documentation: capabilities.documentation,
    open(secretValue) {
      const parsed = v.safeParse(capabilities.settings, secretValue);
      if (!parsed.success) {
        const places = parsed.issues.map((issue) => v.getDotPath(issue) ?? "(whole value)");
        return { kind: "misconfigured", detail: `The secret's value is wrong at: ${[...new Set(places)].join(", ")}.` };
      }
      const settings = parsed.output;
      const provider: OpenedProvider = {
        archivedHeaders: capabilities.archivedHeaders(settings),
        isTimestamped: capabilities.isTimestamped(settings),
        prepare: async (request, outside, nowMs) =>
          prepare === undefined ? { kind: "prepared", request } : prepare(request, settings, outside, nowMs),
        verify: (request, nowMs) => verify(request, settings, nowMs),
        translate: (webhook, context) => translate(webhook, context, settings),
      };
      return { kind: "opened", provider };
    },
  };
}

/** The live secrets of a provider, newest first; old ones stay until the provider stops signing with them. */
export const liveSecrets = v.pipe(
  v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
  v.minLength(1),
  v.maxLength(10),
);

/** The secret's value where the scheme has no settings. */
export const plainSettings = v.object({ secrets: liveSecrets });
export type PlainSettings = v.InferOutput<typeof plainSettings>;

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

/** The headers, lower-case, with which a provider sends a body. */
export type Sign<TSettings> = (options: SignOptions<TSettings>) => Record<string, string>;
