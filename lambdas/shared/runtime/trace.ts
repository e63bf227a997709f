/** What the runtime's adapters and the handlers know of a trace, whoever makes it. */
import { cleanTraceHeader } from "../domain/trace-header.ts";
import type { LogFields } from "./log.ts";

/** A client of AWS, as far as tracing puts something around its calls. */
export interface TracedClient {
  readonly middlewareStack: object;
}

/** What a trace can be looked for by: of what a log line says, these alone (WEBHOOK_RULES 19). */
export const annotationKeys = ["eventId", "provider", "tier"] as const;
export type TraceAnnotations = Pick<LogFields, (typeof annotationKeys)[number]>;

/** A message's own part of its own trace, whatever batch it came in. */
export interface MessageTrace {
  /** Goes on with what is made of the message, such as an event on the bus. Undefined for a message without a trace, and has only what may go on. */
  readonly header: string | undefined;
  /** Calls that `work` makes are shown as the message's. */
  within<T>(work: () => Promise<T>): Promise<T>;
  /** To be called once, when the message's outcome is known. `error` marks the trace as one that failed. */
  end(annotations: TraceAnnotations, error?: Error): void;
}

export interface Tracing {
  /** Runs one invocation; calls of AWS that it makes are shown as its own. */
  invocation<T>(work: () => Promise<T>): Promise<T>;
  /** Annotates the invocation under way. */
  annotate(annotations: TraceAnnotations): void;
  /** Opens the trace that a message came with. `header` is its AWSTraceHeader. */
  message(header: string | undefined): MessageTrace;
}

export const noTracing: Tracing = {
  invocation: (work) => work(),
  annotate: () => {},
  message: (header) => ({ header: cleanTraceHeader(header), within: (work) => work(), end: () => {} }),
};
