/**
 * A trace as rows, each below what it is a part of. Of what a document says, a closed list goes to the page: the store takes
 * whatever it is sent, and a page shows nothing that a trace of ours would not have (WEBHOOK_RULES 19).
 */
import * as v from "valibot";
import type { SegmentPart } from "../../services/xray/documents.ts";
import type { Trace } from "../../services/xray/store.ts";
import type { TraceMark, TraceRow } from "../answers.ts";

/** More are no help to anybody. A webhook's trace has about forty. */
const mostRows = 1_000;

const marks: readonly TraceMark[] = ["fault", "error", "throttle"];

interface TraceRows {
  readonly rows: readonly TraceRow[];
  /** There are more than are shown. */
  readonly isCut: boolean;
}

/** A thousand at most; what came from a part that isn't here stands by itself. */
export function traceRows({ segments, startTime }: Pick<Trace, "segments" | "startTime">): TraceRows {
  const { tops, below } = familyOf(segments);
  const rows: TraceRow[] = [];
  let isCut = false;
  const seen = new Set<string>();
  function add(part: SegmentPart, depth: number): void {
    // A part that is below itself would never come to an end.
    if (seen.has(part.id)) return;
    seen.add(part.id);
    if (rows.length === mostRows) {
      isCut = true;
      return;
    }
    rows.push(rowOf(part, depth, startTime));
    for (const inner of inOrder(below.get(part) ?? [])) add(inner, depth + 1);
  }
  for (const top of inOrder(tops)) add(top, 0);
  // What only hangs on itself hangs on no top.
  for (const part of inOrder([...below.values()].flat())) add(part, 0);
  return { rows, isCut };
}

interface Family {
  readonly tops: readonly SegmentPart[];
  readonly below: ReadonlyMap<SegmentPart, readonly SegmentPart[]>;
}

/** A subsegment is below what it is in; a segment is below the part that its `parent_id` names, in whatever segment that is. */
function familyOf(segments: readonly SegmentPart[]): Family {
  const owners = new Map<SegmentPart, SegmentPart | undefined>();
  function visit(part: SegmentPart, owner: SegmentPart | undefined): void {
    owners.set(part, owner);
    for (const inner of innerOf(part)) visit(inner, part);
  }
  for (const segment of segments) visit(segment, undefined);
  const byId = new Map([...owners.keys()].map((part) => [part.id, part]));
  const tops: SegmentPart[] = [];
  const below = new Map<SegmentPart, SegmentPart[]>();
  for (const [part, within] of owners) {
    const owner = within ?? (typeof part.parent_id === "string" ? byId.get(part.parent_id) : undefined);
    if (owner === undefined) tops.push(part);
    else below.set(owner, [...(below.get(owner) ?? []), part]);
  }
  return { tops, below };
}

function innerOf({ subsegments }: SegmentPart): readonly SegmentPart[] {
  return Array.isArray(subsegments) ? (subsegments as SegmentPart[]) : [];
}

function inOrder(parts: readonly SegmentPart[]): readonly SegmentPart[] {
  return parts.toSorted((one, other) => one.start_time - other.start_time);
}

function rowOf(part: SegmentPart, depth: number, startTime: number): TraceRow {
  const { id, name, start_time: start, end_time: end, origin } = part;
  const detail = detailOf(part);
  return {
    id,
    name,
    ...(typeof origin === "string" && { origin: origin.replace(/^AWS::/, "") }),
    ...(detail !== "" && { detail }),
    depth,
    offsetMs: milliseconds(start - startTime),
    ...(end !== undefined && { tookMs: milliseconds(end - start) }),
    marks: marks.filter((mark) => part[mark] === true),
  };
}

/** Epoch seconds are kept as doubles, whose differences have digits that nobody measured. */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1_000_000) / 1_000;
}

/** Words without a blank: what names a table, a queue, an operation or an error's class. */
const word = v.pipe(v.string(), v.regex(/^[\w.:/-]{1,200}$/));
const optionalWord = v.fallback(v.optional(word), undefined);

const told = v.object({
  aws: v.fallback(
    v.optional(
      v.object({
        operation: optionalWord,
        table_name: optionalWord,
        table_names: v.fallback(v.optional(v.array(word)), undefined),
        queue_url: optionalWord,
      }),
    ),
    undefined,
  ),
  http: v.fallback(
    v.optional(v.object({ response: v.optional(v.object({ status: v.optional(v.number()) })) })),
    undefined,
  ),
  annotations: v.fallback(v.optional(v.object({ ColdStart: v.optional(v.boolean()) })), undefined),
  cause: v.fallback(
    v.optional(v.object({ exceptions: v.optional(v.array(v.object({ type: optionalWord }))) })),
    undefined,
  ),
});

function detailOf(part: SegmentPart): string {
  const { aws, http, annotations, cause } = v.parse(told, part);
  const status = http?.response?.status;
  const words = [
    aws?.operation,
    aws?.table_name ?? aws?.table_names?.join(", ") ?? aws?.queue_url?.split("/").at(-1),
    // That a call went well goes without saying.
    aws?.operation !== undefined && status === 200 ? undefined : status,
    annotations?.ColdStart === true ? "cold start" : undefined,
    cause?.exceptions?.[0]?.type,
  ];
  return words.filter((one) => one !== undefined).join(" ");
}
