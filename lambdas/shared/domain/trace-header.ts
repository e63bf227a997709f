/**
 * X-Ray's trace header: `Root=1-<epoch seconds, 8 hex>-<24 hex>;Parent=<16 hex>;Sampled=<0|1>`.
 * Source: AWS X-Ray developer guide, "Tracing header".
 */
import type { Tier } from "../../../config/events.ts";

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
