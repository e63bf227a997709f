/** The headers of a captured webhook, in whatever form somebody has saved them. */
import * as v from "valibot";
import type { WebhookHeaders } from "../../lambdas/shared/providers/types.ts";

export interface SavedRequest {
  readonly kind: "request";
  /** By lower-case name; repeated ones joined by commas, as API Gateway hands them on. */
  readonly headers: WebhookHeaders;
  /** What an event of API Gateway has besides: the exact bytes, and when they came, in epoch milliseconds. */
  readonly body?: Uint8Array;
  readonly receivedAtMs?: number;
}
type Unreadable = { readonly kind: "unreadable"; readonly why: string };

const texts = v.union([v.string(), v.number(), v.pipe(v.array(v.union([v.string(), v.number()])), v.minLength(1))]);
const byName = v.record(v.string(), v.nullish(texts));
const pairs = v.array(
  v.union([
    v.tuple([v.string(), texts]),
    v.object({ name: v.string(), value: texts }),
    v.object({ key: v.string(), value: texts }),
  ]),
);
const gatewayEvent = v.object({
  headers: v.nullish(byName),
  multiValueHeaders: v.nullish(byName),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
  requestContext: v.nullish(v.object({ requestTimeEpoch: v.nullish(v.number()) })),
});

/**
 * Reads a JSON object by name, a JSON list of pairs (or of `{ name, value }`), an event of API Gateway, or lines of
 * `Name: value` as curl and HTTP show them.
 */
export function readHeaders(text: string): SavedRequest | Unreadable {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") return unreadable("It is empty.");
  if (!/^[[{]/.test(trimmed)) return fromLines(trimmed);
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    return unreadable("It begins like JSON, and isn't.");
  }
  const listed = v.safeParse(pairs, value);
  if (listed.success) {
    return {
      kind: "request",
      headers: joined(listed.output.map((pair) => (Array.isArray(pair) ? pair : pairOf(pair)))),
    };
  }
  // A record may have the places of a list for names.
  if (Array.isArray(value)) return neither;
  const event = v.safeParse(gatewayEvent, value);
  const isEvent = event.success && (isNamed(event.output.headers) || isNamed(event.output.multiValueHeaders));
  if (isEvent) return fromEvent(event.output);
  const object = v.safeParse(byName, value);
  if (!object.success) return neither;
  return { kind: "request", headers: joined(Object.entries(object.output)) };
}

type Texts = v.InferOutput<typeof texts>;
type Pair = readonly [string, Texts | null | undefined];

function pairOf(
  pair: { readonly name: string; readonly value: Texts } | { readonly key: string; readonly value: Texts },
): Pair {
  return ["name" in pair ? pair.name : pair.key, pair.value];
}

/** A header that is called "headers" is none of an event's. */
function isNamed(headers: v.InferOutput<typeof byName> | null | undefined): boolean {
  return headers !== null && headers !== undefined;
}

function fromEvent(event: v.InferOutput<typeof gatewayEvent>): SavedRequest {
  const { headers, multiValueHeaders, body, isBase64Encoded, requestContext } = event;
  const many = Object.entries(multiValueHeaders ?? {});
  const receivedAtMs = requestContext?.requestTimeEpoch;
  return {
    kind: "request",
    // Both hold the same headers; only the second has every value of a repeated one.
    headers: joined(many.length > 0 ? many : Object.entries(headers ?? {})),
    ...(typeof body === "string" ? { body: Buffer.from(body, isBase64Encoded === true ? "base64" : "utf8") } : {}),
    ...(typeof receivedAtMs === "number" ? { receivedAtMs } : {}),
  };
}

/** Lines of HTTP; its first line, and the marks that curl -v puts before each, don't matter. */
function fromLines(text: string): SavedRequest | Unreadable {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/^[<>] ?/, ""));
  const found = lines.flatMap((line): Pair[] => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return found.length === 0
    ? unreadable("It has no line like Name: value.")
    : { kind: "request", headers: joined(found) };
}

function joined(entries: readonly Pair[]): WebhookHeaders {
  const headers = new Map<string, string>();
  for (const [name, value] of entries) {
    if (value === null || value === undefined) continue;
    const key = name.toLowerCase();
    const text = [value].flat().join(",");
    const before = headers.get(key);
    headers.set(key, before === undefined ? text : `${before},${text}`);
  }
  return headers;
}

const neither = unreadable("Its JSON is neither headers by their names nor a list of pairs.");

function unreadable(why: string): Unreadable {
  return { kind: "unreadable", why };
}
