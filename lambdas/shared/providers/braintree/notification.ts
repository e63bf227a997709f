/**
 * What Braintree posts: a form of two fields. `bt_signature` is `<public key>|<signature>` for each API key, joined by
 * "&"; `bt_payload` is the notification's XML in base64, in lines. Source: the SDK, webhook_notification_gateway.js, and
 * https://developer.paypal.com/braintree/docs/guides/webhooks/parse
 */
import { field, type ParsedBody } from "../../domain/exact-json.ts";
import { sha256Hex } from "../../domain/raw-webhook.ts";
import { readXml } from "./xml.ts";

/** The form's fields; undefined where one isn't there exactly once, since nobody could say which one is meant. */
export interface SignedForm {
  readonly signature: string | undefined;
  readonly payload: string | undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads the form, whatever the bytes are. */
export function readForm(body: Uint8Array): SignedForm {
  const form = new URLSearchParams(Buffer.from(body).toString("latin1"));
  return { signature: only(form.getAll("bt_signature")), payload: only(form.getAll("bt_payload")) };
}

function only(values: readonly string[]): string | undefined {
  const [value] = values;
  return values.length === 1 ? value : undefined;
}

const parsedBodies = new WeakMap<Uint8Array, ParsedBody>();

/** The notification in a form. Its time is inside it, so that it is read to verify and once more to translate: parsed once. */
export function parseBraintree(body: Uint8Array): ParsedBody {
  const parsed = parsedBodies.get(body) ?? parseForm(body);
  parsedBodies.set(body, parsed);
  return parsed;
}

/**
 * The notification in a form: `{ notification: { kind, timestamp, subject }, payloadSha256 }`. The digest is of the
 * XML, so that it stays the same however its base64 is broken into lines.
 */
function parseForm(body: Uint8Array): ParsedBody {
  const { payload } = readForm(body);
  if (payload === undefined) return invalid("payload_missing", "The form has no bt_payload.");
  const bytes = Buffer.from(payload, "base64");
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return invalid("xml_malformed", "The notification's XML is not UTF-8 text.");
  }
  const parsed = readXml(text);
  if (parsed.kind === "invalid") return parsed;
  const notification = field(parsed.value, "notification");
  return { kind: "parsed", value: { notification, payloadSha256: sha256Hex(bytes) } };
}

function invalid(code: string, message: string): ParsedBody {
  return { kind: "invalid", code, message };
}
