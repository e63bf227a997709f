/** Ctrl-C, and the signals that end a process, turned into one orderly end. */
import { DeployError } from "./deploy-error.ts";

export interface Interrupts {
  /** Whether somebody has asked to stop. */
  readonly requested: boolean;
  /** Calls `stop` when somebody asks to stop, at most once. Returns what takes it back. */
  whenRequested(stop: () => void): () => void;
  /** @throws DeployError "interrupted" once somebody has asked to stop; to be called between two steps */
  throwIfRequested(): void;
  /** Signals have their usual effect again. */
  close(): void;
}

/** The part of Node's `process` that is listened to. */
interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The first signal asks to stop. Further ones change nothing, since a second one makes Terraform give up without
 * writing its state, and npm passes a Ctrl-C on that the terminal has delivered already.
 *
 * @param tell called once, to tell the person at the terminal
 */
export function listenForInterrupts(source: SignalSource, tell: () => void): Interrupts {
  const stops = new Set<() => void>();
  let requested = false;
  function onSignal(): void {
    if (requested) return;
    requested = true;
    tell();
    for (const stop of stops) stop();
  }
  for (const signal of signals) source.on(signal, onSignal);
  return {
    get requested() {
      return requested;
    },
    whenRequested(stop) {
      stops.add(stop);
      return () => stops.delete(stop);
    },
    throwIfRequested() {
      if (requested) throw new DeployError("interrupted", "Stopped on request.");
    },
    close() {
      for (const signal of signals) source.off(signal, onSignal);
    },
  };
}
