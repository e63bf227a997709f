/**
 * X-Ray's trace header: `Root=1-<epoch seconds, 8 hex>-<24 hex>;Parent=<16 hex>;Sampled=<0|1|?>;Lineage=<hops>`. It may have
 * come from outside, with whatever somebody has put there, so a closed list of fields goes on: what else there is could be
 * personal data, and Step Functions refuses an event whose header is longer than 256 characters. Those written here have
 * at most 180. Source: AWS X-Ray developer guide, "Tracing header"; StartExecution's `traceHeader`.
 */
import type { Tier } from "../../../config/events.ts";

export interface TraceHeader {
  readonly root: string;
  /** The segment that what carries the header belongs below. */
  readonly parent: string | undefined;
  /** Undefined where nobody has decided yet. */
  readonly isSampled: boolean | undefined;
  /** By which Lambda finds loops: the functions that a request came through, and how often. */
  readonly lineage: string | undefined;
}

const rootForm = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const parentForm = /^[0-9a-f]{16}$/;
/** `1:a87bd80c:0`, or a list of hops; both with the hash of a function and a count. */
const lineageForm = /^(?:\d{1,5}:)?[0-9a-f]{8}:\d{1,3}(?:\|[0-9a-f]{8}:\d{1,3}){0,6}$/;

/** Undefined where there is none, or none that X-Ray would take. Fields that aren't what they should be are left out. */
export function parseTraceHeader(header: string | undefined): TraceHeader | undefined {
  const fields = (header ?? "").split(";").map((field): [string, string] => {
    const [name = "", ...value] = field.split("=");
    return [name.trim().toLowerCase(), value.join("=").trim()];
  });
  const fieldOf = (name: string, form: RegExp) => {
    const value = fields.find(([field]) => field === name)?.[1];
    return value !== undefined && form.test(value) ? value : undefined;
  };
  const root = fieldOf("root", rootForm);
  if (root === undefined) return undefined;
  const sampled = fieldOf("sampled", /^[01]$/);
  return {
    root,
    parent: fieldOf("parent", parentForm),
    isSampled: sampled === undefined ? undefined : sampled === "1",
    lineage: fieldOf("lineage", lineageForm),
  };
}

/** Says nothing of the decision where nobody has made it, as `Sampled=?` would. */
export function headerFrom({ root, parent, isSampled, lineage }: TraceHeader): string {
  const sampled = isSampled === undefined ? undefined : Number(isSampled);
  return Object.entries({ Root: root, Parent: parent, Sampled: sampled, Lineage: lineage })
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(";");
}

/** A header as it may go on; undefined where there is none, or none that X-Ray would take. */
export function cleanTraceHeader(header: string | undefined): string | undefined {
  const parsed = parseTraceHeader(header);
  return parsed && headerFrom(parsed);
}

/**
 * The header that an event carries onto the bus. The sampling decision was made at ingress, where the amount wasn't
 * known yet, so events of the high tier are sampled by force from here on (WEBHOOK_RULES 19); the others keep theirs. A
 * header that X-Ray wouldn't take counts as none.
 *
 * `fallback` makes the root of a trace that begins here: the time in ms and a UUID.
 */
export function busTraceHeader(
  tier: Tier,
  incoming: string | undefined,
  fallback: { readonly nowMs: number; readonly uuid: string },
): string | undefined {
  const came = parseTraceHeader(incoming);
  if (tier !== "high") return came && headerFrom(came);
  return headerFrom({ ...(came ?? newTrace(fallback)), isSampled: true });
}

function newTrace({ nowMs, uuid }: { readonly nowMs: number; readonly uuid: string }): TraceHeader {
  const seconds = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, "0");
  const root = `1-${seconds}-${uuid.replaceAll("-", "").slice(0, 24)}`;
  return { root, parent: undefined, isSampled: undefined, lineage: undefined };
}
