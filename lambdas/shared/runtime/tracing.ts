/**
 * Traces for X-Ray, as far as a function knows of them. What makes them is in xray.ts, which is loaded only where
 * tracing is on: it costs a cold start more than everything else of the runtime (docs/adr/0024).
 *
 * Nothing that fails in here fails what is traced: a webhook without a trace is a webhook.
 */
import * as v from "valibot";
import { asError } from "../domain/outcomes.ts";
import type { Log } from "./log.ts";
import { noTracing, type TracedClient, type Tracing } from "./trace.ts";

/** Gives what makes the traces. That may throw, and tells what goes wrong where nobody waits for it. */
type LoadTracing = (options: XrayOptions) => Promise<Tracing>;

interface XrayOptions {
  /** The process's clients of AWS, whose calls are shown. */
  readonly clients: Iterable<TracedClient>;
  /** Hears what goes wrong. */
  readonly tell: (error: unknown) => void;
}

/** TRACING as Terraform sets it. */
export const tracingMode = v.optional(v.picklist(["on", "off"]), "off");

/** What X-Ray's SDK does with a call that belongs to no request. It reads the variable itself, and throws at another word. */
export const contextMissing = v.optional(v.picklist(["IGNORE_ERROR"]));

export interface TracingOptions {
  readonly mode: v.InferOutput<typeof tracingMode>;
  readonly log: Pick<Log, "warn">;
  readonly clients: XrayOptions["clients"];
  /** The SDK, unless a test has another. */
  readonly load?: LoadTracing;
}

/** Begins to load what tracing needs, while the environment starts, and has the first invocation wait for it. */
export function createTracing({ mode, log, clients, load = loadXray }: TracingOptions): Tracing {
  if (mode === "off") return noTracing;
  const tell = (error: unknown) => log.warn("not traced", { code: "tracing-failed", error: asError(error) });
  let loaded = noTracing;
  const loading = load({ clients, tell }).then((tracing) => {
    loaded = harmless(tracing, tell);
  }, tell);
  return {
    async invocation(work) {
      await loading;
      return loaded.invocation(work);
    },
    annotate: (annotations) => loaded.annotate(annotations),
    message: (header) => loaded.message(header),
  };
}

async function loadXray(options: XrayOptions): Promise<Tracing> {
  const { createXrayTracing } = await import("./xray.ts");
  return createXrayTracing(options);
}

/** Tracing that never throws. What it runs throws its own errors, and runs once whatever happens around it. */
function harmless(tracing: Tracing, tell: (error: unknown) => void): Tracing {
  const attempt = <T>(act: () => T, otherwise: () => T): T => {
    try {
      return act();
    } catch (error) {
      tell(error);
      return otherwise();
    }
  };
  const around = async <T>(run: (work: () => Promise<T>) => Promise<T>, work: () => Promise<T>): Promise<T> => {
    let begun: Promise<T> | undefined;
    const once = () => {
      begun ??= work();
      return begun;
    };
    try {
      return await run(once);
    } catch (error) {
      // Rejects with the work's own error, if it is that. Otherwise tracing failed, before the work or after it.
      const result = await once();
      tell(error);
      return result;
    }
  };
  return {
    invocation: (work) => around(tracing.invocation, work),
    annotate: (annotations) =>
      attempt(
        () => tracing.annotate(annotations),
        () => {},
      ),
    message(header) {
      const untraced = () => noTracing.message(header);
      const message = attempt(() => tracing.message(header), untraced);
      return {
        header: message.header,
        within: (work) => around(message.within, work),
        end: (annotations, error) =>
          attempt(
            () => message.end(annotations, error),
            () => {},
          ),
      };
    },
  };
}
