/**
 * X-Ray's trace header: `Root=1-<epoch seconds, 8 hex>-<24 hex>;Parent=<16 hex>;Sampled=<0|1>`, and whatever else a service
 * has put there. Source: AWS X-Ray developer guide, "Tracing header".
 */
import type { Tier } from "../../../config/events.ts";

export interface TraceHeader {
  readonly root: string;
  /** The segment that what carries the header belongs below. */
  readonly parent: string | undefined;
  /** False where nobody has decided yet, too. */
  readonly isSampled: boolean;
  /** Other fields, such as the `Lineage` by which Lambda finds loops; they go on as they are. */
  readonly others: readonly (readonly [string, string])[];
}

const rootForm = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const parentForm = /^[0-9a-f]{16}$/;

/** Undefined where there is none, or none that X-Ray would take: it may have come from outside. */
export function parseTraceHeader(header: string | undefined): TraceHeader | undefined {
  const fields = (header ?? "").split(";").map((field): [string, string] => {
    const [name = "", ...value] = field.split("=");
    return [name.trim(), value.join("=").trim()];
  });
  const fieldOf = (name: string) => fields.find(([field]) => field.toLowerCase() === name)?.[1];
  const root = fieldOf("root") ?? "";
  if (!rootForm.test(root)) return undefined;
  const parent = fieldOf("parent");
  return {
    root,
    parent: parent !== undefined && parentForm.test(parent) ? parent : undefined,
    isSampled: fieldOf("sampled") === "1",
    others: fields.filter(
      ([name]) => name !== "" && !["root", "parent", "sampled", "self"].includes(name.toLowerCase()),
    ),
  };
}

export function headerFrom({ root, parent, isSampled, others }: TraceHeader): string {
  const fields = [["Root", root], ...(parent === undefined ? [] : [["Parent", parent]])];
  return [...fields, ["Sampled", isSampled ? "1" : "0"], ...others].map((field) => field.join("=")).join(";");
}

/**
 * The header that an event carries onto the bus. The sampling decision was made at ingress, where the amount wasn't
 * known yet, so events of the high tier are sampled by force from here on (WEBHOOK_RULES 19); the others keep theirs.
 *
 * `fallback` makes the root of a trace that begins here: the time in ms and a UUID.
 */
export function busTraceHeader(
  tier: Tier,
  incoming: string | undefined,
  fallback: { readonly nowMs: number; readonly uuid: string },
): string | undefined {
  if (tier !== "high") return incoming;
  const fields = (incoming ?? newRoot(fallback)).split(";").filter((field) => !field.startsWith("Sampled="));
  return [...fields, "Sampled=1"].join(";");
}

function newRoot({ nowMs, uuid }: { readonly nowMs: number; readonly uuid: string }): string {
  const seconds = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, "0");
  return `Root=1-${seconds}-${uuid.replaceAll("-", "").slice(0, 24)}`;
}
