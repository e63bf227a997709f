/**
 * Keeps a composite alarm's actions back while its suppressor rings.
 * Source: CloudWatch User Guide, "Composite alarm action suppression".
 */
import type { AlarmValue, CompositeAlarmConfig } from "./config.ts";

type SuppressedBy = "WaitPeriod" | "ExtensionPeriod" | "Alarm";

export interface Suppression {
  /** An action that is due. One that is still kept back gives way to it. */
  want(value: AlarmValue, atMs: number): void;
  /** The state whose actions are to be done now, if any. */
  due(suppressorValue: AlarmValue, atMs: number): AlarmValue | undefined;
  readonly by: SuppressedBy | undefined;
}

export function createSuppression(
  { waitSeconds, extensionSeconds }: NonNullable<CompositeAlarmConfig["suppressor"]>,
  speed: number,
): Suppression {
  const scaledMs = (seconds: number) => (seconds * 1_000) / speed;
  const state: { wanted?: { value: AlarmValue; atMs: number }; by?: SuppressedBy; rangUntilMs?: number } = {};

  /** Why the action waits, or undefined when it needn't any more. */
  function reason(
    wanted: { readonly value: AlarmValue; readonly atMs: number },
    suppressorValue: AlarmValue,
    atMs: number,
  ): SuppressedBy | undefined {
    if (suppressorValue === "ALARM") return "Alarm";
    const { rangUntilMs } = state;
    if (rangUntilMs !== undefined)
      return atMs < rangUntilMs + scaledMs(extensionSeconds) ? "ExtensionPeriod" : undefined;
    // Only the alarm itself waits for its suppressor; that it is over is told at once.
    const isWaiting = wanted.value === "ALARM" && atMs < wanted.atMs + scaledMs(waitSeconds);
    return isWaiting ? "WaitPeriod" : undefined;
  }

  return {
    want(value, atMs) {
      const isTakenBack = state.wanted !== undefined && state.wanted.value !== value;
      // What nobody was told needn't be called off.
      if (isTakenBack && value === "OK") delete state.wanted;
      else state.wanted = { value, atMs };
    },
    due(suppressorValue, atMs) {
      if (suppressorValue === "ALARM") state.rangUntilMs = atMs;
      const { wanted } = state;
      const by = wanted && reason(wanted, suppressorValue, atMs);
      if (by === undefined) delete state.by;
      else state.by = by;
      if (wanted === undefined || by !== undefined) {
        if (suppressorValue !== "ALARM" && by === undefined) delete state.rangUntilMs;
        return undefined;
      }
      delete state.wanted;
      delete state.rangUntilMs;
      return wanted.value;
    },
    get by() {
      return state.by;
    },
  };
}
