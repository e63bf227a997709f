/** What may have happened to a body on its way from the provider to the file. */
import { readForm } from "../../lambdas/shared/providers/braintree/notification.ts";

/** A change that would undo it: `says` completes "it would match if …". */
export interface Change<T> {
  /** For programs. */
  readonly cause: string;
  readonly says: string;
  readonly value: T;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Bodies that this one may have been. Never the same bytes, and none twice. */
export function bodyChanges(body: Uint8Array): readonly Change<Uint8Array>[] {
  const bytes = Buffer.from(body);
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text).equals(bytes);
  const ofText = isText ? [...textChanges(text), ...jsonChanges(text), ...formChanges(text)] : [];
  const all = [...byteChanges(bytes), ...ofText];
  const seen = new Set([bytes.toString("base64")]);
  return all.flatMap(({ cause, says, value }) => {
    const changed = value === undefined ? undefined : Buffer.from(value);
    const key = changed?.toString("base64");
    if (changed === undefined || key === undefined || seen.has(key)) return [];
    seen.add(key);
    return [{ cause, says, value: changed }];
  });
}

type Maybe = Change<string | Uint8Array | undefined>;

function byteChanges(bytes: Buffer): readonly Maybe[] {
  const hasMark = bytes.subarray(0, 3).equals(byteOrderMark);
  return [
    { cause: "body-line-end-added", says: "the body didn't end with a line end", value: withoutLineEnd(bytes) },
    {
      cause: "body-line-end-lost",
      says: "the body still ended with a line end",
      value: Buffer.concat([bytes, Buffer.from("\n")]),
    },
    {
      cause: "body-line-end-lost",
      says: "the body still ended with a line end of two characters (CR LF)",
      value: Buffer.concat([bytes, Buffer.from("\r\n")]),
    },
    {
      cause: "body-mark-added",
      says: "the body had no byte order mark before it",
      value: hasMark ? bytes.subarray(3) : undefined,
    },
    {
      cause: "body-mark-lost",
      says: "the body had its byte order mark before it",
      value: hasMark ? undefined : Buffer.concat([byteOrderMark, bytes]),
    },
  ];
}

function withoutLineEnd(bytes: Buffer): Buffer | undefined {
  const end = bytes.length - (bytes.at(-1) !== 0x0a ? 0 : bytes.at(-2) === 0x0d ? 2 : 1);
  return end === bytes.length ? undefined : bytes.subarray(0, end);
}

function textChanges(text: string): readonly Maybe[] {
  const trimmed = text.trim();
  const isBase64 = trimmed.length > 3 && /^[A-Za-z0-9+/\s]+={0,2}$/.test(trimmed);
  const misread = Buffer.from(text, "latin1");
  return [
    {
      cause: "body-lines",
      says: "the body's lines ended with LF and not with CR LF",
      value: text.replaceAll("\r\n", "\n"),
    },
    {
      cause: "body-lines",
      says: "the body's lines ended with CR LF and not with LF",
      value: text.replace(/(?<!\r)\n/g, "\r\n"),
    },
    { cause: "body-blanks", says: "the body had no blanks around it", value: trimmed },
    {
      cause: "body-base64",
      says: "the body were decoded: it is the base64 of one",
      value: isBase64 ? Buffer.from(trimmed, "base64") : undefined,
    },
    {
      cause: "body-characters",
      says: "the body hadn't been read as Latin-1 and written as UTF-8",
      value: misread.toString("latin1") === text ? misread : undefined,
    },
  ];
}

function jsonChanges(text: string): readonly Maybe[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const compact = JSON.stringify(value);
  const indented = (indent: number | string) => JSON.stringify(value, undefined, indent);
  const says = "the body were as it was sent: its JSON has been written anew, and was";
  return [
    {
      cause: "body-json-in-json",
      says: "the body weren't itself in quotes, as a text in JSON",
      value: typeof value === "string" ? value : undefined,
    },
    { cause: "body-json", says: `${says} without blanks`, value: compact },
    { cause: "body-json", says: `${says} indented by two`, value: indented(2) },
    { cause: "body-json", says: `${says} indented by four`, value: indented(4) },
    { cause: "body-json", says: `${says} indented by tabs`, value: indented("\t") },
    {
      cause: "body-json",
      says: `${says} with a blank after each comma and colon, as Python writes it`,
      value: spaced(compact),
    },
    {
      cause: "body-json",
      says: `${says} with its slashes escaped, as PHP writes it`,
      value: compact.replaceAll("/", "\\/"),
    },
    { cause: "body-json", says: `${says} with all but ASCII escaped`, value: ascii(compact) },
    {
      cause: "body-json",
      says: `${says} with blanks, and all but ASCII escaped, as Python writes it`,
      value: ascii(spaced(compact)),
    },
    {
      cause: "body-json",
      says: `${says} with slashes and all but ASCII escaped, as PHP writes it`,
      value: ascii(compact.replaceAll("/", "\\/")),
    },
  ];
}

/** A blank after each comma and colon outside of texts. */
function spaced(compact: string): string {
  return compact.replace(
    /("(?:[^"\\]|\\.)*")|([,:])/g,
    (_, quoted: string | undefined, mark: string) => quoted ?? `${mark} `,
  );
}

function ascii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Of a form of Braintree's, whose payload is base64 in lines, and signed with them. */
function formChanges(text: string): readonly Maybe[] {
  const { signature, payload } = readForm(Buffer.from(text));
  if (signature === undefined || payload === undefined) return [];
  // An encoded form has no bar in it: these fields were decoded, and to decode them again makes a blank of each plus.
  const [, rawSignature = "", rawPayload = ""] = /^bt_signature=([^&]*\|.*)&bt_payload=(.*)$/s.exec(text) ?? [];
  const isDecoded = rawPayload !== "";
  return [
    {
      cause: "body-form-decoded",
      says: "the body's form were encoded as it was sent: its fields have been decoded",
      value: isDecoded ? formOf(rawSignature, rawPayload) : undefined,
    },
    {
      cause: "body-form-blanks",
      says: "bt_payload had a plus wherever it has a blank: it has been decoded once too often",
      value: isDecoded ? undefined : formOf(signature, payload.replaceAll(" ", "+")),
    },
    {
      cause: "body-lines",
      says: "bt_payload's lines ended with LF and not with CR LF",
      value: formOf(signature, payload.replaceAll("\r\n", "\n")),
    },
  ];
}

function formOf(bt_signature: string, bt_payload: string): string {
  return new URLSearchParams({ bt_signature, bt_payload }).toString();
}
