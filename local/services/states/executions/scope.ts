import type { CallAws, Principal, RuntimeClock } from "../../../aws/types.ts";
import type { OpenSegment } from "../../../tracing/traces.ts";
import type { Json } from "../asl/definition.ts";
import type { Attempt } from "../tasks/state-work.ts";
import type { WaitingTask } from "../tasks/tokens.ts";
import type { History } from "./history.ts";

/** What the work of a state may use of its execution. */
export interface ExecutionScope {
  readonly clock: RuntimeClock;
  readonly random: () => number;
  readonly call: CallAws;
  /** The machine's role, by which its calls are authorised. */
  readonly principal: Principal;
  readonly region: string;
  /** Aborted when the execution ends in whatever way. */
  readonly signal: AbortSignal;
  readonly history: History;
  /** The execution's part of its trace, to which each call of a task adds one. */
  readonly segment: OpenSegment;
  /** The context object ($$) for one attempt of one state; `token` where the state waits for one. */
  contextOf(stateName: string, attempt: Attempt, token?: string): Json;
  openToken(heartbeatMs: number | undefined): WaitingTask;
  /** Marks the execution as waiting for somebody's answer meanwhile. */
  whileWaiting<T>(answer: Promise<T>): Promise<T>;
}
