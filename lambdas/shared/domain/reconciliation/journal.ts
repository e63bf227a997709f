/**
 * Checkpoints of a run. What a step found is written down first and carried out afterwards: whoever goes on after a
 * crash carries out the last findings again and reads nothing twice that had an effect, so that a run which was cut
 * anywhere comes to the same report. Two invocations of one run can't both write a revision; the one that is late stops.
 */
import * as v from "valibot";
import { reconciliationStagingKeys } from "../../../../config/reconciliation.ts";
import type { ArchiveObjects } from "../archive/ports.ts";
import { inParallel } from "../in-parallel.ts";
import { sha256Hex } from "../raw-webhook.ts";
import { RetryableError } from "../retryable-error.ts";
import { createFingerprintSet, type FingerprintSet } from "./fingerprints.ts";
import type { CheckpointStore } from "./ports.ts";
import {
  type Findings,
  findingsSchema,
  freshState,
  noFindings,
  type RunRequest,
  type RunState,
  runStateSchema,
} from "./run-state.ts";
import { runIdOf } from "./windows.ts";

/** A run in the memory of one invocation. */
export interface Run {
  readonly state: RunState;
  /** Events, movements, accounts and explained transactions that it has come upon. */
  readonly seen: FingerprintSet;
  /** Since the last checkpoint. */
  findings: ReturnType<typeof noFindings>;
  revision: number;
}

export interface JournalPorts {
  readonly objects: Pick<ArchiveObjects, "create" | "get">;
  readonly checkpoints: CheckpointStore;
  readonly carryOut: (findings: Findings) => Promise<void>;
}

const readsAtATime = 16;

export function createJournal({ objects, checkpoints, carryOut }: JournalPorts) {
  /** The run as it stands, or at its beginning. */
  async function open(request: RunRequest, nowMs: number): Promise<Run> {
    const run = await resume(request.runId ?? runIdOf(request.scheduledAt));
    if (run !== undefined) return run;
    const state = freshState(request, new Date(nowMs).toISOString());
    return { state, seen: createFingerprintSet(), findings: noFindings(), revision: 0 };
  }

  /** The run as it stands; undefined if it hasn't begun. What its last invocation may have left undone is done. */
  async function resume(runId: string): Promise<Run | undefined> {
    const checkpoint = await checkpoints.read(runId);
    if (checkpoint === undefined) return undefined;
    const state = v.parse(runStateSchema, parsed(await stored(checkpoint.stateKey)));
    const pending = state.hasPending ? state.findings.at(-1) : undefined;
    if (pending !== undefined) await carryOut(await readFindings(pending));
    state.hasPending = false;
    const seen = createFingerprintSet();
    for (const bytes of await inParallel(state.seen, readsAtATime, stored)) seen.load(bytes);
    return { state, seen, findings: noFindings(), revision: checkpoint.revision };
  }

  /**
   * Writes down what was found since the last checkpoint, and does it.
   *
   * @throws RetryableError when another invocation goes on with the run.
   */
  async function commit(run: Run): Promise<void> {
    const { state, findings } = run;
    const { runId } = state;
    const fingerprints = run.seen.takeNew();
    if (fingerprints.length > 0) {
      state.seen.push(await created(fingerprints, (hash) => reconciliationStagingKeys.seen(runId, hash)));
    }
    const hasFindings = Object.values(findings).some((some) => some.length > 0);
    if (hasFindings) {
      state.findings.push(await created(bytesOf(findings), (hash) => reconciliationStagingKeys.findings(runId, hash)));
    }
    state.hasPending = hasFindings;
    const stateKey = await created(bytesOf(state), (hash) => reconciliationStagingKeys.state(runId, hash));
    const outcome = await checkpoints.advance(runId, { revision: run.revision + 1, stateKey });
    if (outcome === "overtaken") {
      throw new RetryableError("run-overtaken", `Another invocation goes on with run ${runId}; it is looked at again`);
    }
    run.revision += 1;
    run.findings = noFindings();
    if (hasFindings) await carryOut(findings);
    state.hasPending = false;
  }

  /** As `commit`; what is done is written down as done, so that whoever goes on needn't repeat it. */
  async function rest(run: Run): Promise<void> {
    const before = run.state.findings.length;
    await commit(run);
    if (run.state.findings.length > before) await commit(run);
  }

  async function readFindings(key: string): Promise<Findings> {
    return v.parse(findingsSchema, parsed(await stored(key)));
  }

  async function created(bytes: Uint8Array, keyOf: (hash: string) => string): Promise<string> {
    const key = keyOf(sha256Hex(bytes).slice(0, 32));
    // An object that is there already holds the same bytes: its name says so.
    await objects.create(key, bytes);
    return key;
  }

  async function stored(key: string): Promise<Uint8Array> {
    const bytes = await objects.get(key);
    if (bytes === undefined) throw new Error(`A checkpoint names ${key}, which is gone`);
    return bytes;
  }

  return { open, resume, commit, rest, readFindings };
}

export type Journal = ReturnType<typeof createJournal>;

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}
