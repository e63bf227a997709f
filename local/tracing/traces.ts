/**
 * The segments that AWS's services themselves make of a traced request, and the headers by which they pass it on. What
 * functions add comes through the daemon (daemon.ts).
 */
import { randomBytes } from "node:crypto";
import { headerFrom, parseTraceHeader, type TraceHeader } from "../../lambdas/shared/domain/trace-header.ts";
import type { SampledRequest, Sampler } from "./sampler.ts";

/** What a segment says besides its name and times. Source: X-Ray developer guide, "X-Ray segment documents". */
interface SegmentFields {
  /** The service's fault, or the caller's error, or too much of it at a time. */
  readonly fault?: boolean;
  readonly error?: boolean;
  readonly throttle?: boolean;
  readonly http?: object;
  readonly aws?: object;
}

/** A segment or subsegment that isn't over. */
export interface OpenSegment {
  /** For whatever is called from within it. */
  readonly header: string;
  /** A part of it that calls another service. */
  begin(name: string): OpenSegment;
  /** Once; later ones change nothing. */
  end(fields?: SegmentFields): void;
}

interface SegmentStart extends Omit<SampledRequest, "serviceName" | "serviceType"> {
  readonly name: string;
  /** `AWS::Lambda` and the like; tells what kind of service it is. */
  readonly origin: string;
  /** The header that the request came with, if any. A request without one, or without a decision, is decided here. */
  readonly header: string | undefined;
  /** False for a resource whose tracing is off: it passes the header on and adds nothing. */
  readonly isTraced: boolean;
  /** ARN, shown with the segment. */
  readonly resourceArn?: string;
}

export interface Traces {
  open(start: SegmentStart): OpenSegment;
}

export interface TracesOptions {
  readonly isSampled: Sampler;
  /** Takes a segment's document (JSON text) once the segment is over, and once before if it takes its time. */
  readonly put: (document: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type SegmentDocument = Record<string, unknown> & { readonly id: string; subsegments?: SegmentDocument[] };

const newId = () => randomBytes(8).toString("hex");

export function createTraces({ isSampled, put, now }: TracesOptions): Traces {
  const seconds = () => now() / 1_000;

  function headerOf({ header, name, origin, ...request }: SegmentStart): TraceHeader {
    const root = `1-${Math.floor(seconds()).toString(16).padStart(8, "0")}-${randomBytes(12).toString("hex")}`;
    const came = parseTraceHeader(header) ?? { root, parent: undefined, isSampled: undefined, lineage: undefined };
    // A header may say "?" or nothing, which leaves the decision to whoever gets it.
    return { ...came, isSampled: isSampled({ serviceName: name, serviceType: origin, ...request }, came.isSampled) };
  }

  function opened(document: SegmentDocument, trace: TraceHeader, ended: () => void): OpenSegment {
    let isOver = false;
    return {
      header: headerFrom({ ...trace, parent: document.id }),
      begin(name) {
        const part: SegmentDocument = { id: newId(), name, namespace: "aws", start_time: seconds(), in_progress: true };
        document.subsegments = [...(document.subsegments ?? []), part];
        return opened(part, trace, () => {});
      },
      end(fields = {}) {
        if (isOver) return;
        isOver = true;
        delete document.in_progress;
        Object.assign(document, fields, { end_time: seconds() });
        ended();
      },
    };
  }

  return {
    open(start) {
      if (!start.isTraced) return passing(start.header ?? "");
      const trace = headerOf(start);
      const document: SegmentDocument = {
        id: newId(),
        trace_id: trace.root,
        ...(trace.parent !== undefined && { parent_id: trace.parent }),
        name: start.name,
        origin: start.origin,
        start_time: seconds(),
        in_progress: true,
        ...(start.resourceArn !== undefined && { resource_arn: start.resourceArn }),
      };
      const send = () => {
        if (trace.isSampled) put(JSON.stringify(document));
      };
      // A request that others wait for shows before it is over; most are over by then.
      const early = trace.isSampled ? setTimeout(send, inProgressAfterMs).unref() : undefined;
      return opened(document, trace, () => {
        clearTimeout(early);
        send();
      });
    },
  };
}

const inProgressAfterMs = 1_000;

/** Of a resource that isn't traced. */
function passing(header: string): OpenSegment {
  return { header, begin: () => passing(header), end: () => {} };
}

/** For those who run without traces: tests of a service by itself. */
export const noTraces: Traces = { open: ({ header }) => passing(header ?? "") };
