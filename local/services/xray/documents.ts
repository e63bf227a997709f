/** Segment documents as X-Ray takes them, and traces as they are put together from them. */
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";

const hexId = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
/** Epoch seconds, as far as a Date goes. */
const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e12));

/** What a segment and each part of it has. */
const partEntries = {
  id: hexId,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  start_time: time,
  end_time: v.optional(time),
  subsegments: v.optional(v.array(v.lazy((): v.GenericSchema<object> => partSchema))),
};
const partSchema: v.GenericSchema<object> = v.looseObject(partEntries);

/** What is looked at; the rest of a document is kept as it came. */
const documentSchema = v.looseObject({
  ...partEntries,
  trace_id: v.pipe(v.string(), v.regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/)),
  in_progress: v.optional(v.boolean()),
  parent_id: v.optional(hexId),
  type: v.optional(v.literal("subsegment")),
});

export type SegmentDocument = v.InferOutput<typeof documentSchema>;

/** A segment or a part of one, as it is within a document. */
export interface SegmentPart extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly name: string;
  readonly start_time: number;
  readonly end_time?: number | undefined;
  readonly origin?: unknown;
  readonly fault?: unknown;
  readonly error?: unknown;
  readonly throttle?: unknown;
  readonly http?: unknown;
  readonly annotations?: unknown;
  readonly subsegments?: unknown;
}

/** Source: X-Ray developer guide, "X-Ray segment documents". */
const documentLimitBytes = 64 * 1024;

/** @throws AwsError InvalidRequestException for what X-Ray doesn't take */
export function parseDocument(text: string): SegmentDocument {
  if (Buffer.byteLength(text) > documentLimitBytes) {
    throw new AwsError("InvalidRequestException", `A segment document has at most ${documentLimitBytes} bytes.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AwsError("InvalidRequestException", "The segment document is not JSON.");
  }
  const parsed = v.safeParse(documentSchema, json);
  const document = parsed.success ? parsed.output : undefined;
  const isOver = document?.end_time !== undefined || document?.in_progress === true;
  if (document === undefined || !isOver || (document.type === "subsegment" && document.parent_id === undefined)) {
    throw new AwsError("InvalidRequestException", "The segment document lacks what every segment has.");
  }
  return document;
}

/** The parts of a segment, itself first. */
export function partsOf(part: SegmentPart): SegmentPart[] {
  const inner = Array.isArray(part.subsegments) ? (part.subsegments as SegmentPart[]) : [];
  return [part, ...inner.flatMap(partsOf)];
}

/**
 * The segments of a trace, each with the subsegments that were sent by themselves in their places. A subsegment whose
 * segment never came stays one by itself. The documents are changed.
 */
export function assembled(documents: readonly SegmentDocument[]): SegmentPart[] {
  const segments = documents.filter(({ type }) => type !== "subsegment").map((document): SegmentPart => document);
  const places = new Map(segments.flatMap(partsOf).map((part) => [part.id, part]));
  let waiting = documents.filter(({ type }) => type === "subsegment");
  while (waiting.length > 0) {
    const placed = waiting.filter(({ parent_id }) => places.has(parent_id ?? ""));
    if (placed.length === 0) break;
    for (const part of placed) {
      const parent = places.get(part.parent_id ?? "");
      const siblings = Array.isArray(parent?.subsegments) ? parent.subsegments : [];
      if (parent !== undefined) Object.assign(parent, { subsegments: [...siblings, part] });
      for (const inner of partsOf(part)) places.set(inner.id, inner);
    }
    waiting = waiting.filter((part) => !placed.includes(part));
  }
  return [...segments, ...waiting].sort((a, b) => a.start_time - b.start_time);
}
