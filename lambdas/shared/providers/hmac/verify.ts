import { anyMatches, checkTimestamp, missingSignature, refused, verdict } from "../signatures.ts";
import type { Verification, WebhookRequest } from "../types.ts";
import { type HmacSettings, signsTimestamp } from "./capabilities.ts";

/** The configurable scheme of senders that have none of their own; see the settings for its default. */
export function verifyHmac(request: WebhookRequest, settings: HmacSettings, nowMs: number): Verification {
  const header = request.headers.get(settings.header);
  if (header === undefined || header === "") return missingSignature;
  const timestamp = request.headers.get(settings.timestampHeader);
  if (signsTimestamp(settings)) {
    const untimely = checkTimestamp(timestamp, nowMs);
    if (untimely !== undefined) return untimely;
  }
  const signatures = header
    .split(",")
    .map((element) => element.trim())
    .filter((element) => element.startsWith(settings.prefix))
    .map((element) => element.slice(settings.prefix.length));
  if (signatures.length === 0) {
    return refused("signature_malformed", `${settings.header} does not begin with "${settings.prefix}".`);
  }
  const id = request.headers.get(settings.idHeader) ?? "";
  const parts = signedParts(settings.payload, { body: request.body, timestamp: timestamp ?? "", id });
  return verdict(anyMatches(settings, settings.secrets, parts, signatures));
}

/** The template's parts with its placeholders filled in; the body stays bytes. */
export function signedParts(
  template: string,
  values: { readonly body: Uint8Array; readonly timestamp: string; readonly id: string },
): readonly (string | Uint8Array)[] {
  return template.split(/(\{body\}|\{timestamp\}|\{id\})/).map((part) => {
    if (part === "{body}") return values.body;
    if (part === "{timestamp}") return values.timestamp;
    return part === "{id}" ? values.id : part;
  });
}
