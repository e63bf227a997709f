/**
 * What makes the traces: Powertools' tracer over X-Ray's SDK, which sends segments to the daemon of the environment. Only
 * tracing.ts imports this, and only where tracing is on.
 */
import { Tracer } from "@aws-lambda-powertools/tracer";
import xray, { type Segment, type Subsegment } from "aws-xray-sdk-core";
import * as v from "valibot";
import { headerFrom, parseTraceHeader } from "../domain/trace-header.ts";
import { readEnv, requiredText } from "./env.ts";
import {
  annotationKeys,
  type MessageTrace,
  noTracing,
  type TraceAnnotations,
  type TracedClient,
  type Tracing,
} from "./trace.ts";
import { withoutMessages } from "./xray-errors.ts";
import { recordedParameters } from "./xray-parameters.ts";

/** Lambda sets it. */
const environment = v.object({ AWS_LAMBDA_FUNCTION_NAME: requiredText });

/** Takes hold of the clients. `tell` hears what X-Ray's SDK would print. */
export function createXrayTracing({
  clients,
  tell,
}: {
  readonly clients: Iterable<TracedClient>;
  readonly tell: (error: unknown) => void;
}): Tracing {
  const { AWS_LAMBDA_FUNCTION_NAME: functionName } = readEnv(environment);
  const quiet = () => {};
  const loud = (message: string) => tell(new Error(`X-Ray's SDK: ${message}`));
  xray.setLogger({ debug: quiet, info: quiet, warn: loud, error: loud });
  xray.setAWSWhitelist(recordedParameters);
  // Requests to providers stay out: their URLs may have ids of payments and addresses in them.
  const tracer = new Tracer({ serviceName: functionName, captureHTTPsRequests: false });
  // It turns itself off where POWERTOOLS_TRACE_ENABLED is false, and outside Lambda; it takes hold of no client then.
  if (!tracer.isTracingEnabled()) return noTracing;
  for (const client of clients) withoutMessages(tracer.captureAWSv3Client(client));
  /** Stands for the segment that Lambda itself makes of each invocation. */
  const invocationSegment = tracer.getSegment();

  function traceOf(segment: Segment): Omit<MessageTrace, "header"> {
    return {
      within: (work) =>
        xray.getNamespace().runAndReturn(() => {
          xray.setSegment(segment);
          return work();
        }),
      end(annotations, error) {
        annotateSegment(segment, annotations);
        // So that whoever looks at the message's trace finds the one of the batch, in which all of it was worked on.
        if (tracer.isTraceSampled()) segment.addAnnotation("batchTraceId", tracer.getRootXrayTraceId() ?? "");
        segment.close(error && named(error));
      },
    };
  }

  return {
    invocation(work) {
      return tracer.provider.captureAsyncFunc("handler", (subsegment) => {
        tracer.annotateColdStart();
        const run = work();
        run.then(
          () => subsegment?.close(),
          (error: unknown) => subsegment?.close(named(error)),
        );
        return run;
      }) as ReturnType<typeof work>;
    },
    annotate(annotations) {
      const segment = tracer.getSegment();
      if (segment !== undefined && segment !== invocationSegment) annotateSegment(segment, annotations);
    },
    message(header) {
      const came = parseTraceHeader(header);
      if (came === undefined) return noTracing.message(header);
      const segment = new xray.Segment(functionName, came.root, came.parent);
      // The same node of the map as the segments that Lambda makes of the function.
      segment.origin = "AWS::Lambda::Function";
      const isSampled = came.isSampled === true;
      segment.notTraced = !isSampled;
      // Goes on with each call, and is no part of the segment.
      Object.defineProperty(segment, "additionalTraceData", {
        value: came.lineage === undefined ? {} : { Lineage: came.lineage },
      });
      return { header: headerFrom({ ...came, isSampled, parent: segment.id }), ...traceOf(segment) };
    },
  };
}

function annotateSegment(segment: Segment | Subsegment, annotations: TraceAnnotations): void {
  for (const key of annotationKeys) {
    const value = annotations[key];
    if (value !== undefined) segment.addAnnotation(key, value);
  }
}

/** Other people's errors may quote anything in their message: a trace has an error's name and code, as the log does. */
function named(thrown: unknown): Error {
  const error = thrown instanceof Error ? thrown : new Error();
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return { name: error.name, message: code };
}
